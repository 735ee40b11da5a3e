extension Tensor {
    /// Sum over axes (all by default).
    ///
    /// Single-precision sums along contiguous axes are accumulated in double. Traps on an axis that is not there.
    public func sum(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let axes = reducedAxes(axes, "sum")
        let reduced = Tensor.recorded(.sum(axes: axes), [self], backend.sum(array, axes: axes))
        return keepingDims ? reduced : reduced.reshaped(shape.removing(axes))
    }

    /// Mean over axes (all by default).
    public func mean(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
        let count = (axes ?? Array(shape.indices)).reduce(1) { $0 * shape[shape.axis($1, "mean")] }
        return sum(axes: axes, keepingDims: keepingDims) / Double(count)
    }

    /// Largest element along the last axis; where several are equal the derivative is shared evenly.
    public func maxLast(keepingDims: Bool = false) -> Tensor {
        let reduced = Tensor.recorded(.maxLast, [self], backend.maxLast(array), keepingResult: true)
        return keepingDims ? reduced : reduced.reshaped(shape.removing([rank - 1]))
    }

    /// Index of the first largest element along the last axis, row by row.
    public func argmax() -> [Int32] { backend.argmaxLast(array) }

    /// x - log sum exp x along the last axis, without overflow.
    public func logSoftmax() -> Tensor {
        .recorded(.logSoftmax, [self], backend.logSoftmax(array), keepingResult: true)
    }

    /// Sums away what broadcasting stretched: the transpose of `broadcast(to:)`.
    func summed(to target: Shape) -> Tensor {
        if shape == target { return self }
        return sum(axes: shape.axesStretched(from: target), keepingDims: true).reshaped(target)
    }
}

extension Shape {
    /// This shape without the given axes.
    func removing(_ axes: [Int]) -> Shape {
        Shape(indices.filter { !axes.contains($0) }.map { self[$0] })
    }
}
