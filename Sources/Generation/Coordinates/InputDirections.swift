import Networks
import Tensors

/// The many weights with which a unit reads its inputs, by a few directions and a draw of the rest.
///
///     c = B (w - m)                              w = m + c G + eps R, eps ~ N(0, I)
///
/// w is a unit's incoming weights, [F]; m and S are their mean and covariance over all units of the training networks,
/// M the inputs' mean of x x'. With M^(1/2) S M^(1/2) = V diag(l) V', l falling, the rows of B = V_K' M^(1/2) are the K
/// directions that carry most of E ((w - m) . x)^2: what a unit computes, and not how long its weights are. G =
/// diag(1/l) B S is the best linear guess of w from c, and R'R = S - S B' diag(1/l) B S the covariance of what c leaves
/// open. c has the variances l. Inputs that are always 0 have no part in c: their weights are drawn.
///
/// The draw is seeded by the bits of c itself. So decoding is a function, the same weights for the same code, and
/// reordering units before or after it is the same; but it is not continuous, and codes an ulp apart differ in all
/// that c leaves open.
///
/// Differs from principal components of the weights (M = I), which the variance of their initialisation hides: of ReLU
/// networks 784-32-32-10 on MNIST, 96.7 % right, 100 directions give back 96.4 % by M and 95.8 % without.
struct InputDirections: Sendable {
    /// m, [F].
    let mean: Tensor
    /// B, [K, F].
    let directions: Tensor
    /// G, [K, F].
    let guess: Tensor
    /// R, [F, F]: a row for each independent part of the rest.
    let remainder: Tensor

    /// F.
    var inputs: Int { directions.shape[1] }
    /// K.
    var count: Int { directions.shape[0] }

    /// Takes what was recorded; traps unless the shapes agree.
    init(mean: Tensor, directions: Tensor, guess: Tensor, remainder: Tensor) {
        let width = mean.count
        precondition(
            directions.rank == 2 && directions.shape[1] == width && guess.shape == directions.shape
                && mean.shape == [width] && remainder.shape == [width, width],
            "InputDirections: \(mean.shape), \(directions.shape), \(guess.shape), \(remainder.shape)")
        (self.mean, self.directions, self.guess, self.remainder) = (mean, directions, guess, remainder)
    }

    /// Fits K directions to incoming weights [N, units, F]; nil where they are not finite.
    ///
    /// - moment: M, [F, F]; nil takes the identity. Traps unless 1 <= K <= F.
    init?(fitting weights: Tensor, moment: Tensor?, count: Int) {
        let width = weights.shape[2]
        precondition(count >= 1 && count <= width, "InputDirections: \(count) of \(width)")
        precondition(
            moment.map { $0.shape == [width, width] } ?? true, "InputDirections: moment \(moment?.shape ?? [])")
        guard weights.isFinite else { return nil }
        let (mean, covariance) = Self.moments(weights)
        let root = moment.map(Self.squareRoot)
        let metric = root.map { root in root.map { matmul(matmul($0, covariance), $0) } } ?? covariance
        guard let metric, let spectrum = SymmetricEigen(metric) else { return nil }
        // Directions without variance are kept, as zeros: a code's length does not depend on the networks.
        let least = max(spectrum.values[0], 0) * 1e-10
        let isKept = spectrum.values.prefix(count).map { $0 > least ? 1.0 : 0.0 }
        let inverse = zip(spectrum.values, isKept).map { $1 > 0 ? 1 / $0 : 0 }
        var directions = spectrum.vectors.sliced(axis: 0, 0..<count) * Tensor(isKept, shape: [count, 1])
        if let root = root ?? nil { directions = matmul(directions, root) }
        let along = matmul(directions, covariance)
        let guess = along * Tensor(inverse, shape: [count, 1])
        guard let rest = SymmetricEigen(covariance - matmul(along, guess, transposeA: true)) else { return nil }
        let lengths = Tensor(rest.values.map { max($0, 0).squareRoot() }, shape: [width, 1])
        self.init(
            mean: mean.converted(to: .single), directions: directions.converted(to: .single),
            guess: guess.converted(to: .single), remainder: (rest.vectors * lengths).converted(to: .single))
    }

    /// The mean of x x' over rows [n, F], in double precision.
    static func moment(of rows: Tensor) -> Tensor {
        let rows = rows.converted(to: .double)
        return matmul(rows, rows, transposeA: true) / Double(max(rows.shape[0], 1))
    }

    /// Incoming weights [N, units, F] to codes [N, units, K].
    func encode(_ weights: Tensor) -> Tensor {
        let shape = weights.shape
        return matmul((weights - mean).reshaped([-1, inputs]), directions, transposeB: true)
            .reshaped([shape[0], shape[1], count])
    }

    /// Codes [N, units, K] to incoming weights [N, units, F].
    func decode(_ codes: Tensor) -> Tensor {
        let shape = codes.shape, rows = codes.reshaped([-1, count])
        return (matmul(rows, guess) + matmul(Self.draws(rows, inputs), remainder) + mean)
            .reshaped([shape[0], shape[1], inputs])
    }

    /// Standard normal numbers [rows, width], those of a row from its own bits.
    private static func draws(_ rows: Tensor, _ width: Int) -> Tensor {
        let bits = rows.floats.map { UInt64($0.bitPattern) }, length = rows.shape[1]
        let drawn = (0..<rows.shape[0]).map { row -> Tensor in
            // FNV-1a over the numbers of a row.
            let seed = bits[(row * length)..<((row + 1) * length)].reduce(0xcbf2_9ce4_8422_2325) {
                ($0 ^ $1) &* 0x100_0000_01b3
            }
            var stream = RandomStream(seed: seed, purpose: "coordinates.remainder")
            return stream.normal([1, width])
        }
        return drawn.isEmpty ? .zeros([0, width]) : .concatenate(drawn, axis: 0)
    }

    /// Mean [F] and covariance [F, F] over networks and units, in double precision, some networks at a time.
    private static func moments(_ weights: Tensor) -> (mean: Tensor, covariance: Tensor) {
        let (networks, width) = (weights.shape[0], weights.shape[2])
        let rows = Double(networks * weights.shape[1])
        func total(_ term: (Tensor) -> Tensor, _ shape: Shape) -> Tensor {
            stride(from: 0, to: networks, by: 64).reduce(Tensor.zeros(shape, precision: .double)) { sum, start in
                let block = weights.sliced(axis: 0, start..<min(networks, start + 64))
                return sum + term(block.reshaped([-1, width]).converted(to: .double))
            }
        }
        let mean = total({ $0.sum(axes: [0]) }, [width]) / rows
        let squares = total(
            {
                let centred = $0 - mean
                return matmul(centred, centred, transposeA: true)
            }, [width, width])
        return (mean, squares / rows)
    }

    /// M^(1/2); nil where it is not finite.
    private static func squareRoot(_ moment: Tensor) -> Tensor? {
        guard let eigen = SymmetricEigen(moment) else { return nil }
        let lengths = Tensor(eigen.values.map { max($0, 0).squareRoot() }, shape: [eigen.values.count, 1])
        return matmul(eigen.vectors, eigen.vectors * lengths, transposeA: true)
    }
}
