import Tensors

/// A point on a path with its time and conditional velocity.
public struct PathSample: Sendable {
    /// x_t, [B, K].
    public let x: Tensor
    /// t, [B, 1].
    public let t: Tensor
    /// dx_t / dt given both ends and the noise, [B, K].
    public let velocity: Tensor
}
