import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Export of zoo files")
struct ZooExportTests {
    /// Writes `zoo`, exports it to `name` and hands on the folder.
    private func export<Result>(
        _ zoo: Zoo, _ work: ZooExport, to name: String, _ body: (String, ZooExport.Report) throws -> Result
    ) throws -> Result {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/zoo.h5")
            let report = try work.write(ZooReader(path: "\(folder)/zoo.h5"), to: "\(folder)/\(name)")
            return try body("\(folder)/\(name)", report)
        }
    }

    private func mlpZoo() -> Zoo {
        let count = smallArchitecture.layout.count
        var columns = ZooColumns(count: 4)
        columns["seed"] = .unsigned([0, 1, .max, 3])
        columns["test_accuracy"] = .real([0.5, .nan, 1, 0.25])
        columns["task"] = .text(["a", "", "né", "7"])
        columns["epoch"] = .integer([1, -1, 3, 4])
        columns["split"] = .integer([0, 1, 2, 0])
        return Zoo(
            header: ZooHeader(architecture: smallArchitecture), weights: formulaRows(4, count), columns: columns)
    }

    @Test("safetensors: one file a network, which come back as they were")
    func safetensors() throws {
        let zoo = mlpZoo()
        try export(zoo, ZooExport(format: .safetensors), to: "nets") { path, report in
            #expect(report.files == 4 && report.networks == 4 && report.notes == [])
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            #expect(names == (0..<4).map { "network-\($0).safetensors" })
            let back = "\(path)-back.h5"
            _ = try ZooImport(architecture: smallArchitecture).write(ZooSources().open(path), root: path, to: back)
            let read = try ZooReader(path: back).readAll()
            #expect(read.weights == zoo.weights)
            #expect(read.columns["seed"] == zoo.columns["seed"] && read.columns["epoch"] == zoo.columns["epoch"])
            #expect("\(String(describing: read.columns["test_accuracy"]))".contains("[0.5, nan, 1.0, 0.25]"))
            #expect(read.columns["task"] == .text(["a", "", "né", "7"]))
        }
        try export(zoo, ZooExport(format: .safetensors, rows: [2]), to: "one.safetensors") { path, report in
            let tensors = try SafetensorsSource(path: path).all()[0].tensors
            #expect(tensors.map(\.name) == zoo.layout.slots.map(\.name))
            #expect(tensors.map(\.shape) == zoo.layout.slots.map(\.shape))
            #expect(tensors.flatMap { $0.values.floats() } == Array(zoo.row(2)) && report.files == 1)
        }
    }

    @Test("checkpoints of trajectories become files of a run")
    func checkpoints() throws {
        var work = ZooExport(format: .safetensors)
        work.checkpoints = true
        let zoo = fullZoo()
        try export(zoo, work, to: "nets") { path, report in
            // Five networks of two checkpoints, one of which is absent.
            #expect(report.files == 5 + 9 && report.notes == [])
            let pattern = try NamePattern("network-{network}_step-{step}.safetensors")
            let networks = try ZooSources(pattern: pattern).open(path).all()
            #expect(networks.map(\.step) == [0, 10, 0, 10, 0, 10, 0, 0, 10])
            let values = networks[1].tensors.flatMap { $0.values.floats() }
            let trajectory = try #require(zoo.trajectory)
            #expect(values == Array(trajectory.weights[11..<22]) + (trajectory.buffers ?? [])[2..<4])
            #expect(networks[1].facts == ["network": .integer(0), "step": .integer(10)])
        }
    }

    @Test(
        "checkpoints have an epoch where it is known, not where steps are the optimizer's",
        arguments: [
            // The zoo's column `epoch`, the steps of a network, the selected place; the epochs that are known.
            (2, [0, 30, 60], 2, [nil, nil, 2]), (3, [1, 2, 3], 2, [1, 2, 3]), (0, [0, 30, 60], 0, [0, nil, nil]),
            (-1, [0, 30, 60], 2, [nil, nil, nil]), (1, [0, 30, 60], -1, [nil, nil, nil]),
        ] as [(Int64, [Int64], Int64, [Int64?])])
    func epochs(_ epoch: Int64, _ steps: [Int64], _ selected: Int64, _ known: [Int64?]) throws {
        let count = smallArchitecture.layout.count
        var columns = ZooColumns(count: 1)
        columns["epoch"] = .integer([epoch])
        columns["selected"] = .integer([selected])
        let zoo = Zoo(
            header: ZooHeader(architecture: smallArchitecture), weights: formulaRows(1, count), columns: columns,
            trajectory: ZooTrajectory(checkpoints: 3, steps: steps, weights: formulaRows(3, count)))
        var work = ZooExport(format: .safetensors)
        work.checkpoints = true
        try export(zoo, work, to: "nets") { path, _ in
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted().dropFirst()
            let facts = try names.map { try SafetensorsSource(path: "\(path)/\($0)").all()[0].facts }
            #expect(facts.map { $0["step"]?.integer } == steps && facts.map { $0["epoch"]?.integer } == known)
            let back = "\(path)-back.h5"
            let pattern = try NamePattern("network-{network}_step-{step}.safetensors")
            _ = try ZooImport(architecture: smallArchitecture).write(
                ZooSources(pattern: pattern).open(path), root: path, to: back)
            let read = try ZooReader(path: back)
            #expect(read.columns["step"] == .integer([steps[2]]))
            #expect(read.columns["epoch"] == known[2].map { .integer([$0]) })
        }
    }

    @Test("checkpoints that were asked for and are not there are told of")
    func noCheckpoints() throws {
        var work = ZooExport(format: .safetensors)
        work.checkpoints = true
        try export(mlpZoo(), work, to: "nets") { _, report in
            #expect(report.files == 4 && report.notes == ["no checkpoints were written: the zoo file has none"])
        }
    }

    @Test("npz: matrices, facts and the layout; comes back as it was")
    func npz() throws {
        let zoo = fullZoo()
        try export(zoo, ZooExport(format: .npz), to: "x.npz") { path, report in
            #expect(report.notes == ["trajectories were left out"])
            let archive = try ZipArchive(path: path)
            #expect(
                archive.entries.map(\.name).sorted() == [
                    "buffers.npy", "dataset.json", "layout.json", "seed.npy", "split.npy", "task.npy",
                    "test_accuracy.npy",
                    "weights.npy",
                ])
            let back = "\(path)-back.h5"
            _ = try ZooImport(layout: zoo.layout).write(ZooSources().open(path), root: path, to: back)
            let read = try ZooReader(path: back).readAll()
            #expect(read.weights == zoo.weights && read.buffers == zoo.buffers)
            #expect(read.layout.slots.map(\.name) == ["w", "b"] && read.layout.buffers.map(\.name) == ["m"])
            for name in ["split", "seed", "task"] { #expect(read.columns[name] == zoo.columns[name], "\(name)") }
        }
    }

    @Test("flat HDF5: the matrix alone; comes back with an architecture")
    func flat() throws {
        let zoo = mlpZoo()
        try export(zoo, ZooExport(format: .flatHDF5, rows: [3, 1]), to: "x.h5") { path, report in
            #expect(report.notes.count == 1)
            #expect(report.notes[0].contains(#"--architecture '{"activation":"relu","kind":"mlp""#))
            let file = try HDF5File.open(path)
            #expect(try file.children(of: "/") == ["dataset"] && file.attributeNames(of: "/dataset") == [])
            let dataset = try file.dataset("/dataset")
            #expect(dataset.chunk == nil && dataset.element == .real(bytes: 4))
            #expect(try dataset.read(rows: 0..<2, as: Float.self) == Array(zoo.row(3)) + zoo.row(1))
        }
        try export(fullZoo(), ZooExport(format: .flatHDF5), to: "x.h5") { _, report in
            #expect(report.notes.contains { $0.contains("running statistics") } && report.notes.count == 4)
            #expect(report.notes.contains { $0.contains("--dataset '{") })
        }
    }

    @Test("a zoo file of some networks keeps everything of them")
    func zooFile() throws {
        let zoo = fullZoo()
        try export(zoo, ZooExport(format: .zoo, rows: [4, 0]), to: "x.h5") { path, _ in
            let reader = try ZooReader(path: path)
            expectSame(try reader.readAll(), zoo.select(rows: [4, 0]))
            #expect(try reader.trajectory(network: 0) == zoo.trajectory?.select(rows: [4]))
        }
    }

    @Test("the same zoo gives the same bytes", arguments: [ZooFormat.npz, .flatHDF5, .zoo])
    func deterministic(format: ZooFormat) throws {
        let first = try export(fullZoo(), ZooExport(format: format), to: "a") { path, _ in try bytes(path) }
        let second = try export(fullZoo(), ZooExport(format: format), to: "b") { path, _ in try bytes(path) }
        #expect(first == second)
    }

    @Test("folders that are not empty are refused, and a failed export leaves nothing")
    func folders() throws {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(mlpZoo(), to: "\(folder)/zoo.h5")
            let reader = try ZooReader(path: "\(folder)/zoo.h5")
            let target = "\(folder)/nets/"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
            struct Stop: Error {}
            for format in ZooExport.formats where format != .virtualHDF5 {
                #expect(throws: Stop.self) {
                    let path = format == .safetensors ? target : "\(folder)/x"
                    _ = try ZooExport(format: format).write(
                        reader, to: path, progress: WorkProgress { done, _ in if done >= 2 { throw Stop() } })
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["nets", "zoo.h5"])
            }
            _ = try ZooExport(format: .safetensors).write(reader, to: target)
            let error = dataError { _ = try ZooExport(format: .safetensors).write(reader, to: target) }
            #expect(
                error?.kind == .inputOutput && error?.description.contains("is a folder that holds 4 files") == true)
            #expect(dataError { _ = try ZooExport(format: .npz, rows: []).write(reader, to: "\(folder)/x") } != nil)
        }
    }
}
