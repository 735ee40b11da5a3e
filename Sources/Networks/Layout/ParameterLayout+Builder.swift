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

        /// Appends a slot behind the last one and returns it.
        public mutating func addSlot(
            _ name: String, shape: [Int], role: Slot.Role, axes: [Int?]? = nil, actions: [Int: GroupAction] = [:]
        ) -> Slot {
            Self.append(name, shape, role, axes, actions, to: &slots)
        }

        /// Appends a buffer behind the last one and returns it; a role of `scale` starts at 1, any other at 0.
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
