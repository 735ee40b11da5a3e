import Networks
import Tensors

extension ParameterLayout {
    /// The outputs: the untagged first axis of the last weight, and of the bias after it; nil where the last weight's
    /// outputs are no free axis.
    private var outputSlots: (first: Int, count: Int)? {
        guard let last = slots.lastIndex(where: { $0.role == .weight }), slots[last].axes[0] == nil else { return nil }
        return (last, slots[last].shape[0])
    }

    /// Number of output units, nil where `withOutputUnits` is.
    var outputUnits: Int? { outputSlots?.count }

    /// The same layout with the output units as one more group, the last: a velocity net that reads it does not know one
    /// output from another. Reordering outputs changes what a network says, so this is no symmetry of its function.
    func withOutputUnits() -> ParameterLayout? {
        guard let outputs = outputSlots else { return nil }
        let group = SymmetryGroup(name: "outputs", size: outputs.count, scaling: .none)
        let tagged = slots.enumerated().map { index, slot -> Slot in
            guard index >= outputs.first, slot.shape.first == outputs.count, slot.axes[0] == nil else { return slot }
            let actions = Dictionary(uniqueKeysWithValues: slot.actions.enumerated().map { ($0, $1) })
            return Slot(
                name: slot.name, offset: slot.offset, shape: slot.shape, role: slot.role,
                axes: [groups.count] + slot.axes.dropFirst(), actions: actions)
        }
        return ParameterLayout(slots: tagged, groups: groups + [group], buffers: buffers)
    }
}
