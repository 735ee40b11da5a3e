extension Tensor {
    /// Layer normalisation over the last axis: y = (x - mean) / sqrt(var + eps) * gamma + beta, var the biased variance.
    ///
    /// - x: [..., n]; gamma, beta: [n], or [P, n] for a population, whose x is then [P, ..., n].
    ///
    /// Reference: Ba, Kiros, Hinton, Layer Normalization, 2016, eq. 3-4. Same as PyTorch's.
    public func layerNormalized(scale gamma: Tensor, shift beta: Tensor, epsilon: Double = 1e-5) -> Tensor {
        precondition(rank >= 1 && gamma.rank >= 1, "layerNorm: x \(shape), scale \(gamma.shape)")
        let n = shape[rank - 1]
        precondition(
            gamma.shape == beta.shape && gamma.shape[gamma.rank - 1] == n
                && (gamma.rank == 1 || gamma.shape.prefix(rank: gamma.rank - 1) == shape.prefix(rank: gamma.rank - 1)),
            "layerNorm: x \(shape), scale \(gamma.shape), shift \(beta.shape)")
        checkBackend(gamma, "layerNorm")
        checkBackend(beta, "layerNorm")
        // Nothing to normalise; gradients by scale and shift come from the sums that are zero then.
        if n == 0 { return layerNormalizedPlainly(scale: gamma, shift: beta, epsilon: epsilon) }
        let parts = backend.layerNorm(array, gamma: gamma.array, beta: beta.array, epsilon: epsilon)
        return .recorded(
            .layerNorm(epsilon: epsilon), [self, gamma, beta], parts[0], saved: [parts[1], parts[2]])
    }

    /// The same from elementary operations: what the fused rule's higher derivatives are taken of.
    func layerNormalizedPlainly(scale gamma: Tensor, shift beta: Tensor, epsilon: Double) -> Tensor {
        let centred = self - mean(axes: [-1], keepingDims: true)
        let deviation = (centred.square().mean(axes: [-1], keepingDims: true) + epsilon).sqrt()
        return centred / deviation * gamma.alignedToRows(of: self) + beta.alignedToRows(of: self)
    }

    /// `[P, n]` as `[P, 1, ..., n]` beside `x` of shape `[P, ..., n]`; `[n]` stays.
    private func alignedToRows(of x: Tensor) -> Tensor {
        if rank == 1 { return self }
        let ones = Array(repeating: 1, count: x.rank - rank)
        return reshaped(Shape(shape.array.dropLast() + ones + [shape[rank - 1]]))
    }
}

extension Primitive {
    static func layerNormVJP(_ rule: Rule, _ g: Tensor, _ epsilon: Double) -> [Tensor?] {
        // The fused rule has no derivative of its own: neither by the inputs nor by the cotangent.
        if rule.isNested || g.node != nil {
            return pullback(at: rule.inputs) {
                [$0[0].layerNormalizedPlainly(scale: $0[1], shift: $0[2], epsilon: epsilon)]
            }.pull([g])
        }
        let (x, gamma) = (rule.inputs[0].array, rule.inputs[1].array)
        let gradients = g.backend.layerNormGradients(
            x, gamma: gamma, mean: rule.saved[0], rstd: rule.saved[1], g: g.array)
        return gradients.map { Tensor($0) }
    }
}
