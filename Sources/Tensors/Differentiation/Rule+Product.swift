extension Primitive {
    static func matmulVJP(_ rule: Rule, _ g: Tensor, transposeA: Bool, transposeB: Bool) -> [Tensor?] {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        return [
            rule.wanted(0) {
                (transposeA
                    ? Tensors.matmul(b, g, transposeA: transposeB, transposeB: true)
                    : Tensors.matmul(g, b, transposeB: !transposeB)).summed(to: a.shape)
            },
            rule.wanted(1) {
                if transposeA {
                    return
                        (transposeB
                        ? Tensors.matmul(g, a, transposeA: true, transposeB: true)
                        : Tensors.matmul(a, g)).summed(to: b.shape)
                }
                return transposeB ? productOfRows(g, a, for: b.shape) : productOfRows(a, g, for: b.shape)
            },
        ]
    }

    static func linearVJP(_ rule: Rule, _ g: Tensor) -> [Tensor?] {
        let (x, weight, bias) = (rule.inputs[0], rule.inputs[1], rule.inputs[2])
        return [
            rule.wanted(0) { Tensors.matmul(g, weight).summed(to: x.shape) },
            rule.wanted(1) { productOfRows(g, x, for: weight.shape) },
            rule.wanted(2) {
                let rows = g.sum(axes: [-2], keepingDims: true)
                return rows.reshaped(rows.shape.removing([rows.rank - 2])).summed(to: bias.shape)
            },
        ]
    }

    /// The gradient A' B by a factor of shape `target`, A `[..., M, K]`, B `[..., M, N]`. Batches that share the factor
    /// are laid under each other: one product then, not a sum of one a batch.
    private static func productOfRows(_ a: Tensor, _ b: Tensor, for target: Shape) -> Tensor {
        var joined = 0
        func canJoin(_ back: Int) -> Bool {
            let (left, right, shared) = (a.rank - back, b.rank - back, target.count - back)
            return left >= 0 && right >= 0 && a.shape[left] == b.shape[right] && (shared < 0 || target[shared] == 1)
        }
        while canJoin(joined + 3) { joined += 1 }
        guard joined > 0 else { return Tensors.matmul(a, b, transposeA: true).summed(to: target) }
        func tall(_ x: Tensor) -> Tensor {
            let lead = x.shape.prefix(rank: x.rank - 2 - joined)
            let rows = x.shape.array[lead.count..<(x.rank - 1)].reduce(1, *)
            return x.reshaped(Shape(lead.array + [rows, x.shape[x.rank - 1]]))
        }
        let product = Tensors.matmul(tall(a), tall(b), transposeA: true)
        var extents = product.shape.array
        extents.insert(contentsOf: Array(repeating: 1, count: min(joined, target.count - 2)), at: product.rank - 2)
        return product.reshaped(Shape(extents)).summed(to: target)
    }

    static func linearJVP(_ rule: Rule, _ tangents: [Tensor?]) -> Tensor? {
        let (x, weight, bias) = (rule.inputs[0], rule.inputs[1], rule.inputs[2])
        let terms = [
            tangents[0].map { Tensors.matmul($0, weight, transposeB: true) },
            tangents[1].map { Tensors.matmul(x, $0, transposeB: true) },
            tangents[2].map { tangent in
                var row = bias.shape.array
                row.insert(1, at: row.count - 1)
                return tangent.reshaped(Shape(row)).broadcast(to: rule.outputShapes[0])
            },
        ]
        return total(terms)
    }

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

    /// 1/k at each of the k largest elements of a row.
    static func maxWeights(_ rule: Rule) -> Tensor {
        let hits = rule.inputs[0].detached.isEqual(to: rule.keptResult.detached)
        return hits / hits.sum(axes: [-1], keepingDims: true)
    }

    /// Gathers the cotangents of all slots into one flat vector; slots without one are zero.
    static func packCotangents(_ rule: Rule, _ slots: [PackedSlot], _ cotangents: [Tensor?]) -> Tensor? {
        let flat = rule.inputs[0]
        let parts = zip(cotangents, rule.outputShapes).map { cotangent, shape in
            cotangent ?? .zeros(shape, like: flat)
        }
        let covered = slots.reduce(0) { $0 + $1.shape.elementCount } == flat.shape[flat.rank - 1]
        precondition(covered, "unpack: slots leave a part of \(flat.shape) uncovered")
        return .packed(parts, slots)
    }
}
