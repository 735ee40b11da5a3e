/// One network of a checkpoint before its numbers are read.
struct TorchNetworkPlan: Sendable {
    /// A fact as the pickle has it.
    enum Fact: Sendable {
        case known(ZooFact)
        /// A tensor of one number, which stands in a storage.
        case number(PickleTensor)
    }

    /// A tensor and its name.
    struct Named: Sendable {
        var name: String
        let tensor: PickleTensor
    }

    /// Tensors in the order of the file, each name once.
    var tensors: [Named]
    /// What stands beside them, then what stands around them; of equal names the first counts. Networks share these.
    var facts: [[String: Fact]] = []
    /// Names of tensors under other keys than that of the weights.
    var beside: [String] = []

    /// Whether both have tensors of the same names and shapes in the same order.
    func hasLayout(of other: TorchNetworkPlan) -> Bool {
        tensors.elementsEqual(other.tensors) { $0.name == $1.name && $0.tensor.shape == $1.tensor.shape }
    }

    /// The network without the prefixes that wrappers put before every name.
    func withoutWrappers() -> TorchNetworkPlan {
        var plan = self
        for prefix in ["module.", "_orig_mod."] + ["module."] {
            while !plan.tensors.isEmpty, plan.tensors.allSatisfy({ $0.name.hasPrefix(prefix) }) {
                for index in plan.tensors.indices { plan.tensors[index].name.removeFirst(prefix.count) }
            }
        }
        return plan
    }

    /// The network with facts of its surroundings.
    func with(_ more: [String: Fact]) -> TorchNetworkPlan {
        var plan = self
        if !more.isEmpty { plan.facts.append(more) }
        return plan
    }
}

extension TorchNetworkPlan {
    /// Facts by name.
    var namedFacts: [String: Fact] {
        facts.reduce(into: [:]) { named, more in named.merge(more) { first, _ in first } }
    }

    /// The storages that its tensors and facts are views of, by their places.
    var storages: [PickleStorage.Place: PickleStorage] {
        var storages: [PickleStorage.Place: PickleStorage] = [:]
        for named in tensors { storages[named.tensor.storage.place] = named.tensor.storage }
        for case .number(let tensor) in facts.flatMap(\.values) { storages[tensor.storage.place] = tensor.storage }
        return storages
    }
}
