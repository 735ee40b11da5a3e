import Basics
import Networks
import Tensors

/// Exact principal components of a population, through its N x N Gram matrix, or through the D x D scatter matrix where
/// there are more networks than parameters.
///
/// With X_c the centred rows and G = X_c X_c' = U diag(s^2) U', the components are the rows of C = diag(1/s) U' X_c
/// (orthonormal), a code is z = C (x - mean) and x = mean + C' z. N - 1 components lose nothing on the training rows.
/// Codes are not whitened. Variance is that of the total, not of the kept part.
///
/// DeepWeightFlow (2026) uses scikit-learn's incremental PCA with 99 components of 100 networks, which is this.
public struct PrincipalCoordinates: Coordinates {
    /// Mean of the training rows, [D].
    public let mean: Tensor
    /// Orthonormal rows, [K, D], largest variance first.
    public let components: Tensor
    /// Variance along each component (divisor N - 1).
    public let variances: [Double]
    /// Share of the training rows' total variance that the components carry, 0-1.
    public let capturedVariance: Double

    /// K.
    public var dimension: Int { components.shape[0] }
    /// D.
    public var parameterCount: Int { components.shape[1] }

    /// Takes known components.
    public init(mean: Tensor, components: Tensor, variances: [Double], capturedVariance: Double) {
        precondition(
            components.rank == 2 && mean.shape == [components.shape[1]] && variances.count == components.shape[0],
            "PrincipalCoordinates: mean \(mean.shape), components \(components.shape), \(variances.count) variances")
        self.mean = mean
        self.components = components
        self.variances = variances
        self.capturedVariance = capturedVariance
    }

    /// Fits at most `count` components to rows [N, D]; fewer where the rows span fewer dimensions.
    ///
    /// Nil where the rows have no variance or are not finite. Traps unless N >= 2 and count >= 1.
    public init?(fitting rows: Tensor, components count: Int) {
        precondition(rows.rank == 2 && rows.shape[0] >= 2 && count >= 1, "PCA: rows \(rows.shape), \(count) components")
        let mean = Self.mean(rows)
        let centred = rows - mean
        if rows.shape[0] > rows.shape[1] {
            guard let fitted = Self.throughScatter(centred, mean: mean, components: count) else { return nil }
            self = fitted
            return
        }
        guard let spectrum = PrincipalSpectrum(gram: Self.gram(centred), components: count) else { return nil }
        self.init(
            mean: mean, components: Self.project(spectrum.projection, spectrum.kept, centred),
            variances: spectrum.variances, capturedVariance: spectrum.capturedVariance)
    }

    /// Weights [N, D] to codes [N, K].
    public func encode(_ weights: Tensor) -> Tensor { matmul(weights - mean, components, transposeB: true) }

    /// Codes [N, K] to weights [N, D].
    public func decode(_ codes: Tensor) -> Tensor { matmul(codes, components) + mean }

    /// Columns in one block of the double-precision sweeps.
    private static let blockColumns = 4096

    private static func mean(_ rows: Tensor) -> Tensor {
        let blocks = columnBlocks(rows.shape[1]).map { block in
            rows.sliced(axis: 1, block).converted(to: .double).mean(axes: [0])
        }
        return Tensor.concatenate(blocks, axis: 0).converted(to: .single)
    }

    /// X X' in double precision, block by block of columns.
    private static func gram(_ centred: Tensor) -> Tensor {
        let n = centred.shape[0]
        return columnBlocks(centred.shape[1]).reduce(Tensor.zeros([n, n], precision: .double)) { sum, block in
            let part = centred.sliced(axis: 1, block).converted(to: .double)
            return sum + matmul(part, part, transposeB: true)
        }
    }

    /// The components diag(1/s) U' X, computed in double and stored in single precision.
    private static func project(_ projection: [Double], _ kept: Int, _ centred: Tensor) -> Tensor {
        let matrix = Tensor(projection, shape: [kept, centred.shape[0]])
        let blocks = columnBlocks(centred.shape[1]).map { block in
            matmul(matrix, centred.sliced(axis: 1, block).converted(to: .double)).converted(to: .single)
        }
        return .concatenate(blocks, axis: 1)
    }

    private static func columnBlocks(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: blockColumns).map { $0..<min(count, $0 + blockColumns) }
    }
}

extension PrincipalCoordinates {
    /// How many components, and whether codes are standardised.
    public struct Config: CoordinatesConfig {
        /// Most components; N - 1 lose nothing.
        public var components = 99
        /// Whether every code is divided by its standard deviation.
        public var standardize = false

        /// 99 components as they are, DeepWeightFlow's (2026).
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "components", .integer(1...100_000), "Most principal components; N - 1 of N networks lose nothing"),
            ConfigKey("standardize", .flag, "Give every code mean 0 and standard deviation 1, as diffusions want"),
        ]

        /// The components of training networks; throws where one network is repeated.
        public func fit(
            _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
        ) throws -> any StoredCoordinates {
            guard let fitted = PrincipalCoordinates(fitting: rows, components: components) else {
                throw DataError(
                    .malformed, path: fitting.path, expected: "training networks that differ",
                    found: "no variance at all",
                    hint: "one repeated network has no principal components; coordinates: {kind: raw} has codes")
            }
            guard standardize else { return fitted }
            return ChainedCoordinates([fitted, try fitting.standardized(fitted.encode(rows))])
        }

        /// The components, and as a second part the codes' standardisation.
        public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
            guard standardize else { return try PrincipalCoordinates(tensors: tensors) }
            func part(_ index: Int) -> [NamedTensor] { ChainedCoordinates.tensors(ofPart: index, in: tensors) }
            return try fitting.chained([
                PrincipalCoordinates(tensors: part(0)), StandardizedCoordinates(tensors: part(1)),
            ])
        }

        /// As it was set.
        public var isStandardized: Bool { standardize }
        /// With fewer components than N - 1.
        public func isLossy(among count: Int) -> Bool { components < count - 1 }
        /// "PCA" with the number of components.
        public var shortName: String { "PCA-\(components)" + (standardize ? " standardised" : "") }
    }
}

