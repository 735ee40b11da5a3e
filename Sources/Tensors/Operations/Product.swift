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

extension StridedArray {
    /// This array with its last two axes swapped if asked; traps below rank 2.
    func matrix(transposed: Bool) -> StridedArray {
        precondition(shape.count >= 2, "matmul: shape \(shape) has no two axes")
        guard transposed else { return self }
        var (extents, steps) = (shape, strides)
        extents.swapAt(shape.count - 1, shape.count - 2)
        steps.swapAt(shape.count - 1, shape.count - 2)
        return viewed(shape: extents, strides: steps)
    }

    /// A view with an axis of extent 1 before `axis`.
    func insertingAxis(at axis: Int) -> StridedArray {
        var (extents, steps) = (shape.array, strides.array)
        extents.insert(1, at: axis)
        steps.insert(0, at: axis)
        return viewed(shape: Shape(extents), strides: Shape(steps))
    }
}
