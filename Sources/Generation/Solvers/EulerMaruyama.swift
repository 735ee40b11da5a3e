import Networks
import Tensors

/// Samples a flow by a stochastic differential equation with the flow's own marginals.
///
/// For x_t = (1 - t) x_0 + t x_1, x_0 ~ N(0, S), the velocity tells the source, E[x_0 | x_t] = x - t v(x, t), and so the
/// score of p_t, -S^-1 (x - t v) / (1 - t). Any noise g^2(t) with drift v + g^2 score / 2 keeps all p_t; here
/// g^2 = 2 c (1 - t) S, which needs no division:
///
///     dx = (v + c (t v - x)) dt + sqrt(2 c (1 - t)) S^(1/2) dW.
///
/// N steps of Euler and Maruyama: weak order 1. c = 0 is Euler's method on the flow. For the straight path with
/// independent coupling and a Gaussian source only.
/// Reference: Albergo, Boffi, Vanden-Eijnden, Stochastic interpolants: a unifying framework for flows and diffusions, 2023,
/// section 2; the choice of g is ours.
public struct EulerMaruyama: Sampler {
    /// Number of steps.
    public let steps: Int
    /// c.
    public let strength: Double
    /// S^(1/2) of a diagonal S, [] or [K].
    public let std: Tensor

    /// A source of one standard deviation per element, [K]. Traps unless steps >= 1 and strength >= 0.
    public init(steps: Int, strength: Double = 1, stds: Tensor) {
        precondition(steps >= 1 && strength >= 0, "Euler-Maruyama: \(steps) steps, strength \(strength)")
        (self.steps, self.strength, std) = (steps, strength, stds)
    }

    /// A source of one standard deviation.
    public init(steps: Int, strength: Double = 1, std: Double) {
        self.init(steps: steps, strength: strength, stds: Tensor(std))
    }

    /// One a step.
    public var evaluations: Int? { steps }

    /// x(0) [B, K] to x(1) [B, K].
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor
    ) -> Tensor {
        let h = 1 / Double(steps)
        let scale = std.converted(to: start.precision)
        var x = start
        for step in 0..<steps {
            let t = Double(step) * h
            var evaluation: RandomStream?
            let v = net(parameters, x, .full([x.shape[0], 1], t, precision: x.precision), &evaluation)
            guard strength > 0 else {
                x = x + v * h
                continue
            }
            let diffused = noise(step) * scale * (2 * strength * (1 - t) * h).squareRoot()
            x = x * (1 - strength * h) + v * (h * (1 + strength * t)) + diffused
        }
        return x
    }
}
