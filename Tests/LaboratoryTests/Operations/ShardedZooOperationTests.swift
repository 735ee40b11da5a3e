import Formats
import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// A folder of shards in the place of a zoo file, in every operation that takes one.
@Suite("Operations on a zoo in shards")
struct ShardedZooOperationTests {
    private static let split = ZooDataset.Split.indices(train: [0, 1], validation: Array(2..<10), test: Array(10..<60))
    private static let zoo = Small.zoo(9, split: [0, 0, 0, 0, 0, 1, 2, 2, 2], dataset: Small.digits(split))

    private let scratch: ScratchFolder
    private var folder: URL { scratch.file("zoo") }
    private var file: URL { scratch.file("zoo.h5") }

    init() throws {
        scratch = try ScratchFolder()
        try ZooWriter.write(Self.zoo, to: file.path)
        try POSIXFile.makeFolders(folder.path)
        let names = try [0..<4, 4..<5, 5..<9].enumerated().map { index, rows in
            try ZooWriter.write(
                Self.zoo.select(rows: Array(rows)), to: folder.appendingPathComponent(ZooShards.name(index)).path)
            return ZooShards.name(index)
        }
        try ShardedZoo(of: names, in: folder.path).write(to: folder.path)
    }

    private func train(_ out: String, shards: Int?, resume: Bool = false, force: Bool = false) throws
        -> TrainOperation.Outcome
    {
        try scratch.put(
            "recipe.yaml",
            "widths: [64, 4, 10]\ntraining: {epochs: 1}\nnetworks: {train: 21, validation: 2, test: 2}\n")
        var work = TrainOperation(
            recipe: scratch.file("recipe.yaml").path, settings: [], out: scratch.file(out), resume: resume,
            catalog: Small.catalog)
        (work.shards, work.replaces) = (shards, force)
        return try work.execute(SilentProgress())
    }

    @Test("training in shards makes the networks of one file, is refused where something stands, and is done once")
    func training() throws {
        let one = try train("one.h5", shards: nil), many = try train("many", shards: 2)
        #expect(one.count == 25 && many.count == 25 && many.divergedCount == 0)
        #expect(many.zoos.map(\.path) == [scratch.file("many").path])
        let inspected = try [one, many].map { try ZooReader(path: $0.zoos[0].path).inspect() }
        #expect(inspected[0].contentDigest == inspected[1].contentDigest && inspected[1].shards == 2)
        #expect(!scratch.names.contains("many.progress"))
        #expect(try requireDataError { _ = try train("many", shards: 2) }.found == "is there already")
        let again = try train("many", shards: 2, resume: true)
        #expect(again.note?.contains("holds a finished training") == true && again.count == 25)
        _ = try train("many", shards: 3, force: true)
        #expect(try ShardedZoo(contentsOf: scratch.file("many").path).shards.count == 3)
        let file = try requireDataError { _ = try train("one.h5", shards: 2, force: true) }
        #expect(file.found.hasPrefix("is a file, but a folder of zoo files is to be written"))
        #expect(try requireDataError { _ = try train("many", shards: 9, force: true) }.path == "--shards")
        #expect(try ZooReader(path: scratch.file("many").path).count == 25, "what is refused leaves what is there")
    }

    @Test("a run has the bytes of one from the file")
    func run() throws {
        let yaml = """
            coordinates: {components: 3}
            generator: {hidden: 8, timeWidth: 4}
            training: {steps: 12, batch: 4, microBatches: 2}
            sampling: {count: 4, steps: 3}
            evaluation: {noise: [0.01], averages: [2], baselineCount: 3}

            """
        for (name, path) in [("file", file), ("shards", folder)] {
            try scratch.put("\(name).yaml", "zoo: {path: \(path.path)}\n" + yaml)
            var request = Experiment.Request(experiment: scratch.file("\(name).yaml").path)
            (request.out, request.data) = (scratch.file("run-\(name)"), Small.catalog.folders.first)
            _ = try Experiment(request, reporter: SilentProgress()).run()
        }
        for name in ["zoo.h5", "aligned.h5", "generator/net.h5", "ensemble.h5", "evaluation.json"] {
            let bytes = try ["file", "shards"].map { try Data(contentsOf: scratch.file("run-\($0)/\(name)")) }
            #expect(bytes[0] == bytes[1], "\(name)")
        }
        // Another index in its place is another zoo.
        try FileManager.default.removeItem(at: scratch.file("run-shards/summary.json"))
        let index = folder.appendingPathComponent(ShardedZoo.indexName)
        try (String(contentsOf: index, encoding: .utf8) + "\n").write(to: index, atomically: true, encoding: .utf8)
        var request = Experiment.Request(experiment: scratch.file("shards.yaml").path)
        (request.out, request.data, request.resume) = (scratch.file("run-shards"), Small.catalog.folders.first, true)
        let asked = request
        let error = try requireDataError { _ = try Experiment(asked, reporter: SilentProgress()).run() }
        #expect(error.found.hasPrefix("is not the zoo that this run was begun with"))
    }

