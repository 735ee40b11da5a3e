import Basics

/// A checkpoint that PyTorch wrote with `torch.save`, zip or legacy, read without Python and without running anything
/// it names: tensors, containers, numbers and texts are understood, every other class is an inert blank.
public struct TorchCheckpoint: ZooSource {
    /// Always `.torch`.
    public var format: ZooFormat { .torch }
    /// The file.
    public let path: String

    /// Names a checkpoint; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// Whether the file begins like a checkpoint: a ZIP archive with a `data.pkl`, or a pickle; throws `.inputOutput`.
    static func isCheckpoint(_ file: RegularFile) throws -> Bool {
        let start = try file.read(0..<min(file.count, 4))
        guard TorchFile.canBegin(with: start) else { return false }
        guard start.first == 0x50 else { return true }
        guard let archive = try? ZipArchive(file: file) else { return false }
        return archive.entries.contains { $0.name.hasSuffix("/data.pkl") }
    }

    /// Calls `body` with every network of the checkpoint, in its order. Prefixes that wrappers put before all names
    /// (`module.`, `_orig_mod.`) are gone; numbers and texts beside the weights (`epoch`, ...) are facts. A matrix of
    /// real numbers that was saved alone holds one network a row.
    ///
    /// Throws `DataError`: `.missing`, `.inputOutput`, or `.malformed` for damage, an attack, or no tensors.
    public func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try TorchFile(path: path)
        if let matrix = Self.matrix(of: file) { return try Self.forEachRow(of: matrix, in: file, body) }
        let plans = try TorchNetworkFinder.networks(of: file)
        try TorchBudget.check(plans, in: file)
        var reader = TorchTensorReader(file: file)
        let releases = Self.lastUses(plans)
        for (index, plan) in plans.enumerated() {
            let place = plans.count == 1 ? path : "\(path), network \(index)"
            let tensors = try plan.tensors.map { named in
                ForeignTensor(
                    name: named.name, shape: named.tensor.shape,
                    values: try reader.values(of: named.tensor, name: named.name))
            }
            let facts = try plan.namedFacts.mapValues { fact in
                switch fact {
                case .known(let fact): fact
                case .number(let tensor): Self.fact(try reader.values(of: tensor, name: "a fact"))
                }
            }
            reader.release(releases[index])
            var network = ForeignNetwork(tensors: tensors, facts: facts, place: place)
            network.beside = plan.beside
            try body(network)
        }
    }

    private static func fact(_ values: ForeignValues) -> ZooFact {
        values.element.isReal ? .real(values.doubles()[0]) : .integer(Int64(truncatingIfNeeded: values.firstInteger))
    }

    /// The storages that no network after this one needs, one list a network.
    private static func lastUses(_ plans: [TorchNetworkPlan]) -> [[PickleStorage.Place]] {
        var last: [PickleStorage.Place: Int] = [:]
        for (index, plan) in plans.enumerated() {
            for place in plan.storages.keys { last[place] = index }
        }
        var releases = [[PickleStorage.Place]](repeating: [], count: plans.count)
        for (place, index) in last { releases[index].append(place) }
        return releases
    }
}
