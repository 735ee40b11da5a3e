import Basics

/// Averages of weights, and the key that a user chooses.
extension TorchNetworkFinder {
    /// The keys of a dictionary that usually hold the weights, the clearest first: of torch_ema's state the averages
    /// themselves, whatever stands beside them.
    static func keys(of keys: [String]) -> [String] {
        let isTorchEMA =
            keys.contains("shadow_params")
            && ["decay", "num_updates", "collected_params"].contains {
                keys.contains($0)
            }
        return (isTorchEMA ? ["shadow_params"] : []) + weightKeys
    }

    /// Whether a dictionary's keys are those of averages and of what they are averages of, `generator` and
    /// `generator_ema`; further in, keys may be modules' names, whatever they mean.
    static func isAverage(_ keys: [String]) -> Bool {
        let plain = Set(keys)
        return keys.contains { key in
            WeightAverages.isKey(key) && WeightAverages.without(key).map { plain.contains($0) } ?? false
        }
    }

    /// The order in which averages are looked at where there is nothing else: torch_ema's shadows before what it has
    /// put aside, else as they are named.
    static func precedes(_ first: String, _ second: String) -> Bool {
        let (one, other) = (
            WeightAverages.parts(first).contains("collected"), WeightAverages.parts(second).contains("collected")
        )
        return one == other ? NaturalOrder.precedes(first, second) : other
    }

    /// Whether a value may hold tensors: it is one, a container or an object.
    func mayHold(_ reference: PickleReference) -> Bool {
        switch graph[reference] {
        case .tensor, .list, .tuple, .dictionary, .object: true
        default: false
        }
    }

    static func note(taken: String, _ others: [String]) -> String {
        guard others.isEmpty else { return WeightAverages.note(taken: taken, beside: others) }
        return "the weights under \"\(taken.printable())\" were taken, an average by its name: there are no others"
    }
}

extension TorchNetworkFinder {
    /// The networks under a key, which the user chose: an entry of a dictionary, at any depth, the outermost first;
    /// dots lead into it (`ema.shadow_params`). Where no entry is called so, the tensors of `usual` whose names begin
    /// with it.
    ///
    /// Throws `.missing` where there are none.
    static func chosen(_ key: String, of file: TorchFile, usual: [TorchNetworkPlan]) throws -> [TorchNetworkPlan] {
        var finder = TorchNetworkFinder(graph: file.graph, path: file.path)
        if let found = try finder.entry(key), !found.isEmpty { return found.map { $0.named(like: usual) } }
        let parts = usual.compactMap { $0.under(key) }
        if !parts.isEmpty { return parts }
        let keys = (file.graph.entries(file.graph.root) ?? []).compactMap { file.graph.text($0.key) }
        throw ForeignNetwork.noKey(key, among: keys, at: file.path)
    }

    /// The networks of the outermost entry of that name; nil where none is called so.
    private mutating func entry(_ key: String) throws -> [TorchNetworkPlan]? {
        var open = [graph.root]
        var next = 0
        var visited: Set<PickleReference> = []
        while next < open.count {
            let reference = open[next]
            next += 1
            guard visited.insert(reference).inserted else { continue }
            if let entries = graph.entries(reference) {
                let named = latest(entries)
                if let value = follow(key, in: named) {
                    let facts = facts(named, numbers: true)
                    let found =
                        try tensor(value).map { [TorchNetworkPlan(tensors: [.init(name: key, tensor: $0)])] }
                        ?? networks(in: value, Level(depth: 1, isTop: false))
                    if !found.isEmpty { return found.map { $0.with(facts) } }
                }
                open += named.map(\.value)
            } else if let elements = graph.elements(reference) {
                open += elements
            }
        }
        return nil
    }

    /// The value that a path of keys leads to; keys may hold dots themselves.
    private func follow(_ path: String, in named: [(key: String, value: PickleReference)]) -> PickleReference? {
        var (path, named) = (path, named)
        for _ in 0..<Level.deepest {
            if let value = named.first(where: { $0.key == path })?.value { return value }
            guard let (key, value) = named.first(where: { path.hasPrefix("\($0.key).") }),
                let entries = graph.entries(value)
            else { return nil }
            path.removeFirst(key.count + 1)
            named = latest(entries)
        }
        return nil
    }
}

extension TorchNetworkPlan {
    /// The tensors whose names begin with a key, without it; nil where there are none.
    func under(_ key: String) -> TorchNetworkPlan? {
        for prefix in ["\(key).", "\(key)_"] {
            var part = self
            part.tensors = tensors.filter { $0.name.hasPrefix(prefix) }
            for index in part.tensors.indices { part.tensors[index].name.removeFirst(prefix.count) }
            (part.beside, part.notes) = ([], [])
            if !part.tensors.isEmpty { return part }
        }
        return nil
    }

    /// A list of tensors without names as the network beside it, whose parameters they are averages of: under its
    /// names, with its running statistics. Itself where it has names, or where shapes differ.
    func named(like networks: [TorchNetworkPlan]) -> TorchNetworkPlan {
        guard networks.count == 1, let network = networks.first,
            tensors.indices.allSatisfy({ tensors[$0].name == "\($0)" })
        else { return self }
        let isParameter = network.tensors.map { named in
            !TensorNames.isBuffer(named.name) && named.tensor.type.element?.isReal ?? true
        }
        let parameters = network.tensors.indices.filter { isParameter[$0] }
        guard parameters.count == tensors.count,
            zip(parameters, tensors).allSatisfy({ network.tensors[$0].tensor.shape == $1.tensor.shape })
        else { return self }
        var whole = self
        whole.tensors = network.tensors
        for (place, average) in zip(parameters, tensors) {
            whole.tensors[place] = Named(name: network.tensors[place].name, tensor: average.tensor)
        }
        return whole
    }
}
