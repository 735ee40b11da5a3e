import Tensors

/// A flow that is integrated in a small space instead of its own: exact, up to rounding, for every linear solver.
///
/// A state y [B, width] stands for x [B, D]: y(0) = start(x(0)), dy/dt = velocity(y, t), x(1) = end(x(0), y(1)).
public struct ReducedFlow {
    /// Elements of one state.
    public let width: Int
    /// From x(0) to y(0).
    public let start: (_ x: Tensor) -> Tensor
    /// dy/dt at y [B, width] and time t.
    public let velocity: (_ y: Tensor, _ t: Double) -> Tensor
    /// From x(0) and y(1) to x(1).
    public let end: (_ x: Tensor, _ y: Tensor) -> Tensor
    /// From x(0) and y(t) to x(t) at a time before the end.
    public let state: (_ x: Tensor, _ y: Tensor, _ t: Double) -> Tensor
}
