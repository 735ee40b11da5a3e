import Basics
import EvaluationTestSupport
import ReportTestSupport
import Testing

@testable import Laboratory
@testable import Reports

/// The results of several runs put together: rows, clock, verdict, and what the report draws of each.
@Suite("Runs put together")
struct ReportAssemblyTests {
    private func part(_ arm: String, _ seed: Int, accuracy: Double = 0.96, settings: String = "") throws
        -> ReportAssembly.Part
    {
        var config = try Small.settings(settings)
        config.seed = seed
        let rows = ["zoo", "generated"].map { what in
            var row = TestRows.row(what, what == "zoo" ? 0.96 : accuracy, at: 1)
            (row.arm, row.seed) = (arm, UInt64(seed))
            return row
        }
        var report = ReportInput.Run(seed: UInt64(seed))
        report.populations = rows
        var result = RunResult(
            report: report, chance: 0.1, isDiverged: false, notes: [])
        result.timing = ["generator_seconds": Double(seed)]
        return ReportAssembly.Part(arm: arm, config: config, yaml: "arm: \(arm)\n", result: result)
    }

    private func assembly(_ parts: [ReportAssembly.Part]) -> ReportAssembly {
        ReportAssembly(name: "test", question: "why?", runs: parts)
    }

    @Test("one run has its own verdict and plain names for what it took")
    func single() throws {
        let part = try part("main", 3)
        let summary = assembly([part]).summary()
        #expect(summary.timing == ["generator_seconds": 3] && summary.verdict == part.result.verdict)
        #expect(try Tree(encoding: summary.rows) == Tree(encoding: part.result.rows))
    }

    @Test("several runs keep all rows, each its own clock, and a verdict that is theirs together")
    func several() throws {
        let parts = try [part("a", 1), part("a", 2, accuracy: 0.1), part("b", 1)]
        let summary = assembly(parts).summary()
        #expect(summary.rows.map { "\($0.arm)\($0.seed)" } == ["a1", "a1", "a2", "a2", "b1", "b1"])
        #expect(
            summary.timing == [
                "a/seed-1/generator_seconds": 1, "a/seed-2/generator_seconds": 2, "b/seed-1/generator_seconds": 1,
            ])
        #expect(summary.verdict.quality == .failed && summary.verdict.tally?.count == 3)
        #expect(
            summary.verdict.text == "Of 3 runs, 2 gave networks that are as good as the zoo and new, 1 failed.")
        #expect(summary.verdict.reasons[1].hasPrefix("a, seed 2: The generated networks do not work"))
    }

    @Test("the report groups runs by arm, each with its own verdict, and says what tells arms apart")
    func input() throws {
        let wide = "generator: {hidden: 64}\nalign: {enabled: false}\ncoordinates: {kind: raw}"
        let assembly = try assembly([part("a", 1), part("a", 2, accuracy: 0.1), part("b", 1, settings: wide)])
        let input = assembly.input(assembly.summary(), environment: [.init("version", "1")])
        #expect(input.arms.map(\.name) == ["a", "b"] && input.arms.map { $0.runs.map(\.seed) } == [[1, 2], [1]])
        #expect(input.arms[0].runs.map { $0.verdict?.quality } == [.equal, .failed])
        #expect(input.configuration == "arm: a\n" && input.question == "why?" && input.environment.count == 1)
        #expect(
            input.arms[1].factors == [
                .init("h", "64"), .init("net", "MLP"), .init("process", "flow"), .init("aligned", "no"),
                .init("coordinates", "raw"),
            ])
        #expect(input.arms[0].factors[0] == .init("h", "512"))
    }
}
