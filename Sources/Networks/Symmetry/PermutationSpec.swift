/// Which axes of which slots a network's symmetry groups act on: the layout's tags, listed group by group.
///
/// A convolution whose channels are flattened into the input axis of a linear layer cannot be expressed: an axis
/// belongs to one group as a whole, and flattened channels would be a group acting on blocks of an axis.
public struct PermutationSpec: Sendable, Equatable {
    /// One tagged axis.
    public struct Place: Sendable, Equatable {
        /// Index of the slot in the layout.
        public let slot: Int
        /// The axis that the group permutes.
        public let axis: Int
        /// Whether the axis counts what the units take in (their rows and biases), or what is made of their output.
        public let side: Side
    }

    /// The side of the units on which a weight lies.
    public enum Side: Sendable, Equatable {
        /// The weight helps to compute the unit: multiplied when the unit is rescaled.
        case incoming
        /// The weight reads the unit: divided when the unit is rescaled.
        case outgoing
    }

    /// For each group of the layout the places it acts on, in slot order.
    public let places: [[Place]]

    /// Reads the tags of a layout.
    public init(layout: ParameterLayout) {
        var places = Array(repeating: [Place](), count: layout.groups.count)
        for (index, slot) in layout.slots.enumerated() {
            for (axis, group) in slot.axes.enumerated() {
                guard let group else { continue }
                places[group].append(Place(slot: index, axis: axis, side: Self.side(of: axis, in: slot)))
            }
        }
        self.places = places
    }

    /// Axis 0 of weights and vectors counts the units computed, the others those read; an embedding's entries are read
    /// by nobody and its width is what it computes.
    static func side(of axis: Int, in slot: Slot) -> Side {
        switch slot.role {
        case .embedding: axis == 0 ? .outgoing : .incoming
        case .weight, .bias, .scale, .shift: axis == 0 ? .incoming : .outgoing
        }
    }
}
