import Networks
import Tensors

/// Adds what is asked to what a net is given of time: e(t) + W c + b.
///
/// Sources: Dhariwal & Nichol, Diffusion models beat GANs on image synthesis, 2021 (class embeddings added to the time
/// embedding); Peebles & Xie, Scalable diffusion models with transformers, 2023.
struct ConditionPort: Sendable {
    private let map: Linear

    /// Declares `name` for conditions of `features` features; nil for nets that are given none.
    init?(_ name: String, in features: Int?, out width: Int, layout: inout ParameterLayout.Builder) {
        guard let features else { return nil }
        map = Linear(name, in: features, out: width, layout: &layout)
    }

    /// - e: [B, width]; traps where the input has no condition.
    func callAsFunction(_ parameters: Parameters, _ e: Tensor, _ condition: VelocityInput.Condition?) -> Tensor {
        guard let condition else { preconditionFailure("velocity net: no condition for a conditional net") }
        return e + map(parameters, condition.features)
    }
}

extension ConditionPort? {
    /// e(t) itself where the net is given no conditions.
    func callAsFunction(_ parameters: Parameters, _ e: Tensor, _ condition: VelocityInput.Condition?) -> Tensor {
        self.map { $0(parameters, e, condition) } ?? e
    }
}
