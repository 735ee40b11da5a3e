import Networks
import Tensors

/// A support set as a token a class, for nets whose output units are tokens of their own: permuting the labels permutes
/// the class tokens, exactly, as nothing but its examples tells a class.
///
///     h   = blocks(g(x))                                   attention among the examples of a class
///     z_c = mean of h_i over class c,   z = layer_norm(blocks(z))     attention among the classes
///     token_c = W z_c + b,   f = W' mean_c z_c + b'
///
/// A class that the set does not have is a learned token. Examples of no known class are not looked at.
///
/// Source: the two levels are those of D2NWG's encoder of data sets (Soro et al., Diffusion-based neural network weights
/// generation, 2025; Lee et al., Set transformer, 2019), with means in place of its pooling by attention; its
/// contrastive stage is left out, the encoder is trained with the generator.
struct ClassTokenPart: ConditionPart {
    let missing: Slot
    private let missingClass: Slot?
    private let examples: any ExampleEncoder
    private let within: [TransformerBlock]
    private let among: [TransformerBlock]
    private let norm: LayerNorm
    private let token: Linear
    private let output: Linear
    private let classes: Int

    init(
        _ examples: any ExampleEncoder, _ settings: SupportSettings, tokens: Int, width: Int,
        missing missingClass: Slot?,
        layout: inout ParameterLayout.Builder
    ) {
        func blocks(_ name: String, _ layout: inout ParameterLayout.Builder) -> [TransformerBlock] {
            (0..<settings.layers).map { index in
                TransformerBlock(
                    "conditions.support.\(name).\(index)", .init(width: settings.features, heads: settings.heads),
                    layout: &layout)
            }
        }
        missing = layout.addSlot("conditions.support.missing", shape: [width], role: .shift)
        within = blocks("examples", &layout)
        among = blocks("classes", &layout)
        norm = LayerNorm("conditions.support.norm", width: settings.features, layout: &layout)
        token = Linear("conditions.support.token", in: settings.features, out: width, layout: &layout)
        output = Linear("conditions.support.output", in: settings.features, out: width, layout: &layout)
        (self.examples, self.missingClass, classes) = (examples, missingClass, tokens)
    }

    func isAsked(_ condition: Condition) -> Bool { condition.support != nil }
    func leaveOut(of condition: inout Condition) { condition.support = nil }

    func encode(_ parameters: Parameters, _ conditions: [Condition]) -> (features: Tensor, classes: Tensor?) {
        let batch = SupportBatch(conditions.compactMap(\.support), precision: parameters.flat.precision)
        let members = batch.members(classes)
        let counts = members.sum(axes: [2], keepingDims: true)
        let present = counts.clamped(to: 0...1)
        var h = batch.bySet(examples(parameters, batch.examples))
        let alike = matmul(members, members, transposeA: true).reshaped([batch.sets, 1, batch.length, batch.length])
        for block in within { h = block(parameters, h, mask: .keeping(alike)) }
        var z = matmul(members / (counts + (1 - present)), h)
        let keys = AttentionMask.keeping(present.reshaped([batch.sets, 1, 1, classes]))
        for block in among { z = block(parameters, z, mask: keys) }
        z = norm(parameters, z)
        let share = (present / present.sum(axes: [1], keepingDims: true)).permuted([0, 2, 1])
        let mean = matmul(share, z).reshaped([batch.sets, -1])
        var tokens = token.tokens(parameters, z) * present
        if let missingClass { tokens = tokens + parameters[missingClass].reshaped([1, 1, -1]) * (1 - present) }
        return (output(parameters, mean), tokens)
    }
}
