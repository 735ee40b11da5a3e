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
