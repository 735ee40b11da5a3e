import Basics
import ModelZoo

/// A matrix (n, p) in an HDF5 file, one network a row, without a word about the layout (ege-erdogan/weightflow).
struct FlatHDF5Source: ForeignSource {
    let format = ZooFormat.flatHDF5
    let path: String
    /// Name of the dataset; nil takes `/dataset`, or the only one.
    let array: String?
    private static let blockBytes = 8 << 20

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try HDF5File.openForeign(path)
        let name = try file.flatDataset(array)
        let dataset = try file.dataset(name)
        guard case .real = dataset.element, dataset.shape.count == 2 else {
            throw DataError(
                .malformed, path: dataset.place, expected: "real numbers (networks, parameters)",
                found: "\(dataset.element) \(dataset.shape)", hint: "--array NAME takes another dataset")
        }
        try file.checkForeignSize(dataset)
        let (count, width) = (dataset.shape[0], dataset.shape[1])
        guard width > 0 else {
            throw DataError(
                .malformed, path: dataset.place, expected: "networks with parameters", found: "rows of 0 numbers")
        }
        let block = max(1, Self.blockBytes / max(1, width * 4))
        for start in stride(from: 0, to: count, by: block) {
            let rows = start..<min(start + block, count)
            let values = try dataset.read(rows: rows, as: Float.self)
            for row in rows {
                let first = (row - start) * width
                let part = ForeignValues(floats: Array(values[first..<first + width]))
                var network = ForeignNetwork(
                    tensors: [ForeignTensor(name: name, shape: [width], values: part)], place: "\(path):\(row)")
                network.hasOwnNames = false
                try body(network)
            }
        }
    }
}

extension HDF5File {
    /// Opens a file of unknown make after a child process has walked it (see `HDF5Probe`).
    static func openForeign(_ path: String) throws -> HDF5File {
        _ = try HDF5Signature.check(path)
        try HDF5Probe.walk(path)
        return try open(path)
    }

    /// The name of the matrix of a flat population: the one asked for, else `/dataset`, else the only dataset.
    ///
    /// Throws `.missing` where the one asked for is not there, `.malformed` where it is not clear which one is meant.
    func flatDataset(_ wanted: String? = nil) throws -> String {
        if let wanted {
            let name = wanted.hasPrefix("/") ? wanted : "/\(wanted)"
            guard try contains(name), try kind(of: name) == .dataset else {
                throw DataError(.missing, path: path, expected: "a dataset \(name)", found: try contentList())
            }
            return name
        }
        if try contains("/dataset") { return "/dataset" }
        let datasets = try children(of: "/").map { "/\($0)" }.filter { try kind(of: $0) == .dataset }
        guard datasets.count == 1 else {
            throw DataError(
                .malformed, path: path, expected: "a zoo file, a Keras file or a matrix /dataset",
                found: try contentList(), hint: "--array NAME says which dataset holds the networks")
        }
        return datasets[0]
    }

    /// Refuses a dataset that is far larger than its file and large at all: what shrinks so is zeros, or made to fill
    /// the memory. Throws `.malformed`.
    func checkForeignSize(_ dataset: borrowing HDF5Dataset) throws {
        let claimed = dataset.shape.reduce(4, *)
        let file = try RegularFile(path: path).count
        guard claimed / ZipDirectory.largestExpansion > file, claimed > ZipDirectory.alwaysAllowed else { return }
        throw DataError(
            .malformed, path: dataset.place,
            expected: "numbers of at most \(ZipDirectory.largestExpansion) times the file's size",
            found: "\(file >> 10) KiB that unpack to \(claimed >> 20) MiB",
            hint: "it is made to fill the memory, or is nearly all zeros: save it without compression")
    }

    private func contentList() throws -> String {
        let names = try children(of: "/")
        return names.isEmpty ? "nothing" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
    }

    /// A dataset as a tensor of that name, in single precision; a small one that was never written is its fill value,
    /// zeros as a rule. Throws `.malformed` where it holds no real numbers.
    func foreignTensor(_ path: String, name: String) throws -> ForeignTensor {
        let dataset = try dataset(path, allowsUnwritten: true)
        try checkForeignSize(dataset)
        if case .opaque(bytes: 2) = dataset.element {
            // Keras' way of bfloat16, a type that neither NumPy nor the library knows.
            return ForeignTensor(
                name: name, shape: dataset.shape,
                values: ForeignValues(bytes: try dataset.readOpaque(), element: .bfloat16))
        }
        guard case .real = dataset.element else {
            try KerasVariables.checkFloats(dataset)
            throw DataError(.malformed, path: dataset.place, expected: "real numbers", found: "\(dataset.element)")
        }
        var values = [Float](repeating: 0, count: dataset.shape.reduce(1, *))
        try values.withUnsafeMutableBufferPointer {
            try dataset.read(start: dataset.shape.map { _ in 0 }, extents: dataset.shape, into: $0)
        }
        return ForeignTensor(name: name, shape: dataset.shape, values: ForeignValues(floats: values))
    }
}
