import Tensors

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
    /// Runs `body` on the last axis as an image of height 1: [..., L] by way of [..., 1, L] and [..., 1, l] to [..., l].
    fileprivate func asImage(_ body: (Tensor) -> Tensor) -> Tensor {
        precondition(rank >= 1, "pool: shape \(shape)")
        let image = body(reshaped(Shape(shape.array.dropLast() + [1, shape[rank - 1]])))
        return image.reshaped(Shape(image.shape.array.dropLast(2) + [image.shape[image.rank - 1]]))
    }
}
