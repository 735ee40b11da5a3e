/// Which axes of which slots a network's symmetry groups act on: the layout's tags, listed group by group.
///
/// A group may act on blocks of an axis (`GroupAction`), but an axis belongs to one group as a whole: the channels
/// within each head of an attention, which move only with their own head's, are not expressed.
public struct PermutationSpec: Sendable, Equatable {
    /// One tagged axis.
    public struct Place: Sendable, Equatable {
        /// Index of the slot in the layout.
        public let slot: Int
        /// The axis that the group permutes.
        public let axis: Int
        /// How the group moves it.
        public let action: GroupAction
        /// Whether the axis counts what the units take in (their rows and biases), or what is made of their output.
        public var side: GroupAction.Side { action.side }
        /// Whether the slot's rows, in their order, are the units' slices.
        var isLeading: Bool { axis == 0 && action.repeats == 1 }
    }

    /// For each group of the layout the places it acts on, in slot order.
    public let places: [[Place]]

    /// Reads the tags of a layout.
    public init(layout: ParameterLayout) {
        var places = Array(repeating: [Place](), count: layout.groups.count)
        for (index, slot) in layout.slots.enumerated() {
            for (axis, group) in slot.axes.enumerated() {
                guard let group else { continue }
                places[group].append(Place(slot: index, axis: axis, action: slot.actions[axis]))
            }
        }
        self.places = places
    }
}

extension Slot {
    /// Distance between the first entries of neighbouring units along an axis: element i belongs to unit
    /// `i / stride % units`.
    func stride(ofUnitsAlong axis: Int) -> Int { shape[(axis + 1)...].reduce(actions[axis].block, *) }
}
