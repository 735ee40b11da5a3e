import Tensors

/// The log density of a flow's samples: along dx/dt = v(x, t) it changes as d log p / dt = -div v, so
///
///     log p1(x(1)) = log p0(x(0)) - integral of div v(x(t), t) dt from 0 to 1.
///
/// x and the integral are one state, solved together by any solver. Everything is made of tensor operations:
/// gradients by x(1), x(0) or by what the velocity closes over pass through (memory grows with the evaluations).
/// Densities are those of codes; an invertible linear map to weights adds the log of its determinant.
/// Reference: Chen, Rubanova, Bettencourt, Duvenaud, Neural ordinary differential equations, 2018, eq. 8; Grathwohl
/// et al., FFJORD, 2019.
public struct Likelihood: Sendable, Equatable {
    /// How the flow is solved.
    public let solver: Solver
    /// How the divergence is found.
    public let divergence: Divergence

    /// Traps unless there is a probe, where there are any.
    public init(solver: Solver, divergence: Divergence = .exact) {
        if case .hutchinson(let probes, _) = divergence { precondition(probes >= 1, "likelihood: \(probes) probes") }
        (self.solver, self.divergence) = (solver, divergence)
    }

    /// The other end of a trajectory and the density at its data end.
    public struct Evaluation: Sendable {
        /// x(0) of `backward`, x(1) of `forward`, [B, K].
        public let point: Tensor
        /// log p1(x(1)), [B], in nats; NaN where an adaptive solver gave up.
        public let logDensity: Tensor
    }

    /// The density of given data x(1) [B, K]. `source` is log p0, [B, K] to [B].
    public func backward(
        _ x1: Tensor, source: (Tensor) -> Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> Evaluation {
        let (start, integral) = solve(x1, from: 1, to: 0, velocity)
        return Evaluation(point: start, logDensity: source(start) + integral)
    }

    /// Data x(1) from a source draw x(0) [B, K], with their density. `source` is log p0, [B, K] to [B].
    public func forward(
        _ x0: Tensor, source: (Tensor) -> Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> Evaluation {
        let (end, integral) = solve(x0, from: 0, to: 1, velocity)
        return Evaluation(point: end, logDensity: source(x0) - integral)
    }

    /// The end and the integral [B] of the divergence in the direction of time that was gone.
    private func solve(
        _ start: Tensor, from: Double, to: Double, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> (end: Tensor, integral: Tensor) {
        precondition(start.rank == 2, "likelihood: points \(start.shape), not [B, K]")
        let dimension = start.shape[1]
        let divergence = divergence.prepared(start.shape)
        let state = Tensor.concatenate([start, .zeros([start.shape[0], 1], precision: start.precision)], axis: 1)
        let end = solver.integrate(state, from: from, to: to) { y, t in
            let (v, rate) = divergence(at: y.sliced(axis: 1, 0..<dimension)) { velocity($0, t) }
            return .concatenate([v, rate], axis: 1)
        }
        return (end.sliced(axis: 1, 0..<dimension), end.selected(axis: 1, dimension))
    }
}
