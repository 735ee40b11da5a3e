import Basics
import ModelZoo
import Networks

/// Which tensor of a foreign network goes into which slot of a layout.
struct TensorMapping {
    /// How the tensors were recognised.
    enum Basis: Equatable {
        /// Every slot has a tensor of its name.
        case names
        /// Every slot has a tensor of the name that a library gives it.
        case scheme(String)
        /// Modules follow each other as the layout's do, with the same parts of the same shapes.
        case modules(TensorMatch.Rule)
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
    /// - schemes: names that others give the layout's tensors.
    init(
        _ tensors: [ForeignTensor], isOrdered: Bool = true, byNameAlone: Bool = false, layout: ParameterLayout,
        schemes: [NameScheme] = [], place: String
    ) throws {
        let view = TensorView(tensors, layout: layout)
        let fitting = TensorFitting(layout: layout, schemes: schemes, isOrdered: isOrdered, byNameAlone: byNameAlone)
        switch fitting.outcome(view) {
        case .found(let basis, let weights, let buffers):
            self.init(basis: basis, weights: weights, buffers: buffers, names: tensors.map(\.name))
        case .doubtful(let text):
            throw DataError(
                .malformed, path: place, expected: "one way to match its tensors to the architecture",
                found: text,
                hint: "--layers with the names of all layers in the order of computation, as --layers fc1,fc2,fc3, "
                    + "says which is which")
        case .contradicted(let text):
            throw DataError(
                .malformed, path: place, expected: "layers and norms in the order in which the architecture computes",
                found: text,
                hint: "weightspace architectures says what each kind computes; where the network computes just that, "
                    + "--layers with the names of all layers in that order says so")
        case .differs:
            throw MappingFailure(tensors, view, fitting).error(place: place)
        }
    }

    /// A mapping that was found elsewhere.
    init(basis: Basis, weights: [Int], buffers: [Int], names: [String]) {
        (self.basis, self.weights, self.buffers, self.names) = (basis, weights, buffers, names)
    }

    /// Whether tensors are named and shaped as those that the mapping was made of.
    func fits(_ tensors: [ForeignTensor], layout: ParameterLayout) -> Bool {
        guard tensors.count == names.count, zip(tensors, names).allSatisfy({ $0.name == $1 }) else { return false }
        if basis == .flat { return tensors[0].shape == [layout.count] }
        let shapes = TensorView(tensors, layout: layout).shapes
        let matches = zip(weights, layout.slots).allSatisfy { shapes[$0] == $1.shape }
        return matches && zip(buffers, layout.buffers).allSatisfy { shapes[$0] == $1.shape }
    }

