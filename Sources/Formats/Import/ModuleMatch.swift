import Networks

/// Which tensor goes where, and what told so.
struct TensorMatch: Equatable {
    /// What told which of several modules is which, where their names are not the layout's.
    enum Rule: String {
        case file = "in the file's order"
        case numbers = "in the order of the numbers in their names"
        case shapes = "no two of them alike"
    }

    /// For every slot the tensor's index.
    let weights: [Int]
    /// For every buffer the tensor's index; empty where the network has none.
    let buffers: [Int]
    /// What told the order.
    let rule: Rule
}

/// What came of matching modules.
enum MatchOutcome: Equatable {
    /// There is one way.
    case found(TensorMatch)
    /// Modules fit in more than one way: what is the matter.
    case doubtful(String)
    /// Modules fit, but the numbers in their names say that another computation is meant.
    case contradicted(String)
    /// They are not those of the layout.
    case differs
}

/// Matches modules (a weight with its bias, a normalisation's vectors) of a file to those of a layout.
///
/// Modules of one kind (linear layers, convolutions, norms) follow each other as the layout's do; how the kinds stand
/// among each other is not asked, since a class lists its layers as it likes. But where names are numbers of one list,
/// as in `nn.Sequential`, that list is the computation: it must be the layout's.
struct ModuleMatch {
    private struct Module {
        let name: String
        /// Indices by the last part of the name.
        var parts: [String: Int] = [:]
        /// Shapes by the last part of the name; running statistics only where both sides have them.
        var signature: [String: [Int]] = [:]
        /// The parts and their ranks: what makes a linear layer one.
        var kind = ""
    }

    private let files: [Module]
    private let wanted: [Module]
    private let slots: [Slot]
    private let weightCount: Int
    /// Whether the order of the file's tensors may be the layers'.
    private let isOrdered: Bool

    /// The outcome for tensors of these names and shapes; `isOrdered` says whether their order may be the layers',
    /// `isSame` whether two of them have the same numbers.
    static func outcome(
        _ names: [String], _ shapes: [[Int]], isOrdered: Bool, _ layout: ParameterLayout,
        isSame: (Int, Int) -> Bool = { _, _ in false }
    ) -> MatchOutcome {
        guard let match = ModuleMatch(names, shapes, isOrdered: isOrdered, layout) else { return .differs }
        return match.outcome(isSame)
    }

    private init?(_ names: [String], _ shapes: [[Int]], isOrdered: Bool, _ layout: ParameterLayout) {
        slots = layout.slots + layout.buffers
        // A file without running statistics may still fit.
        let hasBuffers = names.contains(where: TensorNames.isBuffer)
        guard let files = Self.modules(names, shapes, hasBuffers),
            let wanted = Self.modules(slots.map(\.name), slots.map(\.shape), hasBuffers), files.count == wanted.count
        else { return nil }
        (self.files, self.wanted, weightCount) = (files, wanted, layout.slots.count)
        self.isOrdered = isOrdered && !MatchOrder.isSorted(names)
    }

    private func outcome(_ isSame: (Int, Int) -> Bool) -> MatchOutcome {
        let have = Dictionary(grouping: files.indices) { files[$0].kind }
        let want = Dictionary(grouping: wanted.indices) { wanted[$0].kind }
        guard have.mapValues(\.count) == want.mapValues(\.count) else { return .differs }
        // The file's module for each of the layout's.
        var places = [Int](repeating: 0, count: wanted.count)
        var rules: Set<TensorMatch.Rule> = []
        for kind in want.keys.sorted() {
            let (mine, ours) = (have[kind] ?? [], want[kind] ?? [])
            let order = MatchOrder(names: mine.map { files[$0].name }, isOrdered: isOrdered)
            let outcome = order.match(mine.map { files[$0].signature }, ours.map { wanted[$0].signature }) {
                one, other in
                let (first, second) = (files[mine[one]].parts, files[mine[other]].parts)
                return first.allSatisfy { part, tensor in second[part].map { isSame(tensor, $0) } ?? false }
            }
            switch outcome {
            case .differs: return .differs
            case .doubtful(let text): return .doubtful(text)
            case .found(let indices, let rule):
                for (module, index) in zip(ours, indices) { places[module] = mine[index] }
                if ours.count > 1 { rules.insert(rule) }
            }
        }
        if let problem = contradiction(places) { return .contradicted(problem) }
        return tensors(places, rules.count == 1 ? rules.first ?? .file : rules.contains(.file) ? .file : .numbers)
    }

    private func tensors(_ places: [Int], _ rule: TensorMatch.Rule) -> MatchOutcome {
        var found = [Int?](repeating: nil, count: slots.count)
        for (module, place) in places.enumerated() {
            for (part, slot) in wanted[module].parts { found[slot] = files[place].parts[part] }
        }
        let weights = found.prefix(weightCount).compactMap { $0 }
        let buffers = found.dropFirst(weightCount).compactMap { $0 }
        guard weights.count == weightCount, buffers.isEmpty || buffers.count == slots.count - weightCount else {
            return .differs
        }
        return .found(TensorMatch(weights: weights, buffers: buffers, rule: rule))
    }

    /// What the numbers of one list say against the layout: modules in another order, or a norm that does not stand
    /// right after its layer, so that an activation lies between them.
    private func contradiction(_ places: [Int]) -> String? {
        let lists = Dictionary(grouping: places.indices) { NaturalOrder.skeleton(files[places[$0]].name) }
        for modules in lists.values where modules.count > 1 {
            let sorted = modules.sorted {
                NaturalOrder.precedes(files[places[$0]].name, files[places[$1]].name)
            }
            if let index = sorted.indices.dropFirst().first(where: { sorted[$0] < sorted[$0 - 1] }) {
                let (first, second) = (files[places[sorted[index - 1]]].name, files[places[sorted[index]]].name)
                return "\(first.printable()) before \(second.printable()), and the architecture has "
                    + "\(wanted[sorted[index]].name) before \(wanted[sorted[index - 1]].name)"
            }
            for module in modules where module > 0 && isNorm(module) && !isNorm(module - 1) {
                let (layer, norm) = (files[places[module - 1]].name, files[places[module]].name)
                if let gap = MatchOrder.gap(layer, norm), gap > 1 {
                    return "the norm \"\(norm.printable())\" \(gap) places after \"\(layer.printable())\", with an "
                        + "activation between them"
                }
            }
        }
        return nil
    }

    private func isNorm(_ module: Int) -> Bool {
        wanted[module].signature["weight"]?.count == 1
    }

    /// Tensors grouped by module, in the order of first appearance; nil where a module has a part twice.
    private static func modules(_ names: [String], _ shapes: [[Int]], _ hasBuffers: Bool) -> [Module]? {
        var places: [String: Int] = [:]
        var modules: [Module] = []
        for (index, name) in names.enumerated() {
            let module = TensorNames.module(name)
            let place = places[module] ?? modules.count
            if place == modules.count {
                places[module] = place
                modules.append(Module(name: module))
            }
            let leaf = TensorNames.leaf(name)
            guard modules[place].parts.updateValue(index, forKey: leaf) == nil else { return nil }
            let isBuffer = TensorNames.isBuffer("." + leaf)
            if !isBuffer || hasBuffers { modules[place].signature[leaf] = shapes[index] }
        }
        for index in modules.indices {
            modules[index].kind = modules[index].signature.map { "\($0.key):\($0.value.count)" }.sorted()
                .joined(separator: " ")
        }
        return modules
    }
}
