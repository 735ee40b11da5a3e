import Tensors

/// The source distribution p0, in the coordinates in use: where samples and training paths start, t = 0.
public protocol Source: Sendable {
    /// K, the length of a draw.
    var dimension: Int { get }
    /// Draws codes [count, K]; all randomness comes from `stream`.
    func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor
}
