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
        net.flow(parameters, by: solver)(
            start, observe.map { see in { see(SampleStep(time: $1, state: $0, noise: nil)) } })
    }

    /// The reduced flow is formed once.
    public func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler {
        let flow = net.flow(parameters, by: solver)
        return { start, _ in flow(start, nil) }
    }
}

/// Samples a flow by a stochastic differential equation with the flow's own marginals.
///
/// For x_t = a x_0 + b x_1, x_0 ~ N(0, S) independent of x_1, the velocity tells what of the source is in x,
///
///     s(x, t) = E[x_0 | x_t = x] = (b' x - b v(x, t)) / (a b' - a' b)      (x - t v on the straight path),
///
/// and so the score of p_t, -S^-1 s / a. Any noise g with drift v + g^2 score / 2 keeps all p_t; here g^2 = 2 c a S,
/// which needs no division:
///
///     dx = (v - c s) dt + sqrt(2 c a) S^(1/2) dW.
///
/// N steps of Euler and Maruyama: weak order 1. c = 0 is Euler's method on the flow. The path's own noise around its
/// line is neglected, so bridges are not for this.
/// Reference: Albergo, Boffi, Vanden-Eijnden, Stochastic interpolants: a unifying framework for flows and diffusions,
/// 2023, section 2; the choice of g is ours.
public struct EulerMaruyama: Sampler {
    /// The path that the net was trained on.
    public let path: Path
    /// Number of steps.
    public let steps: Int
    /// c.
    public let strength: Double
    /// The source's standard deviations, S^(1/2), [] or [K].
    public let std: Tensor

    /// Traps unless steps >= 1, strength >= 0 and the path is no bridge.
    public init(path: Path, steps: Int, strength: Double = 1, std: Tensor) {
        precondition(
            steps >= 1 && strength >= 0 && path.kind != .schrodingerBridge,
            "Euler-Maruyama: \(steps) steps, strength \(strength), path \(path.kind.rawValue)")
        (self.path, self.steps, self.strength, self.std) = (path, steps, strength, std)
    }

    /// A source of one standard deviation.
    public init(path: Path, steps: Int, strength: Double = 1, std: Double) {
        self.init(path: path, steps: steps, strength: strength, std: Tensor(std))
    }

    /// One a step.
    public var evaluations: Int? { steps }

    /// x(0) [B, K] to x(1) [B, K].
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        let h = 1 / Double(steps)
        let scale = std.converted(to: start.precision)
        var x = start
        for step in 0..<steps {
            let t = Double(step) * h
            let v = net(parameters, VelocityInput(x, at: t))
            guard strength > 0 else {
                x = x + v * h
                observe?(SampleStep(time: Double(step + 1) * h, state: x, noise: nil))
                continue
            }
            let share = path.sourceShare(at: t)
            let source = x * share.ofPoint + v * share.ofVelocity
            let drawn = noise(step)
            let diffused = drawn * scale * (2 * strength * share.scale * h).squareRoot()
            x = x + (v - source * strength) * h + diffused
            observe?(SampleStep(time: Double(step + 1) * h, state: x, noise: drawn))
        }
        return x
    }
}
