extension TorchNetworkFinder {
    /// The networks of a key that usually holds the weights, with what stands beside that key: joined where it is
    /// obviously of the network, otherwise named, so that nobody takes a part for the whole.
    mutating func withSiblings(
        _ found: [TorchNetworkPlan], of key: String, _ named: [(key: String, value: PickleReference)], _ level: Level
    ) throws -> [TorchNetworkPlan] {
        var found = found
        var held = Set(found.flatMap { $0.tensors.map(\.tensor) })
        var beside: [String] = []
        for (sibling, value) in named where sibling != key && !(level.isTop && Self.isBookkeeping(sibling)) {
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
