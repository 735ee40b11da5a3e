/// Scaled dot-product attention: softmax(scale q k' + mask) v, the softmax over keys.
///
/// - q: [..., T, d]; k: [..., S, d]; v: [..., S, e]; returns [..., T, e]. Leading axes broadcast.
/// - mask: broadcasts to [..., T, S]. A query that no key is left for gives zeros, and no gradient.
/// - scale: 1 / sqrt(d) where nil.
///
/// Both forms agree to rounding. The fused one copies no strided input whose last axis is contiguous, and its result
/// lies in memory as q does; its second derivatives, and derivatives by an additive mask, are those of the plain one.
/// Without keys, S = 0, the result is zeros; with d = 0 all keys have one weight. Traps, naming the shapes, where they do
/// not fit.
///
/// Reference: Vaswani et al., Attention is all you need, 2017, eq. 1; the fused gradient as in Dao et al.,
/// FlashAttention, 2022. Same as PyTorch's `scaled_dot_product_attention`.
public func scaledDotProductAttention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: AttentionMask? = nil, scale: Double? = nil,
    form: AttentionForm = .fused
) -> Tensor {
    let lead = attentionBatch(q, k, v)
    let scale = scale ?? usualScale(q)
    let (bias, isCausal) = (mask?.bias, mask?.isCausal ?? false)
    if let bias { checkMask(bias, lead, q, k) }
    let isEmpty = q.count == 0 || k.count == 0 || v.count == 0
    if form == .plain || bias?.node != nil || isEmpty {
        return plainAttention(q, k, v, bias: bias, scale: scale, isCausal: isCausal)
    }
    let parts = q.backend.attention(
        q.array.stretched(to: lead), k.array.stretched(to: lead), v.array.stretched(to: lead), bias: bias?.array,
        scale: scale, isCausal: isCausal)
    return .recorded(
        .attention(scale: scale, isCausal: isCausal), [q, k, v], parts[0],
        saved: [parts[1], parts[2]] + (bias.map { [$0.array] } ?? []))
}

/// The weights softmax(scale q k' + mask): [..., T, S]; rows sum to 1, or are zero where no key is left.
///
/// - q: [..., T, d]; k: [..., S, d]; mask and scale as for `scaledDotProductAttention`.
public func attentionWeights(_ q: Tensor, _ k: Tensor, mask: AttentionMask? = nil, scale: Double? = nil) -> Tensor {
    let lead = attentionBatch(q, k, k)
    let bias = mask?.bias
    if let bias { checkMask(bias, lead, q, k) }
    return plainWeights(
        q, k, bias: bias, scale: scale ?? usualScale(q), isCausal: mask?.isCausal ?? false)
}

/// The composition that the fused operation's higher derivatives are taken of.
func plainAttention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, bias: Tensor?, scale: Double, isCausal: Bool
) -> Tensor {
    matmul(plainWeights(q, k, bias: bias, scale: scale, isCausal: isCausal), v)
}

private func plainWeights(_ q: Tensor, _ k: Tensor, bias: Tensor?, scale: Double, isCausal: Bool) -> Tensor {
    let scores = matmul(q, k, transposeB: true).scaled(by: scale)
    let (queries, keys) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
    let causal = AttentionMask.keeping(
        .causalMask(queries: queries, keys: keys, precision: q.precision).moved(toBackendOf: q))
    guard let bias = isCausal ? causal.bias : bias else { return scores.softmax() }
    let floor = Tensor.full([], Tensor.maskedScore, like: q)
    return (scores + bias).softmax() * bias.detached.isGreater(than: floor)
}

/// 1 / sqrt(d); scores of no features are zeros whatever the scale.
private func usualScale(_ q: Tensor) -> Double { 1 / Double(max(1, q.shape[q.rank - 1])).squareRoot() }

