import Tensors

/// The mean of each window of a sequence, PyTorch's `AvgPool1d` (without `ceil_mode`).
public struct AveragePool1d: Sendable {
    private let pooling: Pooling
    private let countsPadding: Bool

    /// Windows of `size`, side by side unless a stride is given; padding counts as zeros unless told otherwise.
    public init(_ size: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true) {
        pooling = Pooling(line: size, stride: stride, padding: padding)
        countsPadding = countingPadding
    }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.asImage { $0.averagePooled(pooling, countingPadding: countsPadding) }
    }
}
