import Tensors

/// The mean of each of a given number of windows that cover a sequence, PyTorch's `AdaptiveAvgPool1d`.
public struct AdaptiveAveragePool1d: Sendable {
    private let count: Int

    /// Results have this length, whatever the sequences have.
    public init(_ count: Int) { self.count = count }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.asImage { $0.averagePooled(to: HeightWidth(1, count)) } }
}