/// The common leading axes; traps where the shapes do not fit.
private func attentionBatch(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Shape {
    precondition(
        q.rank >= 2 && k.rank >= 2 && v.rank >= 2 && q.shape[q.rank - 1] == k.shape[k.rank - 1]
            && k.shape[k.rank - 2] == v.shape[v.rank - 2] && q.precision == k.precision && q.precision == v.precision,
        "attention: q \(q.shape), k \(k.shape), v \(v.shape)")
    q.checkBackend(k, "attention")
    q.checkBackend(v, "attention")
    let pairs = Shape.broadcast(q.shape.prefix(rank: q.rank - 2), k.shape.prefix(rank: k.rank - 2), "attention")
    return Shape.broadcast(pairs, v.shape.prefix(rank: v.rank - 2), "attention")
}

private func checkMask(_ bias: Tensor, _ lead: Shape, _ q: Tensor, _ k: Tensor) {
    q.checkBackend(bias, "attention mask")
    let scores = Shape(lead.array + [q.shape[q.rank - 2], k.shape[k.rank - 2]])
    precondition(
        bias.precision == q.precision && bias.rank <= scores.count
            && Shape.broadcast(bias.shape, scores, "attention mask") == scores,
        "attention: mask \(bias.shape) for scores \(scores)")
}

/// Which of two equal ways attention is computed in: they differ in memory and speed, and agree to rounding.
public enum AttentionForm: String, Sendable, Codable, CaseIterable {
    /// One operation, a (batch, head) pair at a time in cache; its memory grows with T, not with T S.
    case fused
    /// Products and a softmax, with all weights in memory.
    case plain
}

/// Which keys a query may attend to.
public enum AttentionMask: Sendable {
    /// Query i sees keys 0 ... i, also where queries and keys differ in number; PyTorch's `is_causal`.
    case causal
    /// Added to the scores; broadcasts to [..., T, S]. Minus infinity, or -1e30 and less, leaves a key out. Has a
    /// derivative.
    case additive(Tensor)
    /// Keys whose number is not 0 take part; broadcasts to [..., T, S].
    ///
    /// PyTorch's `scaled_dot_product_attention` reads boolean masks so; its `nn.MultiheadAttention` the other way.
    case keeping(Tensor)
}

extension Tensor {
    /// Added to the score of a key that is left out: finite, so that no infinities are subtracted, but far below any
    /// score.
    static let maskedScore = -1e30

    /// Ones where query i sees key j (j <= i), else zeros: [queries, keys], for `AttentionMask.keeping` beside others.
    public static func causalMask(queries: Int, keys: Int, precision: Precision = .single) -> Tensor {
        let ones = (0..<queries).flatMap { query in (0..<keys).map { $0 <= query ? 1.0 : 0 } }
        return Tensor(ones, shape: [queries, keys], precision: precision)
    }
}

extension AttentionMask {
    var isCausal: Bool { if case .causal = self { true } else { false } }

    /// What is added to the scores, nowhere below `Tensor.maskedScore`; nil for the causal mask.
    var bias: Tensor? {
        switch self {
        case .causal: nil
        case .additive(let scores): scores.maximum(.full([], Tensor.maskedScore, like: scores))
        case .keeping(let keys):
            keys.detached.isEqual(to: .zeros([], like: keys)).scaled(by: Tensor.maskedScore)
        }
    }
}

extension Primitive {
    static func attentionVJP(_ rule: Rule, _ g: Tensor, scale: Double, isCausal: Bool) -> [Tensor?] {
        let bias = rule.saved.count > 2 ? rule.saved[2] : nil
        // The fused rule has no derivative of its own: neither by the inputs nor by the cotangent.
        if rule.isNested || g.node != nil {
            return pullback(at: rule.inputs) {
                [plainAttention($0[0], $0[1], $0[2], bias: bias.map { Tensor($0) }, scale: scale, isCausal: isCausal)]
            }.pull([g])
        }
        let lead = rule.outputShapes[0].prefix(rank: g.rank - 2)
        let views = rule.inputs.map { $0.array.stretched(to: lead) }
        let gradients = g.backend.attentionGradients(
            views[0], views[1], views[2], bias: bias, scale: scale, isCausal: isCausal, saved: rule.saved,
            g: g.array)
        return zip(gradients, rule.inputs).map { Tensor($0).summed(to: $1.shape) }
    }

    static func attentionJVP(_ rule: Rule, _ tangents: [Tensor?], scale: Double, isCausal: Bool) -> [Tensor?] {
        let bias = rule.saved.count > 2 ? Tensor(rule.saved[2]) : nil
        let along = zip(rule.inputs, tangents).map { $1 ?? .zeros($0.shape, like: $0) }
        return pushforward(at: rule.inputs, along: along) {
            [plainAttention($0[0], $0[1], $0[2], bias: bias, scale: scale, isCausal: isCausal)]
        }.tangents
    }
}