    @Test("it is judged, alone and as the zoo of others, as the file is")
    func evaluation() throws {
        func outcome(_ path: URL, zoo: URL?) throws -> EvaluateOperation.Outcome {
            try EvaluateOperation(path: path.path, dataset: nil, zoo: zoo?.path, catalog: Small.catalog).execute()
        }
        #expect(try outcome(folder, zoo: nil).rows == outcome(file, zoo: nil).rows)
        try ZooWriter.write(Small.zoo(4, seed: 3), to: scratch.file("made.h5").path)
        let beside = try [folder, file].map { try outcome(scratch.file("made.h5"), zoo: $0).rows }
        #expect(beside[0] == beside[1] && beside[0].count > 3)
        #expect(try outcome(folder, zoo: file).rows == outcome(file, zoo: file).rows)
    }

    @Test("it is aligned, split, verified, exported and drawn; nothing can be written over it")
    func operations() throws {
        for (name, path) in [("a", folder), ("b", file)] {
            _ = try AlignOperation(path: path.path, reference: 0, sweeps: 3, out: scratch.file("aligned-\(name).h5"))
                .execute(SilentProgress())
            _ = try SplitOperation(
                path: path.path, assignment: .init(validation: 0.2, test: 0.2, seed: 0), column: nil,
                out: scratch.file("split-\(name).h5")
            ).execute(SilentProgress())
            _ = try ExportOperation(path: path.path, format: .npz, out: scratch.file("export-\(name).npz"))
                .execute(SilentProgress())
        }
        for name in ["aligned-?.h5", "split-?.h5", "export-?.npz"] {
            let bytes = try ["a", "b"].map { try Data(contentsOf: scratch.file(name.replacing("?", with: $0))) }
            #expect(bytes[0] == bytes[1], "\(name)")
        }
        let page = try ReportOperation.execute(folder)
        #expect(page.lastPathComponent == "zoo.html")
        #expect(try String(contentsOf: page, encoding: .utf8).contains("<svg"))
        let shard = folder.appendingPathComponent(ZooShards.name(1))
        var work = ExportOperation(path: folder.path, format: .zoo, out: shard)
        work.replaces = true
        #expect(try requireDataError { _ = try work.execute(SilentProgress()) }.found.contains("would replace"))
    }

    @Test("a view of it is exported whole, of a file not at all, and an import says what both are")
    func view() throws {
        let report = try ExportOperation(path: folder.path, format: .virtualHDF5, out: scratch.file("view.h5"))
            .execute(SilentProgress())
        #expect(report.networks == 9 && report.notes.count == 1 && report.notes[0].contains("NaN and no error"))
        var some = ExportOperation(path: folder.path, format: .virtualHDF5, out: scratch.file("some.h5"))
        some.rows = "0-3"
        let part = some
        #expect(try requireDataError { _ = try part.execute(SilentProgress()) }.path == "--format")
        let one = ExportOperation(path: file.path, format: .virtualHDF5, out: scratch.file("one.h5"))
        #expect(try requireDataError { _ = try one.execute(SilentProgress()) }.found.contains("one file already"))
        #expect(!scratch.names.contains("some.h5") && !scratch.names.contains("one.h5"))
        let again = try requireDataError { _ = try ZooSources().open(folder.path) }
        #expect(again.found == "a zoo file already")
        let seen = try requireDataError { _ = try ZooSources().open(scratch.file("view.h5").path) }
        #expect(seen.found.hasPrefix("shows a sharded zoo") && seen.hint == "the folder of the shards is a zoo already")
    }

    @Test("a run of an earlier version, whose settings know no parts of minibatches, goes on; with some it does not")
    func earlierSettings() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        try small.cut("whole", as: "cut", after: 2)
        try small.edit("cut/config.resolved.yaml", "  microBatches: 1\n", "")
        try small.run(out: "cut", resume: true)
        #expect(try small.bytes("cut/generator/net.h5") == small.bytes("whole/generator/net.h5"))
        try small.cut("whole", as: "other", after: 2)
        try small.edit("other/config.resolved.yaml", "  microBatches: 1\n", "")
        let error = try requireDataError {
            _ = try small.run(out: "other", settings: ["training.microBatches=2"], resume: true)
        }
        #expect(error.found.contains("training.microBatches = absent, not 2"))
    }
}
