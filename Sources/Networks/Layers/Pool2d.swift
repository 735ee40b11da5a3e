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

/// The largest element of each of a given number of windows that cover an image, PyTorch's `AdaptiveMaxPool2d`.
public struct AdaptiveMaxPool2d: Sendable {
    private let size: HeightWidth

    /// Results have this size, whatever the images have.
    public init(_ size: HeightWidth) { self.size = size }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.maxPooled(to: size) }
}

/// The mean of each of a given number of windows that cover an image, PyTorch's `AdaptiveAvgPool2d`.
public struct AdaptiveAveragePool2d: Sendable {
    private let size: HeightWidth

    /// Results have this size, whatever the images have.
    public init(_ size: HeightWidth) { self.size = size }

    /// - x: [..., H, W]; returns [..., h, w].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.averagePooled(to: size) }
}
