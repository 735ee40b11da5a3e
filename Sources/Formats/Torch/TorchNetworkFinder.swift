import Basics

/// Finds the networks among the values of a checkpoint.
///
/// A dictionary with tensors is a network. One with a key that usually holds the weights (`state_dict`, `model`, ...)
/// stands for what that key holds, and its numbers and texts are facts; tensors under other keys are named as standing
/// beside it. Other dictionaries and lists stand for what they hold: several networks where those have the same names
/// and shapes, one network with joined names otherwise. Optimizers and, among the outermost keys, other bookkeeping are
/// left out. Modules that were saved whole give their parameters and buffers.
struct TorchNetworkFinder {
    let graph: PickleGraph
    let path: String
    private var seen: Set<PickleReference> = []
    private var modules = TorchModule.Known()
    var nameBytes = 0

    /// How far inside a value stands.
    struct Level {
        /// Dictionaries and lists around it.
        var depth = 0
        /// Whether none of them is a dictionary: its keys are the checkpoint's own, not names of modules.
        var isTop = true
        /// Whether all around it is one network, and its keys are names of modules.
        var isPart = false
        /// Dictionaries and lists that may stand in each other.
        static let deepest = 12

        /// A value of a dictionary at this level.
        var below: Level { Level(depth: depth + 1, isTop: false, isPart: isPart) }
        /// The same, where the value is of one network.
        var part: Level { Level(depth: depth + 1, isTop: false, isPart: true) }
        /// An element of a list at this level.
        var within: Level { Level(depth: depth + 1, isTop: isTop, isPart: isPart) }
    }

    private init(graph: PickleGraph, path: String) {
        self.graph = graph
        self.path = path
    }

    /// Whether there is a network in a file: something with a tensor that is not of whole numbers alone. States of
    /// random generators, settings and optimizers have none. Throws `.malformed` where the file is damaged.
    static func isNetwork(in file: TorchFile) throws -> Bool {
        try plans(of: file).contains { plan in plan.tensors.contains { $0.tensor.type.element?.isReal ?? true } }
    }

    private static func plans(of file: TorchFile) throws -> [TorchNetworkPlan] {
        var finder = TorchNetworkFinder(graph: file.graph, path: file.path)
        let plans = try finder.networks(in: file.graph.root, Level())
        guard plans.isEmpty, case .tensor(let tensor) = file.graph[file.graph.root] else { return plans }
        return [TorchNetworkPlan(tensors: [.init(name: "tensor", tensor: tensor)])]
    }

    /// The networks in the order of the file; throws `.malformed` where there is none.
    static func networks(of file: TorchFile) throws -> [TorchNetworkPlan] {
        let plans = try plans(of: file)
        guard !plans.isEmpty else {
            let keys = (file.graph.entries(file.graph.root) ?? []).prefix(8).compactMap { file.graph.text($0.key) }
            throw DataError(
                .malformed, path: file.path, expected: "a checkpoint with tensors",
                found: keys.isEmpty ? "none" : "none under \(keys.joined(separator: ", "))".printable())
        }
        return plans.map { $0.withoutWrappers() }
    }

    /// Networks in a value. Every value is looked at once, so that shared ones cost no more than their size.
    mutating func networks(in reference: PickleReference, _ level: Level) throws -> [TorchNetworkPlan] {
        guard level.depth < Level.deepest, seen.insert(reference).inserted else { return [] }
        if case .object(let object) = graph[reference],
            let module = try TorchModule.network(
                object, in: graph, path: path, known: &modules, nameBytes: &nameBytes)
        {
            return [module]
        }
        if let entries = graph.entries(reference) { return try networks(in: entries, level) }
        guard let elements = graph.elements(reference) else { return [] }
        let named = elements.enumerated().compactMap { index, element in
            tensor(element).map { TorchNetworkPlan.Named(name: "\(index)", tensor: $0) }
        }
        if !named.isEmpty { return [TorchNetworkPlan(tensors: named)] }
        return try elements.flatMap { try networks(in: $0, level.within) }
    }

    private mutating func networks(in entries: [PickleEntry], _ level: Level) throws -> [TorchNetworkPlan] {
        let named = latest(entries)
        guard !Self.isOptimizer(named.map(\.key)) else { return [] }
        if let network = try collections(named, level) { return network }
        for key in level.isPart ? [] : Self.weightKeys {
            guard let value = named.first(where: { $0.key == key })?.value else { continue }
            let found = try networks(in: value, level.below)
            if !found.isEmpty { return try withSiblings(found, of: key, named, level) }
        }
        let own = try named.compactMap { key, value in
            try refuseUnread(value, key)
            return tensor(value).map { TorchNetworkPlan.Named(name: key, tensor: $0) }
        }
        var members: [(key: String, plans: [TorchNetworkPlan])] = []
        for (key, value) in named where !(level.isTop && Self.isBookkeeping(key)) {
            let plans = try networks(in: value, level.below)
            if !plans.isEmpty { members.append((key, plans)) }
        }
        let beside = facts(named, numbers: false)
        if own.isEmpty, !level.isPart, let separate = Self.separate(members) { return separate.map { $0.with(beside) } }
        guard !own.isEmpty || !members.isEmpty else { return [] }
        return [try joined(own, members).with(beside)]
    }

    /// The members as networks of their own; nil where they are parts of one network.
    private static func separate(_ members: [(key: String, plans: [TorchNetworkPlan])]) -> [TorchNetworkPlan]? {
        let plans = members.flatMap { key, plans in
            plans.map { members.count == 1 ? $0 : $0.with(["member": .known(.text(key))]) }
        }
        guard let first = plans.first, plans.allSatisfy({ $0.hasLayout(of: first) }) else { return nil }
        return plans
    }

    private mutating func joined(
        _ own: [TorchNetworkPlan.Named], _ members: [(key: String, plans: [TorchNetworkPlan])]
    ) throws -> TorchNetworkPlan {
        var whole = TorchNetworkPlan(tensors: own)
        for (key, plans) in members {
            for (index, plan) in plans.enumerated() {
                let prefix = plans.count == 1 ? "\(key)." : "\(key).\(index)."
                for named in plan.tensors {
                    let name = prefix + named.name
                    try TorchBudget.spend(name, of: &nameBytes, path: path)
                    whole.tensors.append(.init(name: name, tensor: named.tensor))
                }
                whole.facts += plan.facts
                whole.beside += plan.beside.map { prefix + $0 }
            }
        }
        return whole
    }

    /// Entries by their keys as text, every key once: the first one's place, the last one's value.
    private func latest(_ entries: [PickleEntry]) -> [(key: String, value: PickleReference)] {
        var places: [String: Int] = [:]
        var named: [(key: String, value: PickleReference)] = []
        for entry in entries {
            let key: String
            switch graph[entry.key] {
            case .text(let text): key = text
            case .integer(let number): key = String(number)
            default: continue
            }
            if let place = places[key] {
                named[place].value = entry.value
            } else {
                places[key] = named.count
                named.append((key, entry.value))
            }
        }
        return named
    }
}
