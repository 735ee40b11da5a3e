/// How a symmetry group moves the entries along one axis of a slot.
///
/// The axis counts `repeats` times through the group's units, each of which holds `block` entries one behind the other:
/// index = (repeat * units + unit) * block + entry. Flattened channels are blocks of their pixels; the queries, keys
/// and values of attention heads are blocks of a head's width, three times over.
public struct GroupAction: Hashable, Sendable {
    /// The side of the units on which a weight lies.
    public enum Side: Hashable, Sendable {
        /// The weight helps to compute the unit: multiplied when the unit is rescaled.
        case incoming
        /// The weight reads the unit: divided when the unit is rescaled.
        case outgoing
        /// The weight moves with the unit and stays as it is when the unit is rescaled: a normalisation layer behind it
        /// undoes scales, or it is one of that layer's running statistics.
        case unscaled
    }

    /// What rescaling a unit does to its entries.
    public let side: Side
    /// How often the axis counts through the units.
    public let repeats: Int
    /// Neighbouring entries of one unit.
    public let block: Int

    /// Describes an action; traps unless repeats and block are positive.
    public init(_ side: Side, repeats: Int = 1, block: Int = 1) {
        precondition(repeats > 0 && block > 0, "group action: \(repeats) repeats of blocks of \(block)")
        (self.side, self.repeats, self.block) = (side, repeats, block)
    }

    /// One entry a unit, on the side that follows from the slot's role: axis 0 of weights and vectors counts the units
    /// computed, the others those read; an embedding's entries are read by nobody and its width is what it computes.
    static func usual(_ role: Slot.Role, axis: Int) -> GroupAction {
        switch role {
        case .embedding: GroupAction(axis == 0 ? .outgoing : .incoming)
        case .weight, .bias, .scale, .shift: GroupAction(axis == 0 ? .incoming : .outgoing)
        }
    }

    /// Number of units that an axis of `extent` entries has, or nil where it is not a whole one.
    func units(in extent: Int) -> Int? {
        let (entries, overflow) = repeats.multipliedReportingOverflow(by: block)
        return overflow || extent % entries != 0 ? nil : extent / entries
    }
}
