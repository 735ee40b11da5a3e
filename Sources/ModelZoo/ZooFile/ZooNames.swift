import Basics
import Networks

/// The names and the order of tensors in the state dict that a zoo's networks came from: what `load_state_dict` of the
/// class that made them wants to see again.
///
/// The attribute `names`: `{"tensors":[{"name":"fc1.weight","slot":"layers.0.weight"}, ...]}`. A tensor without a slot
/// counts something (batch norms' `num_batches_tracked`): zoos do not keep it, and it is written as 0.
public struct ZooNames: Codable, Hashable, Sendable {
    /// One tensor of the state dict.
    public struct Tensor: Codable, Hashable, Sendable {
        /// Its name there.
        public let name: String
        /// The name of the slot or buffer that holds it; nil for a counter.
        public let slot: String?

        /// Names a tensor.
        public init(name: String, slot: String?) {
            self.name = name
            self.slot = slot
        }
    }

    /// The tensors, in the order of the state dict.
    public let tensors: [Tensor]

    /// Names of a state dict.
    public init(_ tensors: [Tensor]) { self.tensors = tensors }

    /// What is wrong with the names for tensors of a layout, or nil: every slot has one name, and no name stands twice.
    func problem(for layout: ParameterLayout) -> String? {
        let slots = tensors.compactMap(\.slot)
        let known = Set((layout.slots + layout.buffers).map(\.name))
        if let other = slots.first(where: { !known.contains($0) }) { return "\(other), which is not a slot" }
        if Set(slots).count != slots.count { return "a slot twice" }
        if Set(tensors.map(\.name)).count != tensors.count { return "a name twice" }
        let missing = layout.slots.first { !slots.contains($0.name) }
        return missing.map { "no name for \($0.name)" }
    }
}
