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
                    wrongSets: .init(mean: 0.3, meanOfMax: 0.4)), codeSpread: CodeSpread(rmsRatio: 1))
        }
        let rows = [row(.zoo, 0.9617, 1), row(.generated, 0.9611, 0.98)]
        let summary = Summary(rows: rows, verdict: Verdict(judging: rows, chance: 0.1))
        #expect(
            TerminalSummary.render(summary) == """
                networks     n  test accuracy %  distance ratio  median  wrong-set IoU  code RMS
                ---------  ---  ---------------  --------------  ------  -------------  --------
                zoo        100     96.17 ± 0.31     1.00 ± 0.02    1.00          0.400      1.00
                generated  100     96.11 ± 0.31     0.98 ± 0.02    0.98          0.400      1.00

                GOOD AND NEW: \(summary.verdict.text)

                """)
    }

    @Test("several runs have a heading each")
    func several() {
        let text = TerminalSummary.render(ReportFixture.many().summary)
        #expect(text.contains("h512-yes, seed 1\n") && text.contains("\n\nh16-no, seed 2\n"))
        #expect(text.components(separatedBy: "networks  ").count >= 24)
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
