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

    /// log sum e^x over axes (all by default), without overflow; -inf where all are -inf.
    public func logSumExp(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let reduced = reducedAxes(axes, "logSumExp")
        let largest = detached.max(axes: reduced, keepingDims: true)
        // What is infinite cannot be subtracted from itself, and need not be.
        let zero = Tensor.zeros([], like: self)
        let shift = Tensor.select((largest - largest).isEqual(to: zero), largest, zero)
        let result = (self - shift).exp().sum(axes: reduced, keepingDims: true).log() + shift
        return keepingDims ? result : result.reshaped(shape.removing(reduced))
    }

    /// Variance over axes (all by default): the sum of (x - mean)^2 divided by n - correction.
    ///
    /// PyTorch's default correction is 1.
    public func variance(axes: [Int]? = nil, correction: Double = 0, keepingDims: Bool = false) -> Tensor {
        let reduced = reducedAxes(axes, "variance")
        let count = reduced.reduce(1) { $0 * shape[$1] }
        let centred = self - mean(axes: reduced, keepingDims: true)
        return centred.square().sum(axes: reduced, keepingDims: keepingDims) / (Double(count) - correction)
    }

    /// e^x / sum e^x along an axis (the last by default), without overflow.
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

extension Shape {
    /// This shape with extent 1 at the given axes.
    func collapsing(_ axes: [Int]) -> Shape {
        var result = self
        for axis in axes { result[axis] = 1 }
        return result
    }
}
