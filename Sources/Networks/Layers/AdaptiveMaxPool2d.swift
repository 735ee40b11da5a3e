import Tensors

/// The largest element of each of a given number of windows that cover an image, PyTorch's `AdaptiveMaxPool2d`.
public struct AdaptiveMaxPool2d: Sendable {
    private let size: HeightWidth

    /// Results have this size, whatever the images have.
    public init(_ size: HeightWidth) { self.size = size }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.maxPooled(to: size) }
}
