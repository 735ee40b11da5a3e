import Networks
import Tensors

/// A conditional net bound to one condition, with classifier-free guidance:
///
///     v = v_u + g (v_c - v_u),   v_c = v(x, t; condition), v_u = v(x, t)
///
/// exactly v_c for g = 1 and v_u for g = 0, at one evaluation; two for any other scale. What a diffusion's net says is
/// linear in its denoised prediction and in the noise, at a given x and level, so the same form holds for these and for
/// the score. A sampler takes it as it takes any net.
///
/// The condition is encoded once, with the weights at hand: changing the weights later leaves it as it was.
/// Source: Ho & Salimans, Classifier-free diffusion guidance, 2022 (their w is g - 1); Zheng et al., Guided flows for
/// generative modeling and decision making, 2023 (the same of velocities).
struct GuidedNet: VelocityNet {
    let net: ConditionalNet
    /// g.
    let guidance: Double
    private let asked: VelocityInput.Condition
    private let free: VelocityInput.Condition
    private let counter: CountingNet.Counter?

    /// Encodes a condition, which must have passed the encoder's `facts.check`.
    init(_ net: ConditionalNet, _ parameters: Tensor, asking condition: Condition, guidance: Double) {
        let weights = Parameters(layout: net.layout, flat: parameters)
        (self.net, self.guidance) = (net, guidance)
        asked = net.encoder(weights, [condition])
        free = net.encoder(weights, [.none])
        counter = nil
    }

    private init(_ other: GuidedNet, counter: CountingNet.Counter) {
        (net, guidance, asked, free) = (other.net, other.guidance, other.asked, other.free)
        self.counter = counter
    }

    /// The same with every evaluation of the net counted.
    func counting(_ counter: CountingNet.Counter) -> GuidedNet { GuidedNet(self, counter: counter) }

    var layout: ParameterLayout { net.layout }
    var dimension: Int { net.dimension }
    func initialParameters(seed: UInt64) -> Tensor { net.initialParameters(seed: seed) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        func velocity(_ condition: VelocityInput.Condition) -> Tensor {
            counter?.add()
            var input = input
            input.condition = condition.broadcast(to: input.x.shape[0])
            return net.base(parameters, input, &pass)
        }
        if guidance == 1 { return velocity(asked) }
        let unconditional = velocity(free)
        return guidance == 0 ? unconditional : unconditional + (velocity(asked) - unconditional) * guidance
    }
}
