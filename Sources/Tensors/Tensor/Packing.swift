extension Tensor {
    /// Views of all slots of a flat vector: `[..., D]` to one `[..., slot shape]` a slot, without copying where the
    /// last axis lies contiguously.
    ///
    /// One primitive for all slots: its VJP writes each slot's gradient once into its place.
    public func unpacked(_ slots: [PackedSlot]) -> [Tensor] {
        precondition(rank >= 1, "unpack: a flat vector needs an axis, found \(shape)")
        let batch = shape.prefix(rank: rank - 1)
        let dense = array.strides[rank - 1] == 1 || shape[rank - 1] <= 1 ? array : backend.copy(array)
        let views = slots.map { slot in
            let end = slot.offset + slot.shape.elementCount
            precondition(end <= shape[rank - 1], "unpack: slot \(slot.shape) at \(slot.offset) in \(shape)")
            return dense.slot(slot, batch: batch)
        }
        guard node != nil else { return views.map { Tensor($0) } }
        let node = Node(.unpack(slots), [self], outputShapes: views.map(\.shape))
        return views.enumerated().map { Tensor($1, node: node, output: $0) }
    }

    /// The inverse of `unpacked`: copies every part into its place; slots must cover all D elements.
    public static func packed(_ parts: [Tensor], _ slots: [PackedSlot]) -> Tensor {
        precondition(parts.count == slots.count && !parts.isEmpty, "pack: \(parts.count) parts, \(slots.count) slots")
        let batch = parts[0].shape.prefix(rank: parts[0].rank - slots[0].shape.count)
        let length = slots.reduce(0) { $0 + $1.shape.elementCount }
        let backend = parts[0].backend
        let result = StridedArray(uninitialized: batch.appending(length), precision: parts[0].precision, on: backend)
        for (part, slot) in zip(parts, slots) {
            parts[0].checkBackend(part, "pack")
            backend.copy(part.array, into: result.slot(slot, batch: batch))
        }
        return .recorded(.pack(slots), parts, result)
    }
}

extension Primitive {
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
