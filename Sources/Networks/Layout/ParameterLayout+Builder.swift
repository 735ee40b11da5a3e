extension ParameterLayout {
    /// Collects slots in forward order while layers are declared.
    public struct Builder: Sendable {
        private var slots: [Slot] = []
        private var groups: [SymmetryGroup] = []
        private var next = 0

        /// Starts an empty layout.
        public init() {}

        /// Declares a symmetry group and returns its index.
        public mutating func addGroup(_ name: String, size: Int, scaling: SymmetryGroup.Scaling) -> Int {
            groups.append(SymmetryGroup(name: name, size: size, scaling: scaling))
            return groups.count - 1
        }

        /// Appends a slot behind the last one and returns it.
        public mutating func addSlot(
            _ name: String, shape: [Int], role: Slot.Role, axes: [Int?]? = nil
        ) -> Slot {
            let slot = Slot(name: name, offset: next, shape: shape, role: role, axes: axes)
            slots.append(slot)
            next += slot.count
            return slot
        }

        /// The finished layout.
        public func layout() -> ParameterLayout { ParameterLayout(slots: slots, groups: groups) }
    }
}
