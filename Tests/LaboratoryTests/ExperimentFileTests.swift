import Foundation
import Networks
import Testing
import TestSupport

@testable import Laboratory

@Suite("Experiment files")
struct ExperimentFileTests {
    @Test("A name under Experiments, a folder and a file are found")
    func found() throws {
        let scratch = try ScratchFolder()
        try scratch.put("Experiments/first/config.yaml", "seed: 1\n")
        try scratch.put("other.yaml", "seed: 2\n")
        let experiments = scratch.file("Experiments")
        let byName = try ExperimentFile.load("first", experiments: experiments)
        #expect(byName.name == "first" && byName.document.tree["seed"] == .integer(1))
        #expect(try ExperimentFile.load(experiments.path + "/first", experiments: experiments).name == "first")
        #expect(try ExperimentFile.load(experiments.path + "/first/config.yaml").name == "first")
        let byFile = try ExperimentFile.load(scratch.file("other.yaml").path, experiments: experiments)
        #expect(byFile.name == "other" && byFile.document.tree["seed"] == .integer(2))
    }

    @Test("A missing experiment names the known ones", arguments: ["nothing", "", "half", "Experiments"])
    func missing(_ name: String) throws {
        let scratch = try ScratchFolder()
        for name in ["b", "a"] { try scratch.put("Experiments/\(name)/config.yaml", "") }
        try scratch.put("Experiments/half/README.md", "")
        let error = try requireDataError { _ = try ExperimentFile.load(name, experiments: scratch.file("Experiments")) }
        #expect(error.kind == .missing && error.hint.hasSuffix("there are a, b"))
        #expect(ExitStatus(error) == .noInput)
    }

    @Test("Bytes that are no text are refused")
    func notText() throws {
        let scratch = try ScratchFolder()
        try Data([0xFF, 0xFE, 0x00]).write(to: scratch.file("x.yaml"))
        let error = try requireDataError { _ = try ExperimentFile.load(scratch.file("x.yaml").path) }
        #expect(error.kind == .configuration && error.description.contains("is not text"))
        try Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0xFF]).write(to: scratch.file("zoo.h5"))
        let zoo = try requireDataError { _ = try ExperimentFile.load(scratch.file("zoo.h5").path) }
        #expect(zoo.hint.contains("kind: file") && zoo.hint.contains("zoo.h5"), "\(zoo)")
    }

    @Test("A file that says nothing is refused", arguments: ["", "\n", "# zoo: x\n", "null\n", "---\n"])
    func silent(_ text: String) throws {
        let scratch = try ScratchFolder()
        try scratch.put("x.yaml", text)
        let error = try requireDataError { _ = try ExperimentFile.load(scratch.file("x.yaml").path) }
        #expect(error.kind == .configuration && error.description.contains("says nothing"), "\(error)")
    }
}
