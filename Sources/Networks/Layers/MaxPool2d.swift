import Tensors

/// The largest element of each window of an image, PyTorch's `MaxPool2d` (without `ceil_mode`).
public struct MaxPool2d: Sendable {
    private let pooling: Pooling

    /// Windows of `size`, side by side unless a stride is given.
    public init(
        _ size: HeightWidth, stride: HeightWidth? = nil, padding: HeightWidth = 0, dilation: HeightWidth = 1
    ) {
        pooling = Pooling(size: size, stride: stride, padding: padding, dilation: dilation)
    }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.maxPooled(pooling) }
}
