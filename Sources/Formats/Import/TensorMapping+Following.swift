import Basics
import Networks

extension TensorMapping {
    /// The slot (buffers stand behind weights) that each tensor goes to, by its name without wrappers; nil where one
    /// vector holds everything or names repeat.
    func slotsByName() -> [String: Int]? {
        guard basis != .flat else { return nil }
        let short = TensorNames.unwrapped(names).last ?? []
        let slots = Dictionary(
            (weights + buffers).enumerated().map { (short[$1], $0) }, uniquingKeysWith: { first, _ in first })
        return slots.count == short.count ? slots : nil
    }

    /// Takes tensors to the slots that those of the same names went to before, whatever their order.
    ///
    /// - slots: what `slotsByName` gave for the same set of names.
    ///
    /// Throws `.malformed` where a tensor has not its slot's shape.
    init(
        _ tensors: [ForeignTensor], following slots: [String: Int], layout: ParameterLayout, place: String
    ) throws {
        let all = layout.slots + layout.buffers
        let short = TensorNames.unwrapped(tensors.map(\.name)).last ?? []
        var found = [Int](repeating: 0, count: slots.count)
        for (index, name) in short.enumerated() {
            guard let slot = slots[name] else { preconditionFailure("TensorMapping: \(name) was not known before") }
            guard tensors[index].shape == all[slot].shape else {
                throw DataError(
                    .malformed, path: place,
                    expected: "\(tensors[index].name) \(all[slot].shape), which goes to \(all[slot].name) as before",
                    found: "\(tensors[index].shape)",
                    hint: "tensors of the same names must be the same layers in all networks of a zoo")
            }
            found[slot] = index
        }
        let weights = layout.slots.count
        self.init(
            basis: .names, weights: Array(found.prefix(weights)), buffers: Array(found.dropFirst(weights)),
            names: tensors.map(\.name))
    }
}
