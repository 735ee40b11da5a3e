import Tensors

/// The mean of each window of an image, PyTorch's `AvgPool2d` (without `ceil_mode`).
public struct AveragePool2d: Sendable {
    private let pooling: Pooling
    private let countsPadding: Bool

    /// Windows of `size`, side by side unless a stride is given; padding counts as zeros unless told otherwise.
    public init(
        _ size: HeightWidth, stride: HeightWidth? = nil, padding: HeightWidth = 0, countingPadding: Bool = true
    ) {
        pooling = Pooling(size: size, stride: stride, padding: padding)
        countsPadding = countingPadding
    }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.averagePooled(pooling, countingPadding: countsPadding) }
}
