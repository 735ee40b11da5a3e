import Basics
import Foundation
import ModelZoo
import Networks
import ShiftDetection
import Tensors

/// A model in use whose weights stand in a file: a zoo file or an ensemble, a run folder, or what `zoo import` reads.
struct ModelFile {
    /// The file or folder.
    let path: String
    /// The network's row; nil takes the mean of all.
    let row: Int?
    /// The architecture in JSON or a file of it, where the file itself does not say it.
    let architecture: String?

    /// The networks, and the classes of their outputs where the file names them; `columns` are those of the reference that
    /// may be inputs, in their order. Throws `DataError`.
    func read(columns: [String]) throws -> (network: DetectorNetwork, classes: [String]?) {
        let reader = try reader()
        guard let architecture = reader.header.architecture else {
            throw DataError(
                .malformed, path: path, problem: "does not say what the network computes",
                hint: "say it with --architecture")
        }
        if let row, !(0..<reader.count).contains(row) {
            throw DataError(
                .configuration, path: "--row", expected: "a row from 0 to \(reader.count - 1)", found: "\(row)")
        }
        guard architecture.outputs > 1 else {
            throw DataError(
                .malformed, path: path, problem: "has one output, and a classifier has one for each class")
        }
        let zoo = try row.map { try reader.readWhole(rows: $0..<$0 + 1) } ?? reader.readAll()
        try zoo.checkBuffers(path: path)
        let data = reader.header.dataset
        let names = data?.features ?? columns
        guard case .features(let count) = architecture.input, count == names.count else {
            throw DataError(
                .malformed, path: path,
                expected: "a model of \(names.count) columns: \(names.prefix(12).joined(separator: ", "))",
                found: "one of \(architecture.input.count) inputs",
                hint: "leave out columns that the model does not take with --ignore")
        }
        for numbers in [data?.scale, data?.shift, data?.missing].compactMap({ $0 })
        where numbers.count != 1 && numbers.count != count {
            throw DataError(
                .malformed, path: path, expected: "a scale and a shift for each of \(count) inputs",
                found: "\(numbers.count)")
        }
        let inputs = DetectorNetwork.Inputs(
            columns: names, scale: data?.scale ?? [1], shift: data?.shift ?? [0], fill: data?.missing)
        let networks = ShiftEnsemble(
            architecture: architecture, weights: zoo.population(), buffers: zoo.bufferTensor())
        return (DetectorNetwork(networks: networks, inputs: inputs), data?.classes)
    }

    /// Opens the zoo file; anything else is first brought into one, which goes again.
    private func reader() throws -> ZooReader {
        let ensemble = URL(fileURLWithPath: path).appendingPathComponent("ensemble.h5")
        if FileManager.default.fileExists(atPath: ensemble.path) { return try ZooReader(path: ensemble.path) }
        if ShardedZoo.isOne(path) { return try ZooReader(path: path) }
        if architecture == nil, !POSIXFile.isFolder(path), let reader = try? ZooReader(path: path) { return reader }
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString).h5")
        defer { try? FileManager.default.removeItem(at: temporary) }
        var work = ImportOperation(source: path, out: temporary)
        work.architecture = architecture
        _ = try work.execute(SilentProgress())
        return try ZooReader(path: temporary.path)
    }
}
