extension Tensor {
    /// The same elements, in row-major order, under another shape; one extent may be -1. Traps when counts differ.
    public func reshaped(_ target: Shape) -> Tensor {
        let target = target.resolving(count)
        precondition(target.elementCount == count, "reshape: \(shape) to \(target)")
        if target == shape { return self }
        let dense = array.isContiguous ? array : backend.copy(array)
        return .recorded(.reshape, [self], dense.viewed(shape: target, strides: target.contiguousStrides))
    }

    /// Axes in another order: axis i of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: [Int]) -> Tensor {
        precondition(order.sorted() == Array(0..<rank), "permute: order \(order) for shape \(shape)")
        let view = array.viewed(
            shape: Shape(order.map { shape[$0] }), strides: Shape(order.map { array.strides[$0] }))
        return .recorded(.permute(order), [self], view)
    }

    /// The last two axes swapped.
    public func transposed() -> Tensor {
        precondition(rank >= 2, "transpose: shape \(shape) has no two axes")
        return permuted(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
    }

    /// Elements `range` along one axis, as a view.
    public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
        let axis = shape.axis(axis, "slice")
        precondition(
            range.lowerBound >= 0 && range.upperBound <= shape[axis], "slice: \(range) of axis \(axis) in \(shape)")
        var extents = shape
        extents[axis] = range.count
        let view = array.viewed(
            shape: extents, strides: array.strides, offset: array.offset + range.lowerBound * array.strides[axis])
        return .recorded(.slice(axis: axis, start: range.lowerBound), [self], view)
    }

    /// Index `index` of an axis, which disappears.
    public func selected(axis: Int, _ index: Int) -> Tensor {
        let axis = shape.axis(axis, "select")
        return sliced(axis: axis, index..<(index + 1)).reshaped(shape.removing([axis]))
    }

    /// Zeros added before and after the elements of one axis.
    public func padded(axis: Int, before: Int, after: Int) -> Tensor {
        let axis = shape.axis(axis, "pad")
        precondition(before >= 0 && after >= 0, "pad: \(before) and \(after)")
        var extents = shape
        extents[axis] += before + after
        let result = StridedArray(uninitialized: extents, precision: precision, on: backend)
        backend.fill(result, with: 0)
        backend.copy(array, into: result.window(axis: axis, start: before, extent: shape[axis]))
        return .recorded(.pad(axis: axis, before: before, after: after), [self], result)
    }

    /// Stretched to `target` by NumPy's rule, as a view.
    public func broadcast(to target: Shape) -> Tensor {
        if target == shape { return self }
        precondition(
            Shape.broadcast(shape, target, "broadcast") == target, "broadcast: \(shape) to \(target)")
        return .recorded(.broadcast, [self], array.broadcast(to: target))
    }

    /// Tensors joined along an axis, in order; traps unless all other extents agree.
    public static func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
        precondition(!parts.isEmpty, "concatenate: no tensors")
        let axis = parts[0].shape.axis(axis, "concatenate")
        var extents = parts[0].shape
        extents[axis] = 0
        for part in parts {
            var expected = part.shape
            expected[axis] = parts[0].shape[axis]
            precondition(
                expected == parts[0].shape && part.precision == parts[0].precision,
                "concatenate: \(parts[0].shape) and \(part.shape) along axis \(axis)")
            parts[0].checkBackend(part, "concatenate")
            extents[axis] += part.shape[axis]
        }
        let backend = parts[0].backend
        let result = StridedArray(uninitialized: extents, precision: parts[0].precision, on: backend)
        var start = 0
        for part in parts {
            backend.copy(part.array, into: result.window(axis: axis, start: start, extent: part.shape[axis]))
            start += part.shape[axis]
        }
        return .recorded(.concatenate(axis: axis), parts, result)
    }

    /// Rows `indices` of an axis (with repetition): `[..., n, ...]` to `[..., indices.count, ...]`.
    public func gathered(axis: Int, _ indices: [Int32]) -> Tensor {
        let axis = shape.axis(axis, "gather")
        return .recorded(
            .gather(axis: axis, indices: indices), [self], backend.gather(array, axis: axis, indices: indices))
    }

    /// The transpose of `gathered`: adds row i to row `indices[i]` of `count` zero rows.
    public func scatteredAdd(axis: Int, _ indices: [Int32], count: Int) -> Tensor {
        let axis = shape.axis(axis, "scatterAdd")
        return .recorded(
            .scatterAdd(axis: axis, indices: indices), [self],
            backend.scatterAdd(array, axis: axis, indices: indices, count: count))
    }
}

extension Primitive {
    func movementVJP(_ rule: Rule, _ g: Tensor) -> [Tensor?] {
        let shape = rule.inputs[0].shape
        switch self {
        case .broadcast: return [g.summed(to: shape)]
        case .reshape: return [g.reshaped(shape)]
        case .permute(let order): return [g.permuted(Self.inverse(order))]
        case .slice(let axis, let start):
            return [g.padded(axis: axis, before: start, after: shape[axis] - start - g.shape[axis])]
        case .pad(let axis, let before, _): return [g.sliced(axis: axis, before..<(before + shape[axis]))]
        case .concatenate(let axis):
            var start = 0
            return rule.inputs.indices.map { index in
                let extent = rule.inputs[index].shape[axis]
                defer { start += extent }
                return rule.ifNeeded(index) { g.sliced(axis: axis, start..<(start + extent)) }
            }
        case .gather(let axis, let indices): return [g.scatteredAdd(axis: axis, indices, count: shape[axis])]
        case .scatterAdd(let axis, let indices): return [g.gathered(axis: axis, indices)]
        case .pack(let slots): return g.unpacked(slots)
        case .unfold(let window): return [g.folded(window, to: shape.lastTwo)]
        case .fold(let window): return [g.unfolded(window)]
        default: preconditionFailure("derivative: \(self) has no VJP")
        }
    }

    func movementJVP(_ rule: Rule, _ tangents: [Tensor?]) -> [Tensor?] {
        if case .unpack(let slots) = self {
            return tangents[0].map { $0.unpacked(slots) } ?? slots.map { _ in nil }
        }
        func zero(_ index: Int) -> Tensor {
            .zeros(rule.inputs[index].shape, like: rule.inputs[index])
        }
        if case .concatenate(let axis) = self {
            return [.concatenate(tangents.indices.map { tangents[$0] ?? zero($0) }, axis: axis)]
        }
        if case .pack(let slots) = self {
            return [.packed(tangents.indices.map { tangents[$0] ?? zero($0) }, slots)]
        }
        guard let tangent = tangents[0] else { return [nil] }
        let shape = rule.outputShapes[0]
        switch self {
        case .broadcast: return [tangent.broadcast(to: shape)]
        case .reshape: return [tangent.reshaped(shape)]
        case .permute(let order): return [tangent.permuted(order)]
        case .slice(let axis, let start): return [tangent.sliced(axis: axis, start..<(start + shape[axis]))]
        case .pad(let axis, let before, let after): return [tangent.padded(axis: axis, before: before, after: after)]
        case .gather(let axis, let indices): return [tangent.gathered(axis: axis, indices)]
        case .scatterAdd(let axis, let indices):
            return [tangent.scatteredAdd(axis: axis, indices, count: shape[axis])]
        case .unfold(let window): return [tangent.unfolded(window)]
        case .fold(let window): return [tangent.folded(window, to: shape.lastTwo)]
        default: preconditionFailure("derivative: \(self) has no JVP")
        }
    }

    private static func inverse(_ order: [Int]) -> [Int] {
        var result = order
        for (to, from) in order.enumerated() { result[from] = to }
        return result
    }
}
