import ModelZoo
import Basics
import Networks

/// A matrix of networks in a `.npz` file with what stands beside it.
struct NPZPopulation {
    private let path: String
    private let name: String
    private let weights: NPYArray
    private let buffers: NPYArray?
    private let layout: ParameterLayout?
    private var columns: ZooColumns

    /// Reads what stands beside the matrix; throws `.malformed` where it does not fit.
    init(path: String, archive: ZipArchive, name: String, weights: NPYArray) throws {
        (self.path, self.name, self.weights) = (path, name, weights)
        let count = weights.shape[0]
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
            var facts: [String: ZooFact] = [:]
            for name in columns.names { facts[name] = columns[name].flatMap { ZooFact($0, row: row) } }
            try body(ForeignNetwork(tensors: tensors, facts: facts, place: "\(path):\(row)"))
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
