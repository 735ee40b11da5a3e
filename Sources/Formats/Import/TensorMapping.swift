import Basics
import Networks

/// Which tensor of a foreign network goes into which slot of a layout.
struct TensorMapping {
    /// How the tensors were recognised.
    enum Basis: Equatable {
        /// Every slot has a tensor of its name.
        case names
        /// Modules follow each other as the layout's do, with the same parts of the same shapes.
        case modules
        /// Tensors follow each other with the shapes of the layout's slots.
        case order
        /// One vector holds all parameters in the layout's order.
        case flat
    }

    /// How the tensors were recognised.
    let basis: Basis
    /// For every slot the tensor's index, or one index alone where a vector holds everything.
    let weights: [Int]
    /// For every buffer the tensor's index; empty where the network has none.
    let buffers: [Int]
    /// The tensors that are of use, by their full names.
    let names: [String]

    /// Finds the mapping; throws `.malformed` naming a tensor that no slot takes, or a slot without a tensor.
    ///
    /// - tensors: those of the network, optimizers' state and counters of batches already left out.
    /// - isOrdered: whether their order may be the layers'.
    /// - byNameAlone: whether nothing but names counts, as where the layout was taken from another network.
    init(
        _ tensors: [ForeignTensor], isOrdered: Bool = true, byNameAlone: Bool = false, layout: ParameterLayout,
        place: String
    ) throws {
        names = tensors.map(\.name)
        let forms = TensorNames.unwrapped(names)
        for names in forms {
            if let found = Self.byName(names, tensors, layout) {
                (basis, weights, buffers) = (.names, found.weights, found.buffers)
                return
            }
        }
        let short = forms[forms.count - 1]
        guard !byNameAlone else { throw Self.failure(short, tensors, layout, place: place, hint: Self.otherNames) }
        if tensors.count == 1, tensors[0].shape == [layout.count] {
            (basis, weights, buffers) = (.flat, [0], [])
            return
        }
        if let found = ModuleMatch.find(short, tensors.map(\.shape), isOrdered: isOrdered, layout) {
            (basis, weights, buffers) = (.modules, found.weights, found.buffers)
            return
        }
        if let found = Self.byOrder(short, tensors, isOrdered: isOrdered, layout) {
            (basis, weights, buffers) = (.order, found, [])
            return
        }
        throw Self.failure(short, tensors, layout, place: place, hint: Self.wrongLayout)
    }

    /// A mapping that was found elsewhere.
    init(basis: Basis, weights: [Int], buffers: [Int], names: [String]) {
        (self.basis, self.weights, self.buffers, self.names) = (basis, weights, buffers, names)
    }

    /// Whether tensors are named and shaped as those that the mapping was made of.
    func fits(_ tensors: [ForeignTensor], layout: ParameterLayout) -> Bool {
        guard tensors.count == names.count, zip(tensors, names).allSatisfy({ $0.name == $1 }) else { return false }
        if basis == .flat { return tensors[0].shape == [layout.count] }
        let matches = zip(weights, layout.slots).allSatisfy { tensors[$0].shape == $1.shape }
        return matches && zip(buffers, layout.buffers).allSatisfy { tensors[$0].shape == $1.shape }
    }

    /// What a person should know of the mapping; nil where names decided.
    func note(_ layout: ParameterLayout) -> String? {
        switch basis {
        case .names: return nil
        case .flat: return "one vector of \(layout.count) numbers, taken in the layout's order"
        case .modules, .order:
            let pairs = zip(weights, layout.slots).prefix(4).map { "\(names[$0]) -> \($1.name)" }
            let way = basis == .order ? "order" : "module"
            let shown = pairs.joined(separator: ", ") + (layout.slots.count > 4 ? ", ..." : "")
            return "names differ from the architecture's; tensors were matched by \(way) and shape: \(shown)"
        }
    }

    private static func byName(
        _ names: [String], _ tensors: [ForeignTensor], _ layout: ParameterLayout
    ) -> (weights: [Int], buffers: [Int])? {
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        guard places.count == names.count else { return nil }
        func find(_ slots: [Slot]) -> [Int]? {
            let found = slots.compactMap { slot in
                places[slot.name].flatMap { tensors[$0].shape == slot.shape ? $0 : nil }
            }
            return found.count == slots.count ? found : nil
        }
        guard let weights = find(layout.slots) else { return nil }
        if weights.count == names.count { return (weights, []) }
        guard let buffers = find(layout.buffers), weights.count + buffers.count == names.count else { return nil }
        return (weights, buffers)
    }

    /// Tensors in the file's order (numbered ones in the order of their numbers), where that has the slots' shapes.
    private static func byOrder(
        _ names: [String], _ tensors: [ForeignTensor], isOrdered: Bool, _ layout: ParameterLayout
    ) -> [Int]? {
        guard layout.buffers.isEmpty, tensors.count == layout.slots.count else { return nil }
        guard let order = ModuleMatch.knownOrder(names, isOrdered: isOrdered) else { return nil }
        return zip(order, layout.slots).allSatisfy { tensors[$0].shape == $1.shape } ? order : nil
    }

    private static let wrongLayout =
        "--architecture must describe these networks; --skip NAME leaves a tensor out"
    private static let otherNames =
        "without --architecture all networks must bear the first one's names; --pattern \"model.safetensors\" reads "
        + "some files of a folder alone, --skip NAME leaves a tensor out"

    private static func failure(
        _ names: [String], _ tensors: [ForeignTensor], _ layout: ParameterLayout, place: String, hint: String
    ) -> DataError {
        let slots = layout.slots + layout.buffers
        let byName = Dictionary(slots.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (name, tensor) in zip(names, tensors) {
            guard let slot = byName[name] else { continue }
            if slot.shape != tensor.shape {
                return DataError(
                    .malformed, path: place, expected: "\(slot.name) \(slot.shape)", found: "\(tensor.shape)",
                    hint: hint)
            }
        }
        if let index = names.indices.first(where: { byName[names[$0]] == nil }) {
            return DataError(
                .malformed, path: place, expected: "a slot for every tensor (\(layout.brief))",
                found: "tensor \(tensors[index].name) \(tensors[index].shape), which none takes", hint: hint)
        }
        let present = Set(names)
        let missing = slots.first { !present.contains($0.name) }
        return DataError(
            .malformed, path: place, expected: "a tensor for every slot (\(layout.brief))",
            found: missing.map { "none for \($0.name) \($0.shape)" } ?? "tensors of the same name", hint: hint)
    }
}

extension TensorMapping {
    /// The slot (buffers come after weights) that each tensor goes to, by its name without wrappers; nil where one
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
