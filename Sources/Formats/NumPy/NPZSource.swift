import Basics
import Foundation
import ModelZoo
import Networks

/// A `.npz` file: a ZIP archive of NumPy arrays.
///
/// Where one of them is a matrix `weights` (n, p) it is a population, one network a row: `buffers` goes with it, arrays
/// of n numbers are facts, and the text `layout.json` says what lies where in a row. Any other archive is one network,
/// an array a tensor.
struct NPZSource: ForeignSource {
    let format = ZooFormat.npz
    let path: String
    /// Name of the matrix; nil takes `weights`.
    let array: String?

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let archive = try ZipArchive(path: path)
        let name = array ?? "weights"
        if let weights = try matrix(archive, name) {
            try NPZPopulation(path: path, archive: archive, name: name, weights: weights).forEach(body)
            return
        }
        if let array {
            throw DataError(
                .missing, path: path, expected: "a matrix \"\(array)\"",
                found: archive.entries.prefix(12).map(\.name).joined(separator: ", "))
        }
        let tensors = try archive.entries.filter { $0.name.hasSuffix(".npy") }.map { entry in
            let array = try NPYArray(place: "\(path), \(entry.name)", bytes: try archive.read(entry))
            return try array.tensor(String(entry.name.dropLast(4)))
        }
        try body(ForeignNetwork(tensors: tensors, place: path))
    }

    private func matrix(_ archive: ZipArchive, _ name: String) throws -> NPYArray? {
        guard let entry = archive["\(name).npy"] else { return nil }
        let array = try NPYArray(place: "\(path), \(entry.name)", bytes: try archive.read(entry))
        guard array.shape.count == 2, array.header.element.isReal else { return nil }
        try array.checkWidth()
        return array
    }
}

/// A matrix of networks in a `.npz` file with the arrays that go with it.
struct NPZPopulation {
    private let path: String
    private let name: String
    private let weights: NPYArray
    private let buffers: NPYArray?
    private let layout: ParameterLayout?
    private var columns: ZooColumns
    private let dataset: String?

    /// Reads the arrays that go with the matrix; throws `.malformed` where it does not fit.
    init(path: String, archive: ZipArchive, name: String, weights: NPYArray) throws {
        (self.path, self.name, self.weights) = (path, name, weights)
        let count = weights.shape[0]
        dataset = try archive[DatasetRecord.member].map { String(decoding: try archive.read($0), as: UTF8.self) }
        layout = try archive["layout.json"].map { entry in
            do {
                return try ForeignJSON.decode(ParameterLayout.self, from: try archive.read(entry))
            } catch let error as DecodingError {
                throw DataError(
                    .malformed, path: "\(path), layout.json", expected: "a layout in JSON", found: error.reason)
            }
        }
        var buffers: NPYArray?
        columns = ZooColumns(count: count)
        for entry in archive.entries where entry.name.hasSuffix(".npy") && entry.name != "\(name).npy" {
            let place = "\(path), \(entry.name)"
            let array = try NPYArray(place: place, bytes: try archive.read(entry))
            let fact = String(entry.name.dropLast(4))
            if fact == "buffers", layout?.bufferCount ?? 0 > 0, array.header.element.isReal {
                buffers = array
            } else if array.shape == [count] {
                columns[fact] = try array.column()
            } else {
                throw DataError(
                    .malformed, path: place, expected: "one number for each of \(count) networks",
                    found: "\(array.shape)")
            }
        }
        self.buffers = buffers
        try checkWidths()
    }

    private func checkWidths() throws {
        guard let layout else { return }
        guard weights.shape[1] == layout.count else {
            throw DataError(
                .malformed, path: weights.place, expected: "rows of the layout: \(layout.brief)",
                found: "\(weights.shape)")
        }
        guard buffers.map({ $0.shape == [weights.shape[0], layout.bufferCount] }) ?? true else {
            throw DataError(
                .malformed, path: "\(path), buffers.npy", expected: "[\(weights.shape[0]), \(layout.bufferCount)]",
                found: "\(buffers?.shape ?? [])")
        }
    }

    /// Calls `body` with every row.
    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        for row in 0..<weights.shape[0] {
            let values = try weights.rows(row..<row + 1)
            var tensors = tensors(values, layout?.slots)
            if let buffers { tensors += self.tensors(try buffers.rows(row..<row + 1), layout?.buffers) }
            var facts: [String: ColumnValue] = [:]
            for name in columns.names {
                // In files of ours -1 stands for what is missing; in others it is a number.
                facts[name] = columns[name].flatMap { ColumnValue($0, row: row, knowing: layout == nil) }
            }
            var network = ForeignNetwork(tensors: tensors, facts: facts, place: "\(path):\(row)")
            network.dataset = dataset
            try body(network)
        }
    }

    private func tensors(_ row: [Float], _ slots: [Slot]?) -> [ForeignTensor] {
        guard let slots else {
            return [ForeignTensor(name: name, shape: [row.count], values: ForeignValues(floats: row))]
        }
        return slots.map {
            ForeignTensor(name: $0.name, shape: $0.shape, values: ForeignValues(floats: Array(row[$0.range])))
        }
    }
}
