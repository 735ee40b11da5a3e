/// Matrix product over the last two axes: C = op(A) op(B), op transposes where asked.
///
/// - a: [..., M, K] (or [..., K, M] with `transposeA`)
/// - b: [..., K, N] (or [..., N, K] with `transposeB`)
/// - returns [..., M, N]; leading axes are batch axes and broadcast.
///
/// Traps, naming both shapes, when they do not fit.
public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor {
    let (left, right) = (a.array.matrix(transposed: transposeA), b.array.matrix(transposed: transposeB))
    precondition(
        a.precision == b.precision && left.shape[left.shape.count - 1] == right.shape[right.shape.count - 2],
        "matmul: \(left.shape) and \(right.shape)")
    a.checkBackend(b, "matmul")
    return .recorded(
        .matmul(transposeA: transposeA, transposeB: transposeB), [a, b], batchedProduct(left, right, bias: nil))
}

/// Affine map y = x W' + b, PyTorch's weight order.
///
/// - x: [..., B, in]; weight: [..., out, in]; bias: [..., out]; returns [..., B, out].
///
/// Leading axes broadcast, so a population's weights `[P, out, in]` apply to inputs `[B, in]` shared by all.
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    precondition(
        x.rank >= 2 && weight.rank >= 2 && x.shape[x.rank - 1] == weight.shape[weight.rank - 1]
            && bias.shape[bias.rank - 1] == weight.shape[weight.rank - 2] && x.precision == weight.precision,
        "linear: x \(x.shape), weight \(weight.shape), bias \(bias.shape)")
    x.checkBackend(weight, "linear")
    x.checkBackend(bias, "linear")
    let row = bias.array.insertingAxis(at: bias.rank - 1)
    let result = batchedProduct(x.array, weight.array.matrix(transposed: true), bias: row)
    return .recorded(.linear, [x, weight, bias], result)
}

private func batchedProduct(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray {
    let (ra, rb) = (a.shape.count, b.shape.count)
    let batch = Shape.broadcast(a.shape.prefix(rank: ra - 2), b.shape.prefix(rank: rb - 2), "matmul")
    func stretched(_ x: StridedArray) -> StridedArray {
        x.broadcast(to: Shape(batch.array + x.shape.array.suffix(2)))
    }
    return a.backend.matmul(stretched(a), stretched(b), bias: bias)
}

extension Primitive {
    static func matmulVJP(_ rule: Rule, _ g: Tensor, transposeA: Bool, transposeB: Bool) -> [Tensor?] {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        return [
            rule.ifNeeded(0) {
                (transposeA
                    ? Tensors.matmul(b, g, transposeA: transposeB, transposeB: true)
                    : Tensors.matmul(g, b, transposeB: !transposeB)).summed(to: a.shape)
            },
            rule.ifNeeded(1) {
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
            rule.ifNeeded(0) { Tensors.matmul(g, weight).summed(to: x.shape) },
            rule.ifNeeded(1) { productOfRows(g, x, for: weight.shape) },
            rule.ifNeeded(2) {
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
}
