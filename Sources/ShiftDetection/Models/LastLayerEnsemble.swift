import Basics
import Networks
import Tensors

/// One perceptron trained on T, whose last layer is drawn anew from a Gaussian posterior (Laplace's approximation).
///
/// With theta the last layer's weights and biases, phi_n the last hidden activations of row n and a 1, and p_n what the
/// trained network says of it,
///
///     p(theta | T) = N(theta_0, H^-1),   H = sum_n (diag(p_n) - p_n p_n') (x) phi_n phi_n' + I / priorStd^2
///
/// theta_0 the trained layer, H the Hessian of the log loss summed over T and of the prior N(0, priorStd^2 I): all of it,
/// no diagonal or Kronecker approximation. Draw k depends on (seed, k) alone.
///
/// D3M's published code takes a variational last layer (VBLL) that is trained with its prior, draws the logits of every
/// row independently of the other rows, and then a label from their softmax. Here the posterior is Laplace's around a
/// layer trained with weight decay, one draw of weights says the logits of all rows, as the paper's text has it, and the
/// label is the likeliest.
///
/// Sources: MacKay, A practical Bayesian framework for backpropagation networks, 1992; Daxberger et al., Laplace redux,
/// 2021 (last layer); D3M: Reliably detecting model failures in deployment without labels, 2025.
public struct LastLayerEnsemble: EnsembleConfig {
    /// Draws of a last layer.
    public static let kind = EnsembleKind.lastLayer
    /// M.
    public var count = 200
    /// Standard deviation of the last layer's prior.
    public var priorStd = 1.0
    /// The network and its training.
    public var network = PerceptronConfig()

    /// Two hundred draws under a standard normal prior.
    public init() {}

    /// What can be set.
    public static let keys: [ConfigKey] =
        [
            ConfigKey("count", .integer(1...100_000), "Draws of the last layer"),
            ConfigKey("priorStd", .number(above: 0), "Standard deviation of the last layer's Gaussian prior"),
        ] + .section("network", PerceptronConfig.self)

    /// The most numbers that a last layer may have: its posterior is a matrix of that size, decomposed exactly.
    private static let limit = 4096

    /// Trains the network and draws its last layer.
    public func fit(_ rows: LabelledRows, seed: UInt64, progress: WorkProgress = .none) throws -> ShiftEnsemble {
        let perceptron = network.perceptron(features: rows.features.shape[1], classes: rows.classes)
        let width = perceptron.widths[perceptron.widths.count - 2]
        guard (width + 1) * rows.classes <= Self.limit else {
            throw DataError(
                .configuration, path: "last-layer.network.hidden",
                problem:
                    "a last layer of \(width) units and \(rows.classes) classes is too wide for an exact posterior",
                hint: "at most \(Self.limit / rows.classes - 1) units with \(rows.classes) classes")
        }
        let trained = try network.train(
            on: rows, seeds: [Self.kind.seed(0, of: seed)], purpose: "shift.last-layer", progress: progress)
        let posterior = try LastLayerPosterior(perceptron, weights: trained, rows: rows, priorStd: priorStd)
        return ShiftEnsemble(architecture: .mlp(perceptron), weights: posterior.draws(count, seed: seed))
    }
}

/// The Gaussian posterior of a perceptron's last layer.
struct LastLayerPosterior {
    /// The trained network, [1, D]; the last layer's numbers come last: weights [C, h] by rows, then biases [C].
    let mode: Tensor
    /// H, [K, K] in double precision, K = (h + 1) C, in the order of the parameters.
    let precision: Tensor
    private let eigen: SymmetricEigen

    /// The posterior around trained weights [1, D] of a perceptron with a bias and without norms. Throws `DataError` where
    /// H cannot be decomposed.
    init(_ perceptron: MLP.Config, weights: Tensor, rows: LabelledRows, priorStd: Double) throws {
        let (features, classes) = (rows.features, rows.classes)
        let trunk = MLP(MLP.Config(widths: Array(perceptron.widths.dropLast()), activation: perceptron.activation))
        let lower = weights.sliced(axis: 1, 0..<trunk.layout.count)
        let hidden = perceptron.activation(trunk(Parameters(layout: trunk.layout, flat: lower), features))
            .reshaped([rows.count, -1]).converted(to: .double)
        let full = perceptron.network
        let said = full(Parameters(layout: full.layout, flat: weights), features).converted(to: .double).softmax()
        mode = weights
        precision = Self.hessian(
            hidden: hidden, probabilities: said.reshaped([rows.count, classes]), priorStd: priorStd)
        guard let eigen = SymmetricEigen(precision) else {
            throw DataError(
                .malformed, path: "last-layer", problem: "the posterior of the last layer has no finite precision",
                hint: "a smaller learning rate may help, or features of a smaller scale")
        }
        self.eigen = eigen
    }

    /// H of hidden activations [n, h] and probabilities [n, C], both in double precision.
    static func hessian(hidden: Tensor, probabilities: Tensor, priorStd: Double) -> Tensor {
        let (rows, width, classes) = (hidden.shape[0], hidden.shape[1], probabilities.shape[1])
        let inputs = Tensor.concatenate([hidden, .ones([rows, 1], precision: .double)], axis: 1)
        let size = (width + 1) * classes
        var matrix = [Double](repeating: 0, count: size * size)
        // The place of class c's weight of input j, the bias being input h.
        func place(_ c: Int, _ j: Int) -> Int { j < width ? c * width + j : classes * width + c }
        let columns = (0..<classes).map { probabilities.sliced(axis: 1, $0..<($0 + 1)) }
        for first in 0..<classes {
            for second in 0..<classes {
                let curvature = columns[first] * ((first == second ? 1.0 : 0.0) - columns[second])
                let block = matmul(inputs, inputs * curvature, transposeA: true).doubles
                for i in 0...width {
                    for j in 0...width {
                        matrix[place(first, i) * size + place(second, j)] = block[i * (width + 1) + j]
                    }
                }
            }
        }
        for i in 0..<size { matrix[i * size + i] += 1 / (priorStd * priorStd) }
        return Tensor(matrix, shape: [size, size], precision: .double)
    }

    /// Networks [count, D] that differ from the trained one in their last layer.
    func draws(_ count: Int, seed: UInt64) -> Tensor {
        let size = precision.shape[0]
        let noise = Tensor.concatenate(
            (0..<count).map { index in
                var stream = RandomStream(seed: seed, purpose: "shift.last-layer.draw", index: UInt64(index))
                return stream.normal([1, size])
            }, axis: 0
        ).converted(to: .double)
        // Rounding may leave an eigenvalue of 0 where the prior is all but flat.
        let spread = eigen.values.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        let moves = matmul(noise * Tensor(spread, shape: [1, size]), eigen.vectors)
        let lower = mode.sliced(axis: 1, 0..<(mode.shape[1] - size)).broadcast(to: [count, mode.shape[1] - size])
        let last = mode.sliced(axis: 1, (mode.shape[1] - size)..<mode.shape[1]).converted(to: .double) + moves
        return .concatenate([lower, last.converted(to: .single)], axis: 1)
    }
}
