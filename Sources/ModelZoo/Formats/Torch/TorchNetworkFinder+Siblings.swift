import Networks

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
            for named in plans.flatMap(\.tensors) where Self.isWeight(named.tensor) && !held.contains(named.tensor) {
                let name = named.name.isEmpty ? sibling : "\(sibling).\(named.name)"
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

    /// The network of two keys that belong together, or nil: lists of weights and biases, and what Flax keeps.
    private static func joined(
        _ key: String, _ plan: TorchNetworkPlan, _ sibling: String, _ other: TorchNetworkPlan
    ) -> TorchNetworkPlan? {
        var whole = plan
        switch (key, sibling) {
        case ("weights", "biases"):
            let places = plan.tensors.indices.map(String.init)
            guard plan.tensors.map(\.name) == places, other.tensors.map(\.name) == places else { return nil }
            whole.tensors = zip(plan.tensors, other.tensors).flatMap { weight, bias in
                [
                    .init(name: "\(weight.name).weight", tensor: weight.tensor),
                    .init(name: "\(bias.name).bias", tensor: bias.tensor),
                ]
            }
        case ("params", "batch_stats"):
            whole.tensors += other.tensors.map { .init(name: running($0.name), tensor: $0.tensor) }
        default: return nil
        }
        return Set(whole.tensors.map(\.name)).count == whole.tensors.count ? whole : nil
    }

    /// PyTorch's name of a running statistic that Flax calls `mean` or `var`.
    private static func running(_ name: String) -> String {
        let leaf = TensorNames.leaf(name)
        return ["mean", "var"].contains(leaf) ? "\(name.dropLast(leaf.count))running_\(leaf)" : name
    }
}
