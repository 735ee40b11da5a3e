import Networks
import Tensors

/// A velocity net together with the encoder of its conditions: one vector of weights, trained as one.
///
/// Without a condition in its input it says the unconditional velocity.
public struct ConditionalNet: VelocityNet {
    /// The net's slots, then the encoder's.
    public let layout: ParameterLayout
    /// The net, which is given what the encoder makes of conditions.
    public let base: any VelocityNet
    /// The encoder.
    public let encoder: ConditionEncoder

    /// Puts an encoder beside a net that takes `config.width` features.
    ///
    /// - classTokens: the net's number of output units that class tokens are joined to, nil where there are none.
    public init(
        _ base: any VelocityNet, _ config: ConditionsConfig, facts: ConditionFacts, classTokens: Int? = nil
    ) {
        var builder = ParameterLayout.Builder()
        // The same slots in the same places, so that the net finds its own in the joint vector.
        for group in base.layout.groups { _ = builder.addGroup(group.name, size: group.size, scaling: group.scaling) }
        for slot in base.layout.slots {
            let actions = Dictionary(uniqueKeysWithValues: slot.actions.enumerated().map { ($0, $1) })
            _ = builder.addSlot(slot.name, shape: slot.shape, role: slot.role, axes: slot.axes, actions: actions)
        }
        encoder = ConditionEncoder(config, facts: facts, classTokens: classTokens, layout: &builder)
        layout = builder.layout()
        self.base = base
    }

    /// The base's.
    public var dimension: Int { base.dimension }

    /// The base's own, and PyTorch's default initialisation of the encoder.
    public func initialParameters(seed: UInt64) -> Tensor {
        let own = base.initialParameters(seed: seed)
        let stream = RandomStream(seed: seed, purpose: "conditions.initialization")
        let drawn = Initialization.pytorch.network(layout, stream)
        return .concatenate([own, drawn.sliced(axis: 0, base.layout.count..<layout.count)], axis: 0)
    }

    /// v(x, t; condition): [B, K]; the unconditional velocity where the input has no condition.
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        var input = input
        if input.condition == nil {
            input.condition = encoder(parameters, [.none]).broadcast(to: input.x.shape[0])
        }
        return base(parameters, input, &pass)
    }

    /// v(x, t; condition) of conditions, one a row, [B, K]. They must have passed the encoder's `facts.check`.
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, asking conditions: [Condition], _ pass: inout ForwardPass
    ) -> Tensor {
        var input = input
        input.condition = encoder(parameters, conditions)
        return base(parameters, input, &pass)
    }
}
