import Basics

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
