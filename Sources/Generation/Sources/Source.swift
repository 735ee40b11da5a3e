import Networks
import Tensors

/// The source distribution p0, in the coordinates in use: where samples and training paths start, t = 0.
public protocol Source: Sendable {
    /// K, the length of a draw.
    var dimension: Int { get }
    /// Draws codes [count, K]; all randomness comes from `stream`.
    func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor
    /// What was fitted, to be recorded beside the settings; each kind has an init that takes it back.
    var tensors: [NamedTensor] { get }
}

extension Source {
    /// Nothing was fitted.
    public var tensors: [NamedTensor] { [] }
}
