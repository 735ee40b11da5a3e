import Basics

/// A source whose networks come as they compute: what counts or measures is left out, weights that are stored in parts
/// are put together, averages beside the weights are left out, and quantised weights are refused.
struct PlainSource: ForeignSource {
    private let source: any ForeignSource

    init(of source: any ForeignSource) { self.source = source }

    var format: ZooFormat { source.format }
    var total: Int? { source.total }
    var longestRun: Int { source.longestRun }
    var notes: [String] { source.notes }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        try source.forEach { try body($0.plain()) }
    }
}

extension ForeignNetwork {
    /// The network as it computes; throws `.malformed` where its weights are quantised or parametrized in a way that
    /// is not known.
    func plain() throws -> ForeignNetwork {
        try QuantisedWeights.check(self)
        var network = self
        let counters = StoredCounters(of: tensors)
        if !counters.places.isEmpty {
            network.keep { !counters.places.contains($0) }
            if let note = counters.note { network.notes.append(note) }
            network.unwrap()
        }
        if let averages = WeightAverages.find(network.tensors.map(\.name)) {
            network.keep { !averages.places.contains($0) }
            network.unwrap()
            let key = averages.prefix.trimmed
            network.notes.append(
                "averages of the weights stand beside them, named \(averages.prefix)..., and were passed over "
                    + "(--key \(key) takes those)")
        } else {
            network.unwrapAverages()
        }
        return try WeightParts.joined(network)
    }

    /// Keeps the tensors at some places.
    private mutating func keep(_ isKept: (Int) -> Bool) {
        tensors = tensors.indices.filter(isKept).map { tensors[$0] }
    }

    /// Takes off the wrapper that all names begin with once what stood beside it is gone (`module.` of PyTorch's
    /// `AveragedModel`, `online_model.`).
    private mutating func unwrap() {
        let names = TensorNames.withoutParallel(tensors.map(\.name), more: ["online_model."])
        for (index, name) in names.enumerated() { tensors[index].name = name }
    }

    /// Takes off a prefix that says that all tensors are averages, and says so.
    private mutating func unwrapAverages() {
        guard let first = tensors.first?.name, let dot = first.firstIndex(of: "."),
            WeightAverages.isKey(String(first[..<dot]))
        else { return }
        let prefix = String(first[...dot])
        guard tensors.count > 1, tensors.allSatisfy({ $0.name.hasPrefix(prefix) }) else { return }
        for index in tensors.indices { tensors[index].name.removeFirst(prefix.count) }
        notes.append("all tensors are averages by their names, \(prefix)...: there are no other weights")
    }
}

extension String {
    /// A prefix of names without the mark at its end.
    fileprivate var trimmed: String { last == "." || last == "_" ? String(dropLast()) : self }
}
