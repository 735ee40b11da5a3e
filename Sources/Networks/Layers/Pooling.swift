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

    /// Windows of `size`, side by side unless a stride is given; padding counts as zeros unless `countingPadding` is false.
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

/// The largest element of each window of a sequence, PyTorch's `MaxPool1d` (without `ceil_mode`).
public struct MaxPool1d: Sendable {
    private let pooling: Pooling

    /// Windows of `size`, side by side unless a stride is given.
    public init(_ size: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1) {
        pooling = Pooling(line: size, stride: stride, padding: padding, dilation: dilation)
    }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.asImage { $0.maxPooled(pooling) } }
}

/// The mean of each window of a sequence, PyTorch's `AvgPool1d` (without `ceil_mode`).
public struct AveragePool1d: Sendable {
    private let pooling: Pooling
    private let countsPadding: Bool

    /// Windows of `size`, side by side unless a stride is given; padding counts as zeros unless `countingPadding` is false.
    public init(_ size: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true) {
        pooling = Pooling(line: size, stride: stride, padding: padding)
        countsPadding = countingPadding
    }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.asImage { $0.averagePooled(pooling, countingPadding: countsPadding) }
    }
}

/// The largest element of each of a given number of windows that cover a sequence, PyTorch's `AdaptiveMaxPool1d`.
public struct AdaptiveMaxPool1d: Sendable {
    private let count: Int

    /// Results have this length, whatever the sequences have.
    public init(_ count: Int) { self.count = count }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.asImage { $0.maxPooled(to: HeightWidth(1, count)) } }
}

/// The mean of each of a given number of windows that cover a sequence, PyTorch's `AdaptiveAvgPool1d`.
public struct AdaptiveAveragePool1d: Sendable {
    private let count: Int

    /// Results have this length, whatever the sequences have.
    public init(_ count: Int) { self.count = count }

    /// - x: [..., L]; returns [..., l].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.asImage { $0.averagePooled(to: HeightWidth(1, count)) } }
}

extension Tensor {
    /// Runs `body` on lines [..., L] as images [..., 1, L], and makes its results [..., 1, l] lines [..., l] again.
    func asImage(_ body: (Tensor) -> Tensor) -> Tensor {
        precondition(rank >= 1, "pool: shape \(shape)")
        let image = body(reshaped(Shape(shape.array.dropLast() + [1, shape[rank - 1]])))
        return image.reshaped(Shape(image.shape.array.dropLast(2) + [image.shape[image.rank - 1]]))
    }
}
