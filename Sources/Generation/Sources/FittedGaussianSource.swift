import Basics
import Networks
import Tensors

/// The Gaussian with the training codes' mean and full covariance: x_0 = mean + z F, z ~ N(0, I), F' F = C.
///
/// C is the sample covariance (divisor N - 1). F is the centred codes themselves over sqrt(N - 1) where there are no
/// more of them than dimensions, else the eigenvectors of C times the roots of its eigenvalues.
public struct FittedGaussianSource: Source {
    /// Mean code, [K].
    public let mean: Tensor
    /// F, [R, K].
    public let factor: Tensor

    /// K.
    public var dimension: Int { mean.count }
    /// Mean and factor.
    public var tensors: [NamedTensor] { [NamedTensor("source_mean", mean), NamedTensor("source_factor", factor)] }

    /// Takes a known mean [K] and factor [R, K]; traps on other shapes.
    public init(mean: Tensor, factor: Tensor) {
        precondition(
            mean.rank == 1 && factor.rank == 2 && factor.shape[1] == mean.count,
            "Gaussian source: mean \(mean.shape), factor \(factor.shape)")
        self.mean = mean
        self.factor = factor
    }

    /// Fits codes [N, K]; nil where they are not finite. Traps unless N >= 2.
    public init?(fitting codes: Tensor) {
        precondition(codes.rank == 2 && codes.shape[0] >= 2, "Gaussian source: codes \(codes.shape)")
        let (count, dimension) = (codes.shape[0], codes.shape[1])
        let wide = codes.converted(to: .double)
        let mean = wide.mean(axes: [0])
        let centred = (wide - mean) / Double(count - 1).squareRoot()
        guard centred.isFinite else { return nil }
        var factor = centred
        if count > dimension {
            guard let eigen = SymmetricEigen(matmul(centred, centred, transposeA: true)) else { return nil }
            let roots = eigen.values.map { max($0, 0).squareRoot() }
            factor = eigen.vectors * Tensor(roots, shape: [dimension, 1])
        }
        self.init(mean: mean.converted(to: .single), factor: factor.converted(to: .single))
    }

    /// Draws codes [count, K].
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        matmul(stream.normal([count, factor.shape[0]]), factor) + mean
    }
}

extension FittedGaussianSource {
    /// No settings.
    public struct Config: SourceConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []

        /// Mean and covariance of the networks' codes.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source {
            guard let source = FittedGaussianSource(fitting: space.coordinates.encode(weights)) else {
                throw DataError(.malformed, path: "source", expected: "codes that are finite", found: "others")
            }
            return source
        }

        /// Mean and factor.
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source {
            let dimension = space.coordinates.dimension
            return FittedGaussianSource(
                mean: try space.find("source_mean", in: tensors) { $0.shape == [dimension] },
                factor: try space.find("source_factor", in: tensors) { $0.rank == 2 && $0.shape[1] == dimension })
        }

        /// The kind in a few words.
        public func summary(std: String) -> String { "the Gaussian of the training codes" }
    }
}
