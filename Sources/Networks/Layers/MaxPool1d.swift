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
