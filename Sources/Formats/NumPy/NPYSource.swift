import Basics
import Foundation

/// A matrix (n, p) in a `.npy` file, one network or checkpoint a row.
///
/// The small-CNN zoo (Unterthiner et al., 2020) keeps two files beside it: `layout.csv` names the parts of a row, in
/// TensorFlow's order of axes, and `metrics.csv.gz` says what is known of each row; rows of one `modeldir` are
/// checkpoints of one run, in the order of `step`.
struct NPYSource: ZooSource {
    let format = ZooFormat.npy
    let path: String
    let array: NPYArray
    private static let blockBytes = 8 << 20
    private let layout: RowLayout?
    private let metrics: RowMetrics?

    /// Opens the matrix and the files beside it; throws `DataError`.
    init(path: String) throws {
        let array = try NPYArray(path: path)
        guard array.shape.count == 2, array.header.element.isReal else {
            throw DataError(
                .malformed, path: path, expected: "real numbers (networks, parameters)",
                found: "\(array.header.element) \(array.shape)")
        }
        try array.checkWidth()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        func beside(_ names: [String]) -> String? {
            names.map { folder.appendingPathComponent($0).path }.first { FileManager.default.fileExists(atPath: $0) }
        }
        layout = try beside(["layout.csv"]).map { try RowLayout(path: $0, width: array.shape[1]) }
        metrics = try beside(["metrics.csv.gz", "metrics.csv"]).map { try RowMetrics(path: $0, count: array.shape[0]) }
        self.path = path
        self.array = array
    }

    var total: Int? { array.shape[0] }
    var longestRun: Int { metrics?.longestRun ?? 1 }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let order = metrics?.order ?? Array(0..<array.shape[0])
        // Rows that do not follow each other are read one by one.
        let isInOrder = metrics.map { $0.longestRun == 1 } ?? true
        let block = isInOrder ? max(1, Self.blockBytes / max(1, array.shape[1] * 4)) : 1
        var loaded = 0..<0
        var values: [Float] = []
        for row in order {
            if !loaded.contains(row) {
                loaded = row..<min(row + block, array.shape[0])
                values = try array.rows(loaded)
            }
            let first = (row - loaded.lowerBound) * array.shape[1]
            try body(try network(row, Array(values[first..<first + array.shape[1]])))
        }
    }

    private func network(_ row: Int, _ values: [Float]) throws -> ForeignNetwork {
        let tensors = layout?.tensors(values)
            ?? [ForeignTensor(name: "weights", shape: [values.count], values: ForeignValues(floats: values))]
        var network = ForeignNetwork(tensors: tensors, place: "\(path):\(row)")
        guard let metrics else { return network }
        network.facts = metrics.facts(row)
        if metrics.longestRun > 1 { (network.run, network.step) = (metrics.run(row), metrics.step(row)) }
        return network
    }
}
