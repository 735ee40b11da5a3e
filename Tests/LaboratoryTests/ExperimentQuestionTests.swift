import Testing

@testable import Laboratory

/// What of an experiment's README stands in its report.
@Suite("The question of an experiment")
struct ExperimentQuestionTests {
    @Test(
        "the text under the title, up to the next heading",
        arguments: [
            ("# Title\n\nIs it new?\n\nWe doubt it.\n\n## Method\nno\n", "Is it new?\n\nWe doubt it."),
            ("# Title\nIs it #1?\n", "Is it #1?"), ("\n\n# Title\n\n\nIs it?\n# Other\nno", "Is it?"),
            ("Is it?\nYes.\n## No", "Is it?\nYes."), ("# Title", ""), ("# Title\n## Method\nno", ""), ("", ""),
        ])
    func text(_ readme: String, _ expected: String) {
        #expect(Experiment.question(in: readme) == expected)
    }

    @Test("lines may end as on any system", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) {
        let readme = ["# Title", "", "Is it", "new?", "## Method", "no"].joined(separator: end)
        #expect(Experiment.question(in: readme) == "Is it\nnew?")
    }
}
