import Networks
import Tensors

/// Samples are the ends at t = 1 of dx/dt = v(x, t) from the source's draws at t = 0.
///
/// A net's `ReducedFlow`, where it has one, is integrated in its place with fixed steps.
public struct FlowSampler: Sampler, Equatable {
    /// How the equation is integrated.
    public let solver: Solver

    /// Samples with a solver of fixed or adaptive steps.
    public init(solver: Solver) { self.solver = solver }

    /// The solver's.
    public var evaluations: Int? { solver.evaluations }

    /// x(0) [B, K] to x(1) [B, K]; draws no noise.
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        net.flow(parameters, by: solver)(start, observe.map { see in { see(SampleStep(time: $1, state: $0, noise: nil)) } })
    }

    /// The reduced flow is formed once.
    public func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler {
        let flow = net.flow(parameters, by: solver)
        return { start, _ in flow(start, nil) }
    }
}
