import func Tensors.precondition

/// Where every tensor of a network lies in one flat vector, and which of its units may be reordered.
///
/// The flattening order is recorded here and never assumed. Slots follow each other without gaps.
public struct ParameterLayout: Hashable, Sendable {
    /// Slots in flattening order.
    public let slots: [Slot]
    /// Symmetry groups, referred to by index from `Slot.axes`.
    public let groups: [SymmetryGroup]
    /// Running statistics and the like: stored with a network, never generated. Offsets count in the buffer row.
    public let buffers: [Slot]
    /// D, the number of parameters.
    public let count: Int
    /// Number of buffer elements.
    public let bufferCount: Int

    /// Collects slots; traps unless they follow each other without gaps and name existing groups of fitting size.
    public init(slots: [Slot], groups: [SymmetryGroup] = [], buffers: [Slot] = []) {
        self.slots = slots
        self.groups = groups
        self.buffers = buffers
        count = Self.total(slots)
        bufferCount = Self.total(buffers)
        for slot in slots + buffers {
            precondition(
                slot.axes.count == slot.shape.count, "layout: \(slot.name) has \(slot.shape) but axes \(slot.axes)")
            for (axis, group) in slot.axes.enumerated() {
                guard let group else { continue }
                precondition(
                    groups.indices.contains(group)
                        && slot.actions[axis].units(in: slot.shape[axis]) == groups[group].size,
                    "layout: axis \(axis) of \(slot.name) \(slot.shape) does not fit group \(group)")
            }
        }
    }

    private static func total(_ slots: [Slot]) -> Int {
        var next = 0
        for slot in slots {
            precondition(slot.offset == next, "layout: \(slot.name) starts at \(slot.offset), expected \(next)")
            next += slot.count
        }
        return next
    }

    /// The slot of that name, or nil.
    public func slot(named name: String) -> Slot? { slots.first { $0.name == name } }

    /// Whether both lay out the same named tensors in the same places, whatever their symmetry groups.
    public func matches(_ other: ParameterLayout) -> Bool {
        func key(_ slot: Slot) -> [String] { [slot.name, "\(slot.offset)", "\(slot.shape)"] }
        return slots.map(key) == other.slots.map(key) && buffers.map(key) == other.buffers.map(key)
    }
}

extension ParameterLayout: Codable {
    private enum CodingKeys: String, CodingKey { case slots, buffers }

    /// Writes slots and buffers; symmetry groups follow from the architecture and are not stored.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(slots, forKey: .slots)
        try fields.encode(buffers, forKey: .buffers)
    }

    /// Reads slots and buffers; refuses gaps, overlaps and extents that are not positive.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let slots = try fields.decode([Slot].self, forKey: .slots)
        let buffers = try fields.decodeIfPresent([Slot].self, forKey: .buffers) ?? []
        for list in [slots, buffers] {
            var next = 0
            for slot in list {
                let count = slot.shape.reduce(Int?(1)) { product, extent in
                    guard let product, extent > 0 else { return nil }
                    let (value, overflow) = product.multipliedReportingOverflow(by: extent)
                    return overflow || value > 1 << 40 ? nil : value
                }
                guard let count, slot.offset == next else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .slots, in: fields,
                        debugDescription: "slot \(slot.name) \(slot.shape) at \(slot.offset) does not follow at \(next)"
                    )
                }
                next += count
            }
        }
        self.init(slots: slots, buffers: buffers)
    }
}

extension ParameterLayout {
    /// Collects slots in forward order while layers are declared.
    public struct Builder: Sendable {
        private var slots: [Slot] = []
        private var groups: [SymmetryGroup] = []
        private var buffers: [Slot] = []

        /// Starts an empty layout.
        public init() {}

        /// Declares a symmetry group and returns its index.
        public mutating func addGroup(_ name: String, size: Int, scaling: SymmetryGroup.Scaling) -> Int {
            groups.append(SymmetryGroup(name: name, size: size, scaling: scaling))
            return groups.count - 1
        }

        /// Appends a slot after the last one and returns it.
        public mutating func addSlot(
            _ name: String, shape: [Int], role: Slot.Role, axes: [Int?]? = nil, actions: [Int: GroupAction] = [:]
        ) -> Slot {
            Self.append(name, shape, role, axes, actions, to: &slots)
        }

        /// Appends a buffer after the last one and returns it; a role of `scale` starts at 1, any other at 0.
        public mutating func addBuffer(
            _ name: String, shape: [Int], role: Slot.Role, axes: [Int?]? = nil, actions: [Int: GroupAction] = [:]
        ) -> Slot {
            Self.append(name, shape, role, axes, actions, to: &buffers)
        }

        /// The finished layout.
        public func layout() -> ParameterLayout { ParameterLayout(slots: slots, groups: groups, buffers: buffers) }

        private static func append(
            _ name: String, _ shape: [Int], _ role: Slot.Role, _ axes: [Int?]?, _ actions: [Int: GroupAction],
            to list: inout [Slot]
        ) -> Slot {
            let slot = Slot(
                name: name, offset: list.last?.range.upperBound ?? 0, shape: shape, role: role, axes: axes,
                actions: actions)
            list.append(slot)
            return slot
        }
    }
}