    /// What a person should know of the mapping; nil where names decided.
    func note(_ layout: ParameterLayout, isTransposed: Bool = false) -> String? {
        let way: String
        switch basis {
        case .names: return nil
        case .scheme(let name): return "tensors were matched by the names that \(name) gives them"
        case .flat: return "one vector of \(layout.count) numbers, taken in the layout's order"
        case .modules(let rule): way = "module and shape, \(rule.rawValue)"
        case .order: way = "order and shape"
        }
        let pairs = zip(weights, layout.slots).prefix(4).map { "\(names[$0]) -> \($1.name)".printable() }
        let shown = pairs.joined(separator: ", ") + (layout.slots.count > 4 ? ", ..." : "")
        let isSquare = layout.slots.contains { $0.role == .weight && $0.shape.count == 2 && Set($0.shape).count == 1 }
        let rule =
            basis == .order && isSquare && !isTransposed
            ? "; square matrices were taken as [out, in], as in PyTorch" : ""
        return "names differ from the architecture's; tensors were matched by \(way): \(shown)\(rule)"
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

    /// The names of a state dict with the slots that hold its tensors; nil where they are the layout's in its order.
    ///
    /// - all: every tensor of the state dict, in its order; what no slot has and no batch norm counts is left out.
    func stateDict(_ all: [String], layout: ParameterLayout) -> ZooNames? {
        let slots = (layout.slots + layout.buffers).map(\.name)
        guard !all.isEmpty else { return nil }
        let bySource = Dictionary(
            (weights + buffers).enumerated().map { (names[$1], slots[$0]) }, uniquingKeysWith: { first, _ in first })
        let kept = all.filter { bySource[$0] != nil || TensorNames.isCounter($0) }
        let tensors = zip(kept, TensorNames.withoutParallel(kept)).map { name, short in
            ZooNames.Tensor(name: short, slot: bySource[name])
        }
        guard Set(tensors.compactMap(\.slot)).isSuperset(of: layout.slots.map(\.name)) else { return nil }
        let isOurs = tensors.allSatisfy { $0.name == $0.slot } && tensors.map(\.name) == slots
        return isOurs || Set(tensors.map(\.name)).count != tensors.count ? nil : ZooNames(tensors)
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
        let shapes = TensorView(tensors, layout: layout).shapes
        let short = TensorNames.unwrapped(tensors.map(\.name)).last ?? []
        var found = [Int](repeating: 0, count: slots.count)
        for (index, name) in short.enumerated() {
            guard let slot = slots[name] else { preconditionFailure("TensorMapping: \(name) was not known before") }
            guard shapes[index] == all[slot].shape else {
                throw DataError(
                    .malformed, path: place,
                    expected: "\(tensors[index].name) \(all[slot].shape), which goes to \(all[slot].name) as before",
                    found: "\(shapes[index])",
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

/// Tries tensors on a layout, by names first and by what else tells.
struct TensorFitting {
    /// What came of it.
    enum Outcome {
        case found(TensorMapping.Basis, weights: [Int], buffers: [Int])
        case doubtful(String)
        case contradicted(String)
        case differs
    }

    let layout: ParameterLayout
    /// Names that others give the layout's tensors.
    var schemes: [NameScheme] = []
    /// Whether the order of tensors may be the layers'.
    let isOrdered: Bool
    /// Whether nothing but names counts.
    var byNameAlone = false

    /// Where the tensors go.
    func outcome(_ view: TensorView) -> Outcome {
        let forms = TensorNames.unwrapped(view.names)
        for names in forms {
            if let found = byName(names, view.shapes) {
                return .found(.names, weights: found.weights, buffers: found.buffers)
            }
        }
        guard !byNameAlone else { return .differs }
        if view.names.count == 1, view.shapes[0] == [layout.count] { return .found(.flat, weights: [0], buffers: []) }
        let counts = [layout.slots.count, layout.slots.count + layout.buffers.count]
        guard counts.contains(view.names.count) else { return .differs }
        for scheme in schemes {
            for names in forms {
                guard let found = byName(names.map(scheme.ours), view.shapes) else { continue }
                return .found(.scheme(scheme.name), weights: found.weights, buffers: found.buffers)
            }
        }
        let short = forms[forms.count - 1]
        switch ModuleMatch.outcome(short, view.shapes, isOrdered: isOrdered, layout, isSame: view.isSame) {
        case .found(let match): return .found(.modules(match.rule), weights: match.weights, buffers: match.buffers)
        case .doubtful(let text): return .doubtful(text)
        case .contradicted(let text): return .contradicted(text)
        case .differs: break
        }
        guard let order = byOrder(short, view.shapes) else { return .differs }
        return .found(.order, weights: order, buffers: [])
    }

    private func byName(_ names: [String], _ shapes: [[Int]]) -> (weights: [Int], buffers: [Int])? {
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        guard places.count == names.count else { return nil }
        func find(_ slots: [Slot]) -> [Int]? {
            let found = slots.compactMap { slot in
                places[slot.name].flatMap { shapes[$0] == slot.shape ? $0 : nil }
            }
            return found.count == slots.count ? found : nil
        }
        guard let weights = find(layout.slots) else { return nil }
        if weights.count == names.count { return (weights, []) }
        guard let buffers = find(layout.buffers), weights.count + buffers.count == names.count else { return nil }
        return (weights, buffers)
    }

    /// Tensors in the file's order (numbered ones in the order of their numbers), where that has the slots' shapes.
    private func byOrder(_ names: [String], _ shapes: [[Int]]) -> [Int]? {
        guard layout.buffers.isEmpty, names.count == layout.slots.count else { return nil }
        guard let order = MatchOrder.known(names, isOrdered: isOrdered) else { return nil }
        let fits = zip(order, layout.slots).allSatisfy { place, slot in
            // A weight is no bias, whatever its shape.
            let (leaf, wanted) = (TensorNames.leaf(names[place]), TensorNames.leaf(slot.name))
            let isOther = leaf != wanted && Self.parts.contains(leaf) && Self.parts.contains(wanted)
            return shapes[place] == slot.shape && !isOther
        }
        return fits ? order : nil
    }

    private static let parts: Set<String> = ["weight", "bias"]
}
