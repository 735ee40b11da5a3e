extension Tensor {
    /// Views of all slots of a flat vector: `[..., D]` to one `[..., slot shape]` a slot, without copying where the
    /// last axis lies contiguously.
    ///
    /// One primitive for all slots: its VJP writes each slot's gradient once into its place. Slots may share elements
    /// (tied weights): their gradients are added up; elements of no slot have a gradient of zero. Traps on a slot that
    /// does not lie within the vector.
    public func unpacked(_ slots: [PackedSlot]) -> [Tensor] {
        precondition(rank >= 1, "unpack: a flat vector needs an axis, found \(shape)")
        let batch = shape.prefix(rank: rank - 1)
        let dense = array.strides[rank - 1] == 1 || shape[rank - 1] <= 1 ? array : backend.copy(array)
        let views = slots.map { slot in
            precondition(slot.lies(within: shape[rank - 1]), "unpack: slot \(slot.shape) at \(slot.offset) in \(shape)")
            return dense.slot(slot, batch: batch)
        }
        guard node != nil else { return views.map { Tensor($0) } }
        let node = Node(.unpack(slots), [self], outputShapes: views.map(\.shape))
        return views.enumerated().map { Tensor($1, node: node, output: $0) }
    }

    /// The inverse of `unpacked`: copies every part into its place, unless they all lie there already.
    ///
    /// Traps unless each of the D elements lies in exactly one slot, and each part has the shape of its slot.
    public static func packed(_ parts: [Tensor], _ slots: [PackedSlot]) -> Tensor {
        precondition(parts.count == slots.count && !parts.isEmpty, "pack: \(parts.count) parts, \(slots.count) slots")
        precondition(parts[0].rank >= slots[0].shape.count, "pack: \(parts[0].shape) into slot \(slots[0].shape)")
        let batch = parts[0].shape.prefix(rank: parts[0].rank - slots[0].shape.count)
        let length = slots.reduce(0) { $0 + $1.shape.elementCount }
        precondition(slots.tile(length), "pack: slots \(slots) overlap or leave gaps in \(length) elements")
        for (part, slot) in zip(parts, slots) {
            parts[0].checkBackend(part, "pack")
            precondition(
                part.shape == Shape(batch.array + slot.shape.array) && part.precision == parts[0].precision,
                "pack: \(part.shape) into slot \(slot.shape) beside \(batch)")
        }
        if let whole = StridedArray.whole(of: parts.map(\.array), slots, batch: batch, length: length) {
            return .recorded(.pack(slots), parts, whole)
        }
        let backend = parts[0].backend
        let result = StridedArray(uninitialized: batch.appending(length), precision: parts[0].precision, on: backend)
        for (part, slot) in zip(parts, slots) { backend.copy(part.array, into: result.slot(slot, batch: batch)) }
        return .recorded(.pack(slots), parts, result)
    }
}

extension Primitive {
    /// Gathers the cotangents of all slots into one flat vector; what no slot or cotangent reaches is zero, and where
    /// slots overlap cotangents are added up.
    static func packCotangents(_ rule: Rule, _ slots: [PackedSlot], _ cotangents: [Tensor?]) -> Tensor? {
        let flat = rule.inputs[0], length = flat.shape[flat.rank - 1]
        if slots.tile(length), !slots.isEmpty {
            let parts = zip(cotangents, rule.outputShapes).map { $0 ?? .zeros($1, like: flat) }
            return .packed(parts, slots)
        }
        return zip(cotangents, slots).reduce(nil) { sum, entry in
            guard let cotangent = entry.0 else { return sum }
            let row = cotangent.reshaped(flat.shape.prefix(rank: flat.rank - 1).appending(entry.1.shape.elementCount))
            let wide = row.padded(axis: -1, before: entry.1.offset, after: length - entry.1.end)
            return sum.map { $0 + wide } ?? wide
        }
    }
}

extension PackedSlot {
    /// One past its last element in the vector.
    fileprivate var end: Int { offset + shape.elementCount }

    fileprivate func lies(within length: Int) -> Bool { offset >= 0 && end <= length }
}

extension [PackedSlot] {
    /// Whether each of `length` elements lies in exactly one slot.
    func tile(_ length: Int) -> Bool {
        var next = 0
        for slot in filter({ $0.shape.elementCount > 0 }).sorted(by: { $0.offset < $1.offset }) {
            guard slot.offset == next else { return false }
            next = slot.end
        }
        return next == length
    }
}
