extension SymmetryElement {
    /// The transformed copy of one network's parameters `[D]`; traps unless row and element fit the layout.
    public func apply(to row: [Float], layout: ParameterLayout) -> [Float] {
        row.withUnsafeBufferPointer { source in
            Array(unsafeUninitializedCapacity: layout.count) { target, initialized in
                apply(to: source, layout: layout, into: UnsafeMutableBufferPointer(rebasing: target[..<layout.count]))
                initialized = layout.count
            }
        }
    }

    /// Writes the transformed parameters `[D]` into `target`, which must not overlap `row`.
    public func apply(
        to row: UnsafeBufferPointer<Float>, layout: ParameterLayout, into target: UnsafeMutableBufferPointer<Float>
    ) {
        transform(layout.slots, of: row, layout, into: target)
    }

    /// The transformed copy of one network's buffers (running statistics follow their units).
    public func apply(toBuffers row: [Float], layout: ParameterLayout) -> [Float] {
        row.withUnsafeBufferPointer { source in
            Array(unsafeUninitializedCapacity: layout.bufferCount) { target, initialized in
                transform(
                    layout.buffers, of: source, layout,
                    into: UnsafeMutableBufferPointer(rebasing: target[..<layout.bufferCount]))
                initialized = layout.bufferCount
            }
        }
    }

    private func transform(
        _ slots: [Slot], of row: UnsafeBufferPointer<Float>, _ layout: ParameterLayout,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        let count = slots.last?.range.upperBound ?? 0
        precondition(
            row.count == count && target.count == count, "symmetry element: \(row.count) values, \(count) wanted")
        precondition(
            permutations.map(\.count) == layout.groups.map(\.size), "symmetry element: other groups than the layout's")
        guard let source = row.baseAddress, let target = target.baseAddress else { return }
        for slot in slots {
            SlotTransform(slot, self).apply(source + slot.offset, into: target + slot.offset)
        }
    }
}
