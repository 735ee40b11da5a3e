import Networks
import Tensors

/// Samples by implicit steps of a velocity, x(t + tau) = x(t) + tau v(x(t + tau), t + tau): with v = -grad V, proximal
/// steps of the potential.
///
/// What `TransitionObjective` learns is exact for such steps at the times of the checkpoints, and not for explicit ones:
/// 20 steps down alpha x^2 / 2 with alpha h = 0.1 leave 0.9^20 = 0.122 x, of which explicit steps along the fitted
/// potential leave 0.095 x. Rows whose step did not converge become NaN, as those of adaptive solvers that gave up;
/// `trace` says which, and how far off they were.
public struct ImplicitSampler: Sampler {
    /// Ends of the steps, rising from above 0 to 1.
    public let times: [Double]
    /// How a step is solved.
    public let step: ProximalStep

    /// Steps that end at these times; traps unless they rise from above 0 to 1.
    public init(times: [Double], step: ProximalStep = ProximalStep()) {
        precondition(
            (times.first ?? 0) > 0 && times.last == 1 && zip(times, times.dropFirst()).allSatisfy(<),
            "implicit sampler: steps that end at \(times)")
        (self.times, self.step) = (times, step)
    }

    /// N steps of equal length.
    public init(steps: Int, step: ProximalStep = ProximalStep()) {
        self.init(times: (1...max(1, steps)).map { $0 == steps ? 1 : Double($0) / Double(steps) }, step: step)
    }

    /// They depend on the sample.
    public var evaluations: Int? { nil }

    /// x(0) [B, K] to x(1) [B, K]; draws no noise. Rows that did not converge are NaN from there on.
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        var (x, before) = (start, 0.0)
        for time in times {
            let found = solve(net, parameters, from: x, before, time)
            let lost = found.hasConverged.map { $0 ? 0 : 1.0 }
            let mask = Tensor(lost, shape: [lost.count, 1], precision: x.precision).broadcast(to: x.shape)
            x = .select(mask, .full(x.shape, .nan, precision: x.precision), found.point)
            observe?(SampleStep(time: time, state: x, noise: nil))
            before = time
        }
        return x
    }

    /// The steps one by one, each from the point that the one before it found, converged or not.
    public func trace(_ net: any VelocityNet, _ parameters: Parameters, from start: Tensor) -> [ProximalSolution] {
        var (x, before) = (start, 0.0)
        return times.map { time in
            let found = solve(net, parameters, from: x, before, time)
            (x, before) = (found.point, time)
            return found
        }
    }

    private func solve(
        _ net: any VelocityNet, _ parameters: Parameters, from x: Tensor, _ before: Double, _ time: Double
    ) -> ProximalSolution {
        step.solve(from: x, tau: time - before) { net(parameters, VelocityInput($0, at: time)) }
    }
}
