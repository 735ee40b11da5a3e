import Basics
import ModelZoo

extension HDF5Probe {
    /// Serves as ``serveIfAsked(rehearse:)`` does, for an executable that also reads other people's HDF5 files.
    public static func serveForeignIfAsked() {
        serveIfAsked { path in
            guard let file = try? HDF5File.open(path), let format = try? file.foreignFormat() else { return }
            if format == .keras { _ = try? KerasVariables.list(file) }
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

    /// Which of our formats an open file is; throws `.malformed` where it is none of them.
    func foreignFormat(array: String? = nil) throws -> ZooFormat {
        if try text(attribute: "format") == ZooHeader.format { return .zoo }
        if try KerasVariables.isKeras(self) { return .keras }
        _ = try flatDataset(array)
        return .flatHDF5
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

    private func contentList() throws -> String {
        let names = try children(of: "/")
        return names.isEmpty ? "nothing" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
    }

    /// A dataset as a tensor of that name, in single precision; a small one that was never written is its fill value,
    /// zeros as a rule. Throws `.malformed` where it holds no real numbers.
    func foreignTensor(_ path: String, name: String) throws -> ForeignTensor {
        let dataset = try dataset(path, allowsUnwritten: true)
        guard case .real = dataset.element else {
            throw DataError(.malformed, path: dataset.place, expected: "real numbers", found: "\(dataset.element)")
        }
        var values = [Float](repeating: 0, count: dataset.shape.reduce(1, *))
        try values.withUnsafeMutableBufferPointer {
            try dataset.read(start: dataset.shape.map { _ in 0 }, extents: dataset.shape, into: $0)
        }
        return ForeignTensor(name: name, shape: dataset.shape, values: ForeignValues(floats: values))
    }
}
