import Basics

/// A checkpoint that PyTorch wrote with `torch.save`, zip or legacy, read without Python and without running anything
/// it names: tensors, containers, numbers and texts are understood, every other class is an inert blank.
public struct TorchCheckpoint: ForeignSource {
    /// The format of every such file, `.torch`.
    public var format: ZooFormat { .torch }
    /// The file that was opened, for messages.
    public let path: String
    /// The key that its weights stand under, `ema` or `model.encoder`; nil takes the usual one.
    public let key: String?

    /// Names a checkpoint; nothing is opened yet.
    public init(path: String, key: String? = nil) {
        self.path = path
        self.key = key
    }

    /// Whether a file begins like a checkpoint: an archive with a `data.pkl`, or a pickle of protocol 2 or later, which
    /// legacy checkpoints are.
    static func begins(_ bytes: [UInt8], archive: [String]?) -> Bool {
        guard let names = archive else { return TorchFile.canBegin(with: bytes) }
        return names.contains { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
    }

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
        if key == nil, let matrix = Self.matrix(of: file) { return try Self.forEachRow(of: matrix, in: file, body) }
        let plans = try TorchNetworkFinder.networks(of: file, key: key)
        let called = file.graph.calledNote
        try TorchBudget.check(plans, in: file)
        var reader = TorchTensorReader(file: file)
        let releases = Self.lastUses(plans)
        for (index, plan) in plans.enumerated() {
            let place = plans.count == 1 ? path : "\(path), network \(index)"
            let tensors = try plan.tensors.map { named in
                var tensor = ForeignTensor(
                    name: named.name, shape: named.tensor.shape,
                    values: try reader.values(of: named.tensor, name: named.name))
                tensor.epsilon = named.epsilon
                return tensor
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
            network.stated = plan.stated
            network.notes = plan.notes + (called.map { [$0] } ?? [])
            try body(network)
        }
    }

    private static func fact(_ values: ForeignValues) -> ColumnValue {
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

extension TorchCheckpoint {
    /// The matrix of real numbers that a checkpoint is (`torch.save(weights)`); nil where it holds anything else.
    static func matrix(of file: TorchFile) -> PickleTensor? {
        guard case .tensor(let tensor) = file.graph[file.graph.root], tensor.shape.count == 2,
            tensor.type.element?.isReal == true
        else { return nil }
        return tensor
    }

    /// Calls `body` with every row of such a matrix as a vector without names, as those of a `.npy` file are read.
    ///
    /// Throws `.malformed` where rows are empty, or beyond what the file's bytes justify.
    static func forEachRow(
        of matrix: PickleTensor, in file: TorchFile, _ body: (ForeignNetwork) throws -> Void
    ) throws {
        let name = "tensor"
        guard matrix.shape[1] > 0 else {
            throw DataError(
                .malformed, path: file.path, expected: "networks with parameters", found: "rows of 0 numbers")
        }
        try TorchBudget.check([TorchNetworkPlan(tensors: [.init(name: name, tensor: matrix)])], in: file)
        var reader = TorchTensorReader(file: file)
        let values = try reader.values(of: matrix, name: name)
        let width = matrix.shape[1] * values.element.byteCount
        for row in 0..<matrix.shape[0] {
            let start = values.bytes.startIndex + row * width
            let numbers = ForeignValues(
                bytes: values.bytes[start..<start + width], element: values.element, bigEndian: values.bigEndian)
            let vector = ForeignTensor(name: name, shape: [matrix.shape[1]], values: numbers)
            try body(ForeignNetwork(tensors: [vector], place: "\(file.path):\(row)"))
        }
    }
}

/// How many numbers the tensors of a checkpoint may hold beside the storages they are views of.
///
/// Views may repeat elements (PyTorch's `expand`) and share storages (tied weights, several networks with one body).
/// Without a bound, a small file could ask for any amount.
enum TorchBudget {
    /// What one network may hold, in sizes of the storages it uses.
    static let perNetwork = 16
    /// What all networks may hold, in sizes of all storages: as much as deflate could have unpacked.
    static let together = 1032
    /// Bytes that are always allowed.
    static let slack = 1 << 20
    /// Bytes of all names that are joined from keys: one long key may stand before any number of others.
    static let names = 1 << 24

    /// Adds the bytes of one more name to `used`; throws `.malformed` beyond the limit.
    static func spend(_ name: String, of used: inout Int, path: String) throws {
        used += name.utf8.count
        guard used <= names else {
            throw DataError(
                .malformed, path: path, expected: "names of at most \(names) bytes together", found: "more",
                hint: "the file is made to fill the memory")
        }
    }

    /// Throws `.malformed` where a storage is not as large as it is said to be, or where the tensors of a network, or
    /// of all, hold more than allowed. Reads no storage.
    static func check(_ plans: [TorchNetworkPlan], in file: TorchFile) throws {
        let path = file.path
        var all = 0
        var every: [PickleStorage.Place: PickleStorage] = [:]
        for plan in plans {
            let storages = plan.storages
            for (place, storage) in storages where every.updateValue(storage, forKey: place) == nil {
                try file.checkSize(of: storage)
            }
            let size = try sum(plan.tensors.map(\.tensor.byteCount), path)
            all = try sum([all, size], path)
            try compare(size, perNetwork, storages.values, path)
        }
        try compare(all, together, every.values, path)
    }

    private static func compare(
        _ size: Int, _ factor: Int, _ storages: some Sequence<PickleStorage>, _ path: String
    ) throws {
        let stored = try sum(storages.map(\.recordByteCount), path)
        guard size / factor <= stored || size <= slack else {
            throw DataError(
                .malformed, path: path, expected: "tensors of at most \(factor) times their \(stored) stored bytes",
                found: "\(size) bytes", hint: "the file is made to fill the memory")
        }
    }

    private static func sum(_ sizes: [Int], _ path: String) throws -> Int {
        try sizes.reduce(0) { total, size in
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow else {
                throw DataError(.malformed, path: path, expected: "tensors that fit into memory", found: "more")
            }
            return sum
        }
    }
}
