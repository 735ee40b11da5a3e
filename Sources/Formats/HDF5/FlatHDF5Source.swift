import ModelZoo
import Basics

/// A matrix (n, p) in an HDF5 file, one network a row, without a word about the layout (ege-erdogan/weightflow).
struct FlatHDF5Source: ZooSource {
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
                try body(
                    ForeignNetwork(
                        tensors: [ForeignTensor(name: name, shape: [width], values: part)], place: "\(path):\(row)"))
            }
        }
    }
}
