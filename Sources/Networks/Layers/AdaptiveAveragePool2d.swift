import Tensors

/// The mean of each of a given number of windows that cover an image, PyTorch's `AdaptiveAvgPool2d`.
public struct AdaptiveAveragePool2d: Sendable {
    private let size: HeightWidth

    /// Results have this size, whatever the images have.
    public init(_ size: HeightWidth) { self.size = size }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.averagePooled(to: size) }
}