extension PrincipalCoordinates: StoredCoordinates {
    /// `mean` [D], `components` [K, D], `variances` [K] and `captured_variance` [1].
    public var tensors: [NamedTensor] {
        [
            NamedTensor("mean", mean), NamedTensor("components", components),
            NamedTensor("variances", Tensor(variances, shape: [variances.count])),
            NamedTensor("captured_variance", Tensor([capturedVariance], shape: [1])),
        ]
    }

    /// Takes recorded tensors; throws a `DataError` unless their shapes agree and all numbers are finite.
    public init(tensors: [NamedTensor]) throws {
        let owner = "principal coordinates"
        let components = try tensors.fitted("components", rank: 2, of: owner)
        let count = components.shape[0]
        let mean = try tensors.fitted("mean", shape: [components.shape[1]], of: owner)
        let variances = try tensors.fitted("variances", shape: [count], of: owner)
        let captured = try tensors.fitted("captured_variance", shape: [1], of: owner)
        self.init(
            mean: mean.converted(to: .single), components: components.converted(to: .single),
            variances: variances.doubles, capturedVariance: captured.doubles[0])
    }
}

extension PrincipalCoordinates {
    /// Fits through the D x D matrix S = X_c' X_c = C' diag(s^2) C: the same components as through the Gram matrix, up to
    /// rounding, at a cost of D^3 in place of N^3.
    ///
    /// The sign of a component is that of the Gram route, too: the code of largest magnitude is positive.
    static func throughScatter(_ centred: Tensor, mean: Tensor, components count: Int) -> PrincipalCoordinates? {
        let (n, width) = (centred.shape[0], centred.shape[1])
        guard let eigen = SymmetricEigen(scatter(centred)), let top = eigen.values.first, top > 0 else { return nil }
        let kept = min(count, n - 1, eigen.values.prefix { $0 > top * 1e-12 }.count)
        var rows = eigen.vectors.sliced(axis: 0, 0..<kept)
        let codes = matmul(rows, centred.converted(to: .double), transposeB: true).doubles
        let signs = (0..<kept).map { component -> Double in
            let largest = codes[component * n..<(component + 1) * n].reduce(0) { abs($1) > abs($0) ? $1 : $0 }
            return largest < 0 ? -1 : 1
        }
        rows = rows * Tensor(signs, shape: [kept, 1])
        let total = eigen.values.reduce(0) { $0 + max($1, 0) }
        return PrincipalCoordinates(
            mean: mean, components: rows.converted(to: .single).reshaped([kept, width]),
            variances: eigen.values.prefix(kept).map { $0 / Double(n - 1) },
            capturedVariance: eigen.values.prefix(kept).reduce(0, +) / total)
    }

    /// X' X in double precision, block by block of rows.
    private static func scatter(_ centred: Tensor) -> Tensor {
        let (n, width) = (centred.shape[0], centred.shape[1])
        let blocks = stride(from: 0, to: n, by: blockRows).map { $0..<min(n, $0 + blockRows) }
        return blocks.reduce(Tensor.zeros([width, width], precision: .double)) { sum, block in
            let part = centred.sliced(axis: 0, block).converted(to: .double)
            return sum + matmul(part, part, transposeA: true)
        }
    }

    /// Rows in one block of the double-precision sweep.
    private static let blockRows = 4096
}

/// What the Gram matrix G = X_c X_c' = U diag(s^2) U' says of the components C = diag(1/s) U' X_c.
struct PrincipalSpectrum {
    /// Components kept: at most N - 1, and no more than the rows span.
    let kept: Int
    /// diag(1/s) U', `[kept, N]`, row after row.
    let projection: [Double]
    /// Variance along each component (divisor N - 1).
    let variances: [Double]
    /// Share of the total variance that they carry, 0-1.
    let capturedVariance: Double

    /// Decomposes G [N, N], double; nil where there is no variance or a number is not finite.
    init?(gram: Tensor, components count: Int) {
        let n = gram.shape[0]
        guard let eigen = SymmetricEigen(gram), let top = eigen.values.first, top > 0 else { return nil }
        let total = eigen.values.reduce(0) { $0 + max($1, 0) }
        let kept = min(count, n - 1, eigen.values.prefix { $0 > top * 1e-12 }.count)
        var projection = eigen.vectors.sliced(axis: 0, 0..<kept).doubles
        for row in 0..<kept {
            let scale = 1 / eigen.values[row].squareRoot()
            for column in 0..<n { projection[row * n + column] *= scale }
        }
        self.kept = kept
        self.projection = projection
        variances = eigen.values.prefix(kept).map { $0 / Double(n - 1) }
        capturedVariance = eigen.values.prefix(kept).reduce(0, +) / total
    }
}
