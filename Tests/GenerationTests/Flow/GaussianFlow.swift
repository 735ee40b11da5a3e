import Networks
import Tensors

@testable import Generation

/// The closed forms of flow matching between independent N(0, start^2) and N(mean, std^2), element by element.
///
/// x_t = a x_0 + b x_1 + s eps and u = a' x_0 + b' x_1 + s' eps are jointly Gaussian, so the best velocity is
/// E u + Cov(u, x_t) / Var(x_t) (x_t - E x_t) and the least loss is Var(u) - Cov(u, x_t)^2 / Var(x_t).
struct GaussianFlow: Sendable {
    let path: Path
    let start: Double
    let mean: Double
    let std: Double

    /// Var x_t, Cov(u, x_t), Var u, b and b', each of t's shape.
    private func moments(_ t: Tensor) -> (variance: Tensor, cov: Tensor, slope: Tensor, b: Tensor, b1: Tensor) {
        let (sigma, one) = (path.sigma, t * 0 + 1)
        var (a, a1, b, b1) = (1 - t, -one, t, one)
        // s^2, s s' and s'^2.
        var noise = (one * (sigma * sigma), one * 0, one * 0)
        switch path.kind {
        case .linear: break
        case .targetConditional:
            (a, a1) = (1 - t * (1 - sigma), one * (sigma - 1))
            noise = (one * 0, one * 0, one * 0)
        case .variancePreserving:
            let angle = t * (Double.pi / 2)
            (a, b) = (angle.cos(), angle.sin())
            (a1, b1) = (b * (-Double.pi / 2), a * (Double.pi / 2))
        case .schrodingerBridge:
            let square = sigma * sigma
            let spread = t * (1 - t)
            noise = (spread * square, (1 - t * 2) * (square / 2), (1 - t * 2).square() / spread * (square / 4))
        }
        let (v0, v1) = (start * start, std * std)
        return (
            a.square() * v0 + b.square() * v1 + noise.0, a * a1 * v0 + b * b1 * v1 + noise.1,
            a1.square() * v0 + b1.square() * v1 + noise.2, b, b1
        )
    }

    /// The best velocity at x [B, K] and t [B, 1].
    func velocity(_ x: Tensor, _ t: Tensor) -> Tensor {
        let m = moments(t)
        return m.b1 * mean + m.cov / m.variance * (x - m.b * mean)
    }

    /// The least loss at t [B, 1].
    func leastLoss(_ t: Tensor) -> Tensor {
        let m = moments(t)
        return m.slope - m.cov.square() / m.variance
    }

    /// Where the flow carries x(0).
    func end(_ x: Tensor) -> Tensor {
        let (first, last) = (moments(.zeros([1, 1])), moments(.ones([1, 1])))
        return (last.b * mean) + (last.variance / first.variance).sqrt() * x
    }

    var objective: FlowObjective {
        FlowObjective(source: GaussianSource(dimension: 2, std: start), path: path)
    }
}

/// The best velocity as a net without weights that matter.
struct GaussianFlowNet: VelocityNet {
    let flow: GaussianFlow
    let layout: ParameterLayout
    let dimension = 2

    init(_ flow: GaussianFlow) {
        self.flow = flow
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("unused", shape: [1], role: .bias)
        layout = builder.layout()
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }
    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let (x, t) = (input.x, input.t)
        return flow.velocity(x, t)
    }
}
