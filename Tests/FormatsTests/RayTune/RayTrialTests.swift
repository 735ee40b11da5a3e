import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Ray Tune: single runs")
struct RayTrialTests {
    /// A run with these files, by path, and reads it.
    private func trial<Result>(_ files: [(String, String)], _ body: (String) throws -> Result) throws -> Result {
        try withFolder { (folder: String) throws in
            for (name, text) in files {
                let url = URL(fileURLWithPath: "\(folder)/run/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            return try body("\(folder)/run")
        }
    }

    @Test("checkpoints in the order of their numbers, padded or not; other folders are none")
    func order() throws {
        let names = [
            "checkpoint_10", "checkpoint_000002", "checkpoint_1", "checkpoint_x", "checkpoint_", "checkpoints",
        ]
        try trial(names.map { ("\($0)/checkpoints", "") } + [("params.json", "{}")]) { path in
            let trial = try RayTrial(path: path)
            #expect(trial.checkpoints.map(\.step) == [1, 2, 10])
            #expect(RayTrial.networkFile(of: trial.checkpoints[0])?.hasSuffix("/checkpoint_1/checkpoints") == true)
        }
    }

    @Test("checkpoints without the file of a network are passed over, counted and named")
    func unfinished() throws {
        let names = ["checkpoint_1/optimizer", "checkpoint_3/model.txt", "params.json"].map { ($0, "{}") }
        try trial(names) { path in
            let network = try bytes(checkpointFixture("mlp.pt"))
            try FileManager.default.createDirectory(atPath: "\(path)/checkpoint_2", withIntermediateDirectories: true)
            try network.write(to: URL(fileURLWithPath: "\(path)/checkpoint_2/model.pt"))
            let source = try ZooSources().open(path)
            #expect(try source.all().map(\.step) == [2] && source.total == 1 && source.longestRun == 1)
            #expect(source.notes.count == 1)
            #expect(source.notes[0].hasPrefix("2 of 3 checkpoints have no file of a network"))
            #expect(source.notes[0].hasSuffix("passed over: checkpoint_1, checkpoint_3"))
            #expect(source.notes[0].contains("one of checkpoints, checkpoint, checkpoint.pt"))
        }
    }

    @Test("two checkpoints of a number, none with a network, and none at all are refused")
    func refused() throws {
        try trial([("checkpoint_1/checkpoints", ""), ("checkpoint_01/checkpoints", "")]) { path in
            #expect(dataError { _ = try RayTrial(path: path) }?.found == "two of number 1")
        }
        try trial([("checkpoint_1/optimizer", ""), ("params.json", "{}")]) { path in
            let error = dataError { _ = try ZooSources().open(path).all() }
            #expect(error?.kind == .missing && error?.found == "optimizer")
            #expect(error?.expected.contains("model.safetensors") == true)
        }
        try trial([("params.json", "{}")]) { path in
            #expect(dataError { _ = try ZooSources().open(path) }?.found == "1 runs without any")
        }
    }

    @Test("results: the last line of an epoch counts, lines without one are passed over, broken ones are named")
    func results() throws {
        let lines = [
            #"{"training_iteration": 1, "test_acc": 0.1}"#, "", #"{"note": 1}"#,
            #"{"training_iteration": 1, "test_acc": 0.2, "test_accuracy": 0.3}"#,
            #"{"training_iteration": 2, "val_acc": 0.5, "pid": 7}"#,
        ]
        try trial([("result.json", lines.joined(separator: "\n"))]) { path in
            let results = try #require(try RayTrial(path: path).results())
            #expect(results[1] == ["epoch": .integer(1), "test_accuracy": .real(0.3)])
            #expect(results[2] == ["epoch": .integer(2), "validation_accuracy": .real(0.5)])
            #expect(try RayTrial(path: path).parameters() == [:])
        }
        try trial([("result.json", "{}\n{\n")]) { path in
            #expect(dataError { _ = try RayTrial(path: path).results() }?.path.hasSuffix("result.json, line 2") == true)
        }
        try trial([("params.json", "[1]")]) { path in
            #expect(dataError { _ = try RayTrial(path: path).parameters() }?.kind == .malformed)
        }
    }

    /// A line of Ray 2.7 and later: an epoch, its accuracy in sixteenths, and the checkpoint written at its end.
    private func line(_ epoch: Int, _ folder: String?) -> String {
        let name = folder.map { "\"\($0)\"" } ?? "null"
        return #"{"training_iteration": \#(epoch), "test_acc": \#(Double(epoch) / 16), "#
            + #""checkpoint_dir_name": \#(name)}"#
    }

    @Test("checkpoints that lines name have these lines' epochs and facts, whatever their numbers")
    func named() throws {
        let lines = [
            line(1, nil), line(2, "checkpoint_000000"), line(3, nil), line(4, "runs/x/checkpoint_000001"),
            line(6, "checkpoint_000002"),
        ]
        let network = try bytes(formatFixture("runs/seed0_epoch0.safetensors"))
        let files = (0..<3).map { ("checkpoint_00000\($0)/model.safetensors", "") }
        try trial(files + [("result.json", lines.joined(separator: "\n")), ("params.json", "{}")]) { path in
            for (name, _) in files { try network.write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
            let source = try ZooSources().open(path)
            let networks = try source.all()
            #expect(networks.map(\.step) == [2, 4, 6] && source.notes == [] && source.longestRun == 3)
            #expect(networks.map { $0.facts["epoch"] } == [.integer(2), .integer(4), .integer(6)])
            #expect(networks.map { $0.facts["test_accuracy"] } == [.real(0.125), .real(0.25), .real(0.375)])
            #expect(networks[0].place.hasSuffix("checkpoint_000000/model.safetensors"))
        }
    }

    @Test("checkpoints that no line names, or a later one of their epoch replaced, are passed over and counted")
    func unnamed() throws {
        let lines = [line(2, "checkpoint_000000"), line(4, "checkpoint_000001"), line(4, "checkpoint_000002")]
        let files = (0..<4).map { ("checkpoint_00000\($0)/checkpoint.pt", "") }
        try trial(files + [("result.json", lines.joined(separator: "\n"))]) { path in
            let trial = try RayTrial(path: path)
            #expect(trial.checkpoints.map(\.step) == [2, 4] && trial.unnamed == 2)
            #expect(trial.checkpoints[1].name == "checkpoint_000002")
            let notes = try ZooSources().open(path).notes
            #expect(notes == ["2 checkpoints that result.json does not name were passed over"])
        }
    }

    @Test("folders: depth, order, hidden files, and links to folders that are not followed")
    func listing() throws {
        let files = ["a10.x", "a9.x", ".hidden", "b/c.x", "b/d/e.x"].map { ($0, "") }
        try trial(files) { path in
            try FileManager.default.createSymbolicLink(atPath: "\(path)/loop", withDestinationPath: path)
            #expect(try FolderListing.files(in: path, depth: 0) == ["a9.x", "a10.x"])
            #expect(try FolderListing.files(in: path, depth: 1) == ["a9.x", "a10.x", "b/c.x"])
            #expect(try FolderListing.files(in: path, depth: 5) == ["a9.x", "a10.x", "b/c.x", "b/d/e.x"])
            #expect(dataError { _ = try FolderListing.names(in: "\(path)/none") }?.kind == .missing)
            #expect(dataError { _ = try FolderListing.names(in: "\(path)/a9.x") } != nil)
        }
    }
}
