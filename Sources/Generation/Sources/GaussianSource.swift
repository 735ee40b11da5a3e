import Tensors

/// The source distribution p0 = N(0, std^2 I) in the coordinates in use.
///
/// DeepWeightFlow: std slightly below that of the target weights works best in raw coordinates (0.01 for MLPs). Its released
/// code draws one fixed set of N noise vectors for all of training; here every step draws fresh ones, as the equations say.
public struct GaussianSource: Sendable, Equatable {
    /// Standard deviation of every element.
    public let std: Double

    /// Describes the source; traps unless std > 0.
    public init(std: Double) {
        precondition(std > 0, "Gaussian source: std \(std)")
        self.std = std
    }

    /// Draws [count, dimension] from a stream.
    public func sample(_ count: Int, dimension: Int, _ stream: inout RandomStream) -> Tensor {
        stream.normal([count, dimension]) * std
    }
}
