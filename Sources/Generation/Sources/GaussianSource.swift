import Basics
import Networks
import Tensors

/// The source distribution p0 = N(0, std^2 I) in the coordinates in use.
///
/// DeepWeightFlow (2026): std slightly below that of the target weights works best in raw coordinates (0.01 for MLPs).
/// Its released code draws one fixed set of N noise vectors for all of training; here every step draws fresh ones, as
/// the equations say.
public struct GaussianSource: Source, Equatable {
    /// K, the length of a draw.
    public let dimension: Int
    /// Standard deviation of every element.
    public let std: Double

    /// Describes the source; traps unless dimension > 0 and std > 0.
    public init(dimension: Int, std: Double) {
        precondition(dimension > 0 && std > 0, "Gaussian source: dimension \(dimension), std \(std)")
        self.dimension = dimension
        self.std = std
    }

    /// The one deviation.
    public var diagonal: DiagonalGaussian? { DiagonalGaussian(std: Tensor(std)) }

    /// Draws [count, K] from a stream.
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        stream.normal([count, dimension]) * std
    }
}

extension GaussianSource {
    /// One width for all codes.
    public struct Config: SourceConfig {
        /// Standard deviation; nil is the process's own.
        public var std: Double?

        /// The process's own.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "std", .optional(.number(above: 0)),
                "Standard deviation; null: 1 where codes have standard deviation 1, 0.01 in others (DeepWeightFlow's), "
                    + "and what a diffusion ends in")
        ]

        /// Nothing is fitted.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source { source(space) }
        /// Nothing was fitted.
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source { source(space) }

        private func source(_ space: CodeSpace) -> any Source {
            GaussianSource(
                dimension: space.coordinates.dimension, std: space.endStd ?? std ?? (space.isStandardized ? 1 : 0.01))
        }

        /// It is.
        public var isGaussian: Bool { true }
        /// The distribution.
        public func summary(std: String) -> String { "N(0, \(std)^2)" }
    }
}
