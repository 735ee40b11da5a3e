import Basics

/// Finds the networks among the values of a checkpoint.
///
/// A dictionary with tensors is a network. One with a key that usually holds the weights (`state_dict`, `model`, ...)
/// stands for what that key holds, and its numbers and texts are facts; tensors under other keys are named as standing
/// beside it. Other dictionaries and lists stand for what they hold: several networks where those have the same names
/// and shapes, one network with joined names otherwise. Optimizers and, among the outermost keys, other bookkeeping are
/// left out. Modules that were saved whole give their parameters and buffers. Averages of weights (`ema`, ...) are
/// taken where there is nothing else, and named where there is.
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

    init(graph: PickleGraph, path: String) {
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

    /// The networks in the order of the file, those under a key alone where one is given.
    ///
    /// Throws `.malformed` where there is none, or where numbers are of a kind that we do not read, `.missing` where
    /// none stands under the key.
    static func networks(of file: TorchFile, key: String? = nil) throws -> [TorchNetworkPlan] {
        try TorchRefusals.check(file)
        var plans = try plans(of: file)
        if let key { plans = try chosen(key, of: file, usual: plans) }
        guard !plans.isEmpty else { throw TorchRefusals.withoutNetwork(file) }
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
        for key in level.isPart ? [] : Self.keys(of: named.map(\.key)) {
            guard let value = named.first(where: { $0.key == key })?.value else { continue }
            let found = try networks(in: value, level.below)
            if !found.isEmpty { return try withSiblings(found, of: key, named, level) }
        }
        return try membersOrAverages(of: named, level)
    }

    /// The networks of a dictionary without a key that usually holds the weights: those of its own tensors and
    /// members, or, where there is nothing else, an average of weights.
    private mutating func membersOrAverages(
        of named: [(key: String, value: PickleReference)], _ level: Level
    ) throws -> [TorchNetworkPlan] {
        let areAverages = !level.isPart && (level.isTop || Self.isAverage(named.map(\.key)))
        let averages = areAverages ? named.filter { WeightAverages.isKey($0.key) && tensor($0.value) == nil } : []
        let keys = Set(averages.map(\.key))
        let others = keys.isEmpty ? named : named.filter { !keys.contains($0.key) }
        var found = try members(of: others, all: named, level)
        var taken: String?
        var alternatives: [String] = []
        for (key, value) in averages.sorted(by: { Self.precedes($0.key, $1.key) }) {
            let plans = try networks(in: value, level.below)
            guard !plans.isEmpty else { continue }
            if found.isEmpty {
                (found, taken) = (plans.map { $0.with(facts(named, numbers: true)) }, key)
            } else {
                alternatives.append(key)
            }
        }
        if !alternatives.isEmpty || taken != nil {
            let note = Self.note(
                taken: taken ?? others.filter { mayHold($0.value) }.map(\.key).shownFirst(3), alternatives)
            for index in found.indices { found[index].notes.append(note) }
        }
        return found
    }

    private mutating func members(
        of named: [(key: String, value: PickleReference)], all: [(key: String, value: PickleReference)], _ level: Level
    ) throws -> [TorchNetworkPlan] {
        let own = try named.compactMap { key, value in
            try refuseUnread(value, key)
            return tensor(value).map { TorchNetworkPlan.Named(name: key, tensor: $0) }
        }
        var members: [(key: String, plans: [TorchNetworkPlan])] = []
        for (key, value) in named where !(level.isTop && Self.isBookkeeping(key)) {
            let plans = try networks(in: value, level.below)
            if !plans.isEmpty { members.append((key, plans)) }
        }
        let beside = facts(all, numbers: false)
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
                whole.notes += plan.notes
                whole.beside += plan.beside.map { prefix + $0 }
            }
        }
        return whole
    }

    /// Entries by their keys as text, every key once: the first one's place, the last one's value.
    func latest(_ entries: [PickleEntry]) -> [(key: String, value: PickleReference)] {
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

extension TorchNetworkFinder {
    /// Keys under which checkpoints usually keep the weights, the clearest first.
    static let weightKeys = [
        "state_dict", "model_state_dict", "model_state", "net_state_dict", "network_state_dict", "model", "net",
        "network", "module", "model_weights", "weights", "params", "parameters",
    ]

    /// Whether an outermost key names what is no network: an optimizer's state, averages of weights, random states ...
    static func isBookkeeping(_ key: String) -> Bool {
        let lower = key.lowercased()
        return ["optim", "sched"].contains { lower.hasPrefix($0) }
            || ["optimizer", "scheduler", "scaler", "rng_state"].contains { lower.contains($0) }
            || ["ema", "amp", "hyper_parameters", "hparams", "callbacks", "loops", "args", "config"].contains(lower)
    }

    /// Whether keys are those of `optimizer.state_dict()`, which is no network whatever it is called.
    static func isOptimizer(_ keys: some Sequence<String>) -> Bool { Set(keys) == ["state", "param_groups"] }

    /// The tensor that a value is; nil for other values.
    func tensor(_ reference: PickleReference) -> PickleTensor? {
        if case .tensor(let tensor) = graph[reference] { tensor } else { nil }
    }

    /// Refuses a blank that stands for a tensor of a kind we do not read: leaving it out would change the network.
    func refuseUnread(_ reference: PickleReference, _ key: String) throws {
        guard case .object(let object) = graph[reference],
            object.global.module == "torch._utils" || object.global.module == "torch._tensor"
        else { return }
        throw DataError(
            .malformed, path: "\(path), \(key.printable())", expected: "a dense tensor",
            found: object.global.qualifiedName.printable(), hint: "convert it with PyTorch and save it again")
    }

    /// The entries that are a number, a short text, or (beside a network) a tensor of one number.
    func facts(
        _ entries: [(key: String, value: PickleReference)], numbers: Bool
    ) -> [String: TorchNetworkPlan.Fact] {
        var facts: [String: TorchNetworkPlan.Fact] = [:]
        for (key, value) in entries where key.utf8.count <= Self.longestText && facts.count < Self.mostFacts {
            switch graph[value] {
            case .bool(let value): facts[key] = .known(.integer(value ? 1 : 0))
            case .real(let value): facts[key] = .known(.real(value))
            case .integer(let value):
                if let narrow = Int64(exactly: value) {
                    facts[key] = .known(.integer(narrow))
                } else if let seed = UInt64(exactly: value) {
                    facts[key] = .known(.unsigned(seed))
                }
            case .text(let text) where text.utf8.count <= Self.longestText: facts[key] = .known(.text(text))
            case .tensor(let tensor) where numbers && tensor.count == 1 && tensor.type.element != nil:
                facts[key] = .number(tensor)
            default: break
            }
        }
        return facts
    }

    private static let longestText = 256
    private static let mostFacts = 256
}

extension TorchNetworkFinder {
    /// The networks of a key that usually holds the weights, with what stands beside that key: joined where it is
    /// obviously of the network, otherwise named, so that nobody takes a part for the whole.
    mutating func withSiblings(
        _ found: [TorchNetworkPlan], of key: String, _ named: [(key: String, value: PickleReference)], _ level: Level
    ) throws -> [TorchNetworkPlan] {
        var found = found
        var held = Set(found.flatMap { $0.tensors.map(\.tensor) })
        var beside: [String] = []
        var averages: [String] = []
        for (sibling, value) in named where sibling != key {
            if WeightAverages.isKey(sibling), tensor(value) == nil {
                if try !networks(in: value, level.below).isEmpty { averages.append(sibling) }
                continue
            }
            if level.isTop && Self.isBookkeeping(sibling) { continue }
            let plans: [TorchNetworkPlan]
            if let tensor = tensor(value) {
                plans = [TorchNetworkPlan(tensors: [.init(name: "", tensor: tensor)])]
            } else {
                plans = try networks(in: value, level.below)
            }
            if found.count == 1, plans.count == 1, let whole = Self.joined(key, found[0], sibling, plans[0]) {
                found = [whole]
                held.formUnion(plans[0].tensors.map(\.tensor))
                continue
            }
            let others = plans.flatMap(\.tensors).filter { !held.contains($0.tensor) }
            guard others.contains(where: { Self.isWeight($0.tensor) }) else { continue }
            for other in others {
                let name = other.name.isEmpty ? sibling : "\(sibling).\(other.name)"
                try TorchBudget.spend(name, of: &nameBytes, path: path)
                beside.append(name)
            }
        }
        let facts = facts(named, numbers: true)
        return found.map { plan in
            var plan = plan.with(facts)
            plan.beside += beside
            if !averages.isEmpty { plan.notes.append(WeightAverages.note(taken: key, beside: averages)) }
            return plan
        }
    }

    /// Whether a tensor may be of a network: single numbers and whole numbers are what was measured or counted.
    private static func isWeight(_ tensor: PickleTensor) -> Bool {
        tensor.count > 1 && tensor.type.element?.isReal ?? true
    }

    /// Flax's collections `params` and `batch_stats` as one network, whatever their modules are called; nil where they
    /// are not there.
    mutating func collections(
        _ named: [(key: String, value: PickleReference)], _ level: Level
    ) throws -> [TorchNetworkPlan]? {
        func value(_ key: String) -> PickleReference? {
            named.first { $0.key == key && graph.entries($0.value) != nil }?.value
        }
        guard let parameters = value("params"), let statistics = value("batch_stats") else { return nil }
        guard var whole = try networks(in: parameters, level.part).first else { return nil }
        let running = try networks(in: statistics, level.part).flatMap(\.tensors).map {
            TorchNetworkPlan.Named(name: Self.running($0.name), tensor: $0.tensor)
        }
        let names = Set(whole.tensors.map(\.name))
        whole.tensors += running.filter { !names.contains($0.name) }
        whole.beside += running.map(\.name).filter { names.contains($0) }.map { "batch_stats.\($0)" }
        return try withSiblings([whole], of: "params", named.filter { $0.key != "batch_stats" }, level)
    }

    /// The network of two keys that belong together, lists of weights and biases; nil for other keys.
    private static func joined(
        _ key: String, _ plan: TorchNetworkPlan, _ sibling: String, _ other: TorchNetworkPlan
    ) -> TorchNetworkPlan? {
        var whole = plan
        let places = plan.tensors.indices.map(String.init)
        guard key == "weights", sibling == "biases", plan.tensors.map(\.name) == places,
            other.tensors.map(\.name) == places
        else { return nil }
        whole.tensors = zip(plan.tensors, other.tensors).flatMap { weight, bias in
            [("weight", weight), ("bias", bias)].map { part, named in
                TorchNetworkPlan.Named(name: "\(named.name).\(part)", tensor: named.tensor)
            }
        }
        return whole
    }

    /// PyTorch's name of a running statistic that Flax calls `mean` or `var`.
    private static func running(_ name: String) -> String {
        let leaf = TensorNames.leaf(name)
        return ["mean", "var"].contains(leaf) ? "\(name.dropLast(leaf.count))running_\(leaf)" : name
    }
}
