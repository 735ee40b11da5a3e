import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Names of checkpoints: which run they are of")
struct CheckpointNamesTests {
    /// A folder with one network a name, imported by a pattern.
    private func imported(
        _ names: [String], _ pattern: String
    ) throws -> (report: ZooImport.Report, columns: ZooColumns, steps: [[Int64]]) {
        try withFolder { (folder: String) throws in
            for (index, name) in names.enumerated() {
                let path = "\(folder)/nets/\(name)"
                try FileManager.default.createDirectory(
                    atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
                    withIntermediateDirectories: true)
                let values = [Float](repeating: Float(index), count: 4)
                let tensor = SafetensorsWriter.Entry(name: "w", shape: [2, 2], values: values[...])
                try POSIXFile.create(try SafetensorsWriter.bytes([tensor], metadata: [:]), to: path)
            }
            let source = try ZooSources(pattern: NamePattern(pattern)).open("\(folder)/nets")
            let report = try ZooImport().write(source, root: "\(folder)/nets", to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            let steps = try (0..<reader.count).map { try reader.trajectory(network: $0)?.steps ?? [] }
            return (report, reader.columns, steps)
        }
    }

    private let lightning = ["epoch=0-step=100.st", "epoch=1-step=200.st", "epoch=10-step=1100.st"]

    @Test("epoch and step together: the step orders, the epoch is a fact")
    func epochAndStep() throws {
        let (report, columns, steps) = try imported(lightning, "epoch={epoch}-step={step}.st")
        #expect(report.networks == 1 && report.notes == [] && steps == [[100, 200, 1100]])
        #expect(columns["epoch"] == .integer([10]) && columns["step"] == .integer([1100]))
        let match = try NamePattern("epoch={epoch}-step={step}.st").match("epoch=3-step=70.st")
        #expect(match?.step == 70 && match?.facts == ["epoch": .integer(3), "step": .integer(70)])
    }

    @Test(
        "what * stands for tells no runs apart, nor does what was measured",
        arguments: [
            "seed{seed}_epoch{epoch}_acc{test_accuracy}.st", "seed{seed}_epoch{epoch}_*.st",
            "seed{seed}_epoch{epoch}_acc{acc1}.st", "seed{seed}_epoch{epoch}_acc{Val_Loss}.st",
        ])
    func measurements(_ pattern: String) throws {
        let names = (0..<2).flatMap { seed in
            [1, 9, 10].map { "seed\(seed)_epoch\($0)_acc0.\(50 + $0 + seed).st" }
        }
        let (report, columns, steps) = try imported(names, pattern)
        #expect(report.networks == 2 && report.notes == [] && steps == [[1, 9, 10], [1, 9, 10]])
        #expect(columns["seed"] == .unsigned([0, 1]))
    }

    @Test(
        "folders and other facts do, a folder's * too",
        arguments: [
            ("run_{name}/ckpt_{epoch}.st", 2), ("*/ckpt_{epoch}.st", 2), ("run_*/ckpt_{step}.*", 2),
            ("run_{loss}/ckpt_{epoch}.st", 2),
        ])
    func folders(_ pattern: String, _ runs: Int) throws {
        let names = ["run_a/ckpt_1.st", "run_a/ckpt_2.st", "run_b/ckpt_1.st", "run_b/ckpt_2.st"]
        let (report, _, steps) = try imported(names, pattern)
        #expect(report.networks == runs && steps == [[1, 2], [1, 2]])
    }

    @Test("a folder of an epoch tells no run, whatever else it is called")
    func epochFolders() throws {
        let names = ["s1/epoch1-x/net.st", "s1/epoch2-y/net.st", "s2/epoch1-z/net.st"]
        let (report, _, steps) = try imported(names, "s{seed}/epoch{epoch}-*/net.st")
        #expect(report.networks == 2 && steps == [[1, 2], [1, -1]])
    }

    @Test("where nothing is grouped that is said; where runs cannot be told apart the files are named")
    func said() throws {
        let (report, _, _) = try imported(["a_1.st", "b_1.st", "c_2.st"], "{time}_{epoch}.st")
        #expect(report.networks == 3 && report.notes.count == 1)
        #expect(report.notes.first?.hasPrefix("3 runs of one checkpoint each") == true)
        let error = dataError { _ = try imported(["a_1.st", "b_1.st"], "*_{epoch}.st") }
        #expect(error?.kind == .malformed && error?.path.hasSuffix("b_1.st") == true)
        #expect(error?.found.hasSuffix("a_1.st") == true && error?.hint.contains("{name}") == true)
        #expect(try imported(["a_1.st"], "{time}_{epoch}.st").report.notes == [])
    }

    @Test("facts of names keep their spelling where others of the column are text")
    func spelling() throws {
        let (_, columns, _) = try imported(["0012_1.st", "1e3_2.st", "ab_3.st"], "{task}_{seed}.st")
        #expect(columns["task"] == .text(["1e3", "0012", "ab"]))
        #expect(try imported(["0012_1.st", "1e3_2.st"], "{task}_{seed}.st").columns["task"] == .real([1000, 12]))
    }
}
