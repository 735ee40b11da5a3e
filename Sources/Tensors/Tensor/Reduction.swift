extension Tensor {
    /// Sum over axes (all by default).
    ///
    /// Single-precision sums along contiguous axes are accumulated in double. Traps on an axis that is not there.
    public func sum(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let axes = reducedAxes(axes, "sum")
        let reduced = Tensor.recorded(.sum(axes: axes), [self], backend.sum(array, axes: axes))
        return keepingDims ? reduced : reduced.reshaped(shape.removing(axes))
    }

    /// Mean over axes (all by default); NaN of no elements.
    public func mean(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let count = (axes ?? Array(shape.indices)).reduce(1) { $0 * shape[shape.axis($1, "mean")] }
        return sum(axes: axes, keepingDims: keepingDims) / Double(count)
    }

    /// Largest element along the last axis; where several are equal the derivative is shared evenly.
    ///
    /// NaN where any is NaN, and the derivatives of that row then too. Traps where the axis is empty.
    public func maxLast(keepingDims: Bool = false) -> Tensor {
        let reduced = Tensor.recorded(.maxLast, [self], backend.maxLast(array), keepingResult: true)
        return keepingDims ? reduced : reduced.reshaped(shape.removing([rank - 1]))
    }

    /// Index of the first largest element along the last axis, row by row; NaN is the largest. Traps where the axis is
    /// empty.
    public func argmax() -> [Int32] { backend.argmaxLast(array) }

    /// x - log sum exp x along the last axis, without overflow. An empty axis gives an empty result.
    public func logSoftmax() -> Tensor {
        .recorded(.logSoftmax, [self], backend.logSoftmax(array), keepingResult: true)
    }

    /// Sums away what broadcasting stretched: the transpose of `broadcast(to:)`.
    func summed(to target: Shape) -> Tensor {
        if shape == target { return self }
        return sum(axes: shape.axesStretched(from: target), keepingDims: true).reshaped(target)
    }
}

extension Tensor {
    /// Largest element over axes (all by default); where several are equal the derivative is shared evenly.
    ///
    /// NaN where any is NaN. Traps where the axes hold no element. Same as PyTorch's `amax`.
    public func max(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let reduced = reducedAxes(axes, "max")
        precondition(reduced.allSatisfy { shape[$0] > 0 }, "max: no elements along axes \(reduced) of \(shape)")
        if reduced.isEmpty { return self }
        let kept = shape.indices.filter { !reduced.contains($0) }
        let width = reduced.reduce(1) { $0 * shape[$1] }
        let rows = permuted(kept + reduced).reshaped(Shape(kept.map { shape[$0] } + [width]))
        let largest = rows.maxLast()
        return keepingDims ? largest.reshaped(shape.collapsing(reduced)) : largest
    }

    /// Smallest element over axes (all by default); as `max`.
    public func min(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        -(-self).max(axes: axes, keepingDims: keepingDims)
    }

    /// log sum e^x over axes (all by default), without overflow; -inf where all are -inf, and of no elements.
    public func logSumExp(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let reduced = reducedAxes(axes, "logSumExp")
        if reduced.contains(where: { shape[$0] == 0 }) {
            let kept = shape.collapsing(reduced)
            return .full(keepingDims ? kept : kept.removing(reduced), -.infinity, like: self)
        }
        let largest = detached.max(axes: reduced, keepingDims: true)
        // What is infinite cannot be subtracted from itself, and need not be.
        let zero = Tensor.zeros([], like: self)
        let shift = Tensor.select((largest - largest).isEqual(to: zero), largest, zero)
        let result = (self - shift).exp().sum(axes: reduced, keepingDims: true).log() + shift
        return keepingDims ? result : result.reshaped(shape.removing(reduced))
    }

    /// Variance over axes (all by default): the sum of (x - mean)^2 divided by n - correction; NaN of no elements.
    ///
    /// PyTorch's default correction is 1.
    public func variance(axes: [Int]? = nil, correction: Double = 0, keepingDims: Bool = false) -> Tensor {
        let reduced = reducedAxes(axes, "variance")
        let count = reduced.reduce(1) { $0 * shape[$1] }
        let centred = self - mean(axes: reduced, keepingDims: true)
        return centred.square().sum(axes: reduced, keepingDims: keepingDims) / (Double(count) - correction)
    }

    /// e^x / sum e^x along an axis (the last by default), without overflow. An empty axis gives an empty result.
    public func softmax(axis: Int = -1) -> Tensor {
        let axis = shape.axis(axis, "softmax")
        if axis == rank - 1 { return logSoftmax().exp() }
        var order = Array(shape.indices)
        order.swapAt(axis, rank - 1)
        return permuted(order).logSoftmax().exp().permuted(order)
    }

    /// Axes counted from the front, in order; traps where one repeats.
    func reducedAxes(_ axes: [Int]?, _ operation: StaticString) -> [Int] {
        let resolved = (axes ?? Array(shape.indices)).map { shape.axis($0, operation) }.sorted()
        precondition(Set(resolved).count == resolved.count, "\(operation): axes \(resolved) of \(shape) repeat")
        return resolved
    }
}

extension Primitive {
    /// 1/k at each of the k largest elements of a row.
    static func maxWeights(_ rule: Rule) -> Tensor {
        let hits = rule.inputs[0].detached.isEqual(to: rule.keptResult.detached)
        return hits / hits.sum(axes: [-1], keepingDims: true)
    }
}
