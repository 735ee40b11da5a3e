import Foundation
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

/// What of an experiment's README stands in its report.
@Suite("The question of an experiment")
struct ExperimentQuestionTests {
    @Test(
        "the text under the title, up to the next heading",
        arguments: [
            ("# Title\n\nIs it new?\n\nWe doubt it.\n\n## Method\nno\n", "Is it new?\n\nWe doubt it."),
            ("# Title\nIs it #1?\n", "Is it #1?"), ("\n\n# Title\n\n\nIs it?\n# Other\nno", "Is it?"),
            ("Is it?\nYes.\n## No", "Is it?\nYes."), ("# Title\n\nIs it?\n\n![A page](a.png)\n\n## No", "Is it?"),
            ("# Title", ""), ("# Title\n## Method\nno", ""), ("", ""),
        ])
    func text(_ readme: String, _ expected: String) {
        #expect(Experiment.question(in: readme) == expected)
    }

    private func question(_ small: SmallExperiment, _ name: String, _ settings: [String] = []) throws -> String {
        var request = Experiment.Request(experiment: small.scratch.file(name).path)
        (request.out, request.data) = (small.scratch.file("out-\(UUID().uuidString)"), Small.catalog.folders.first)
        request.settings = settings
        let folder = try Experiment(request, reporter: SilentProgress()).run().folder
        return try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    }

    @Test("a README beside a YAML file is nobody's question; one in the experiment's own folder is, and the key wins")
    func belonging() throws {
        let small = try SmallExperiment()
        try small.scratch.put("README.md", "# Mine\n\nA private note.\n")
        #expect(try !question(small, "small.yaml").contains("A private note."))
        #expect(try question(small, "small.yaml", ["question=Is it new?"]).contains("Is it new?"))
        try FileManager.default.createDirectory(at: small.scratch.file("own"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: small.scratch.file("small.yaml"), to: small.scratch.file("own/config.yaml"))
        try small.scratch.put("own/README.md", "# Own\n\nDoes it work?\n")
        #expect(try question(small, "own").contains("Does it work?"))
        #expect(try !question(small, "own/config.yaml").contains("Does it work?"))
        let both = try question(small, "own", ["question=Is it new?"])
        #expect(both.contains("Is it new?") && !both.contains("Does it work?"))
    }

    @Test("lines may end as on any system", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) {
        let readme = ["# Title", "", "Is it", "new?", "## Method", "no"].joined(separator: end)
        #expect(Experiment.question(in: readme) == "Is it\nnew?")
    }
}
