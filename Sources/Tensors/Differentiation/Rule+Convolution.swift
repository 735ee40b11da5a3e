extension Primitive {
    /// Each role is linear in both of its factors; its derivatives are the other two roles.
    static func convolutionVJP(
        _ rule: Rule, _ g: Tensor, _ geometry: ConvolutionGeometry, _ role: ConvolutionRole
    ) -> [Tensor?] {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        func term(_ role: ConvolutionRole, _ left: Tensor, _ right: Tensor, like input: Tensor) -> Tensor {
            Tensor.convolution(geometry, role, left, right).summed(to: input.shape)
        }
        switch role {
        case .output:
            let slopes = [
                rule.wanted(0) { term(.inputGradient, g, b, like: a) },
                rule.wanted(1) { term(.weightGradient, a, g, like: b) },
            ]
            guard rule.inputs.count == 3 else { return slopes }
            return slopes + [rule.wanted(2) { biasGradient(g, like: rule.inputs[2]) }]
        case .inputGradient:
            return [
                rule.wanted(0) { term(.output, g, b, like: a) },
                rule.wanted(1) { term(.weightGradient, g, a, like: b) },
            ]
        case .weightGradient:
            return [
                rule.wanted(0) { term(.inputGradient, b, g, like: a) },
                rule.wanted(1) { term(.output, a, g, like: b) },
            ]
        }
    }

    static func convolutionJVP(
        _ rule: Rule, _ tangents: [Tensor?], _ geometry: ConvolutionGeometry, _ role: ConvolutionRole
    ) -> Tensor? {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        let shape = rule.outputShapes[0]
        var terms = [
            tangents[0].map { Tensor.convolution(geometry, role, $0, b) },
            tangents[1].map { Tensor.convolution(geometry, role, a, $0) },
        ]
        if rule.inputs.count == 3, let tangent = tangents[2] {
            let lead = tangent.shape.prefix(rank: tangent.rank - 1).array
            let row = lead + (lead.isEmpty ? [] : [1]) + [tangent.shape[tangent.rank - 1], 1, 1]
            terms.append(tangent.reshaped(Shape(row)).broadcast(to: shape))
        }
        return total(terms)
    }

    /// The sum over samples and pixels: [..., B, O, oh, ow] to [..., O].
    private static func biasGradient(_ g: Tensor, like bias: Tensor) -> Tensor {
        g.sum(axes: [-4, -2, -1]).summed(to: bias.shape)
    }
}
