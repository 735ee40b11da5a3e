import Evaluation
import ReportTestSupport
import Testing

@testable import Reports

struct ReportTerminalTests {
    @Test("one table and the verdict, columns in line")
    func table() {
        let row = { (kind: PopulationKind, accuracy: Double, ratio: Double) in
            EvaluationRow(
                arm: "main", seed: 1, kind, label: kind.what, count: 100,
                testAccuracy: SampleStatistics(mean: accuracy, sd: 0.0031),
                novelty: Novelty(
                    weightDistance: SampleStatistics(mean: ratio, sd: 0.02, median: ratio),
                    contributionDistance: SampleStatistics(mean: ratio, sd: 0.02, median: ratio),
                    wrongSets: .init(mean: 0.3, meanOfMax: 0.4),
                    disagreement: Disagreement(mean: 0.06, nearest: 0.01, withNeighbour: 0.03)),
                codeSpread: CodeSpread(rmsRatio: 1))
        }
        let rows = [row(.zoo, 0.9617, 1), row(.generated, 0.9611, 0.98)]
        let summary = Summary(rows: rows, verdict: Verdict(judging: rows, chance: 0.1))
        #expect(
            TerminalSummary.render(summary) == """
                networks     n          test     distance  median  contribution  wrong-set  code
                                  accuracy %        ratio                              IoU   RMS
                ---------  ---  ------------  -----------  ------  ------------  ---------  ----
                zoo        100  96.17 ± 0.31  1.00 ± 0.02    1.00          1.00      0.400  1.00
                generated  100  96.11 ± 0.31  0.98 ± 0.02    0.98          0.98      0.400  1.00

                GOOD AND NEW: \(summary.verdict.text)

                """)
    }

    @Test("of several runs one table, an arm a row, with the verdicts that they reached")
    func several() throws {
        let input = ReportFixture.many()
        let verdicts = input.arms.flatMap { arm in
            arm.runs.compactMap(\.verdict).map { TerminalSummary.RunVerdict(arm: arm.name, $0) }
        }
        let text = TerminalSummary.render(input.summary, verdicts: verdicts)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 || $0.contains(": ") }, "\(text)")
        for arm in input.arms { #expect(lines.count { $0.hasPrefix(arm.name + " ") } == 1, "\(text)") }
        let head = try #require(lines.first)
        for title in ["arm", "seeds", "generated", "distance"] { #expect(head.contains(title), "\(text)") }
        #expect(text.components(separatedBy: "arm ").count == 2)
    }

    @Test("a table of many long labels fits 80 columns, and no number is broken")
    func narrow() {
        let rows = (0..<3).map { index in
            EvaluationRow(
                seed: 1, .generated, label: "Gaussian, full covariance, over codes of dimension \(index)",
                count: 12_345,
                testAccuracy: SampleStatistics(mean: 0.9617, sd: 0.0031, count: 100, nonFinite: index),
                novelty: Novelty(weightDistance: SampleStatistics(mean: 1, sd: 0.02, median: 1)),
                codeSpread: CodeSpread(rmsRatio: 0.98))
        }
        let text = TerminalSummary.table(rows)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
        #expect(text.contains("96.17 ± 0.31") && text.contains("12,345") && text.contains("not finite"))
        #expect(!text.contains("IoU"), "a column in which nothing stands is left out: \(text)")
    }

    @Test("control characters do not reach the terminal, and nothing is nothing")
    func hostile() {
        var summary = ReportFixture.single().summary
        summary.rows[0].label = "zoo\u{1B}[2J\u{9B}31m\n"
        summary.verdict.text = "\u{7}x"
        let text = TerminalSummary.render(summary)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B })
        let empty = Summary(rows: [], verdict: .init(judging: [], chance: 0.1))
        #expect(TerminalSummary.render(empty).hasPrefix("no results\n\nFAILED: There is no verdict"))
        #expect(TerminalSummary.render(ReportFixture.broken().summary).contains("–"))
    }
}
