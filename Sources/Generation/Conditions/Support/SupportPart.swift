import Networks
import Tensors

/// A support set as one vector, for nets that know no output units: it says which label is which by fixed codes.
///
///     h_i = g(x_i) + P s e(y_i)                            e: `LabelCodes`; a learned code where y_i is not known
///     h   = layer_norm(blocks(h))                          attention over the examples, no positions
///     f   = W_2 gelu(W_1 [mean_i h_i, sum_c e_c (mean over i of class c of h_i)'] + b_1) + b_2
///
/// s is a learned scale. The order of the examples does not matter. The outer product of codes and class means is what
/// turns as the codes do when labels are permuted: a linear classifier of the examples is a function of it.
///
/// Sources: Fifty et al., Context-aware meta-learning, 2024 (codes, scale, unknown code, a transformer without
/// positions); Lee et al., Set transformer, 2019. The outer product is ours.
struct SupportPart: ConditionPart {
    let missing: Slot
    private let examples: any ExampleEncoder
    private let scale: Slot
    private let unknown: Slot
    private let entry: Linear
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let first: Linear
    private let second: Linear
    private let codes: Tensor

    init(
        _ examples: any ExampleEncoder, _ settings: SupportSettings, classes: Int, width: Int,
        layout: inout ParameterLayout.Builder
    ) {
        let features = settings.features
        missing = layout.addSlot("conditions.support.missing", shape: [width], role: .shift)
        scale = layout.addSlot("conditions.support.scale", shape: [1], role: .scale)
        unknown = layout.addSlot("conditions.support.unknown", shape: [classes - 1], role: .shift)
        entry = Linear(
            "conditions.support.codes", in: classes - 1, out: features, bias: false, layout: &layout)
        blocks = (0..<settings.layers).map { index in
            TransformerBlock(
                "conditions.support.blocks.\(index)", .init(width: features, heads: settings.heads), layout: &layout)
        }
        norm = LayerNorm("conditions.support.norm", width: features, layout: &layout)
        first = Linear("conditions.support.0", in: classes * features, out: 2 * width, layout: &layout)
        second = Linear("conditions.support.2", in: 2 * width, out: width, layout: &layout)
        self.examples = examples
        codes = LabelCodes.codes(classes)
    }

    func isAsked(_ condition: Condition) -> Bool { condition.support != nil }
    func leaveOut(of condition: inout Condition) { condition.support = nil }

    func encode(_ parameters: Parameters, _ conditions: [Condition]) -> (features: Tensor, classes: Tensor?) {
        let precision = parameters.flat.precision
        let batch = SupportBatch(conditions.compactMap(\.support), precision: precision)
        let present = batch.present, members = batch.members(codes.shape[0])
        let known = matmul(members, codes.converted(to: precision), transposeA: true)
        let strange = batch.unknown.permuted([0, 2, 1]) * parameters[unknown].reshaped([1, 1, -1])
        var h = batch.bySet(examples(parameters, batch.examples))
        h = h + entry.tokens(parameters, known * parameters[scale].reshaped([1, 1, 1]) + strange)
        let mask = AttentionMask.keeping(present.reshaped([batch.sets, 1, 1, batch.length]))
        for block in blocks { h = block(parameters, h, mask: mask) }
        h = norm(parameters, h)
        let mean = matmul(present / present.sum(axes: [2], keepingDims: true), h)
        let share = members / (members.sum(axes: [2], keepingDims: true) + Self.least)
        let byClass = matmul(share, h)
        let turned = matmul(
            codes.converted(to: precision).broadcast(to: Shape([batch.sets] + codes.shape.array)), byClass,
            transposeA: true)
        let joined = Tensor.concatenate([mean, turned], axis: 1).reshaped([batch.sets, -1])
        return (second(parameters, first(parameters, joined).gelu()), nil)
    }

    /// Keeps a class without examples from a division by zero.
    private static let least = 1e-12
}
