import Networks
import Tensors

/// A net that moves away from what its own younger self would say:
///
///     v = v_main + (w - 1) (v_main - v_early),   v_main = v(x, t; theta), v_early = v(x, t; theta_early)
///
/// theta_early are the weights after a small share of the same training, which make the same mistakes, only larger: what
/// lies further along from early to main is more right than main. w = 1 is the net itself, at one evaluation; any other w
/// takes two. What a diffusion's net says is linear in its denoised prediction and in the noise, at a given x and level, so
/// the same form holds for these. A sampler takes it as it takes any net. Of a conditional generator both are told the same
/// condition, each by the encoder that it was trained with.
///
/// Source: Karras, Aittala, Kynkäänniemi, Lehtinen, Aila, Laine, "Guiding a Diffusion Model with a Bad Version of Itself",
/// 2024 (2406.02507). Theirs is also a smaller net; here it is the same one, so that one training gives both.
struct AutoguidedNet: VelocityNet {
    let base: any VelocityNet
    /// theta_early, [layout.count].
    let early: Tensor
    /// w.
    let weight: Double
    /// The net that takes theta_early: the same one, or bound to a condition that was encoded with theta_early.
    private let younger: any VelocityNet

    /// Traps unless `early` has a number for each of the net's weights.
    init(_ base: any VelocityNet, early: Tensor, weight: Double, younger: (any VelocityNet)? = nil) {
        precondition(
            early.shape == [base.layout.count], "AutoguidedNet: \(early.shape) for \(base.layout.count) weights")
        (self.base, self.early, self.weight, self.younger) = (base, early, weight, younger ?? base)
    }

    var layout: ParameterLayout { base.layout }
    var dimension: Int { base.dimension }
    func initialParameters(seed: UInt64) -> Tensor { base.initialParameters(seed: seed) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let main = base(parameters, input, &pass)
        guard weight != 1 else { return main }
        let own = Parameters(layout: layout, flat: early.converted(to: parameters.flat.precision))
        return main + (main - younger(own, input, &pass)) * (weight - 1)
    }
}

extension Generator {
    /// The weights that guide this generator's samples; nil where none do.
    package var guide: Tensor? { (net as? AutoguidedNet)?.early }

    /// Evaluations of the net for one sample, those of its younger self included; nil where they depend on the sample.
    package var evaluations: Int? {
        sampler.evaluations.map { (net as? AutoguidedNet).map { $0.weight != 1 } == true ? 2 * $0 : $0 }
    }
}
