import Evaluation
import EvaluationTestSupport
import Testing

@testable import Reports

@Suite("Certificates and causes as text")
struct CertificateTextTests {
    private static let rows = ["zoo", "fresh", "generated"].map { what in
        var row = TestRows.row(what, 0.96, at: 1)
        row.points = (0..<10).map {
            NetworkPoint(accuracy: 0.95 + 0.002 * Double($0), distance: 0.9 + 0.02 * Double($0))
        }
        return row
    }

    @Test("a table a bar, and a line for each measurement")
    func certificate() {
        var certificate = Certificate(Self.rows, bars: [0.9])
        let text = CertificateText.render(certificate)
        #expect(text.hasPrefix("share of networks, %, above 90.00 % test accuracy and beyond m times"))
        for word in ["m = 1", "m = 6", "mean of 1, 2, 3, 4, 6", "generated", "zoo"] { #expect(text.contains(word)) }
        #expect(text.contains("memorization: z = 0.00, AUC 0.500 (10 networks against 10 fresh ones; no sign of it"))
        #expect(!text.contains("diversity") && !text.contains("error budget"))
        certificate.budget = ErrorBudget([TestRows.row("zoo", 0.96, at: 1), TestRows.row("generated", 0.9, at: 1)])
        let budget = CertificateText.render(certificate)
        #expect(
            budget.contains("error budget: zoo 96.00 %, round trip 0.00 to 96.00 %, code model −6.00 to 90.00 %"),
            "\(budget)")
        #expect(!budget.contains("Gaussian"))
        certificate.budget?.gaussian = 0.883
        #expect(CertificateText.render(certificate).contains("to 90.00 %; a Gaussian over the codes 88.30 %"))
        #expect(CertificateText.render(Certificate([])) == "")
    }

    @Test("copies are said to lie nearer to the zoo than fresh networks do")
    func memorization() throws {
        let test = try #require(MemorizationTest([Double](repeating: 0, count: 20), fresh: [1, 1.1, 0.9, 1.2]))
        #expect(CertificateText.memorization(test).contains("they lie nearer to the zoo"))
    }

    @Test("causes stand in their order, the first to look at above them")
    func diagnosis() {
        var facts = DiagnosisFacts()
        facts.frame = .init(before: 20, after: 10, isUnified: false)
        let text = DiagnosisText.render(Diagnosis(facts, rows: [TestRows.row("zoo", 0.96, at: 1)]))
        #expect(text.hasPrefix("why: Look first at frame not unified: networks lie 20 from the reference"), "\(text)")
        let lines = text.split(separator: "\n").map(String.init)
        let places = Diagnosis.Cause.allCases.map { cause in
            lines.firstIndex { $0.hasPrefix(cause.label.split(separator: " ")[0]) } ?? -1
        }
        #expect(places == places.sorted() && !places.contains(-1), "\(text)")
    }

    @Test("finished rows have two columns more, named after the finish")
    func finishedColumns() {
        var rows = Self.rows
        #expect(!TerminalSummary.table(rows).contains("after"))
        rows[2].finished = FinishedMeasures(
            finish: "logits", testAccuracy: SampleStatistics(mean: 0.97, sd: 0.001),
            novelty: Novelty(weightDistance: SampleStatistics(mean: 1.02, sd: 0.01)), rowPasses: 10)
        let text = TerminalSummary.table(rows)
        #expect(text.contains("logits") && text.contains("97.00 ± 0.10") && text.contains("1.02"), "\(text)")
        let page = ResultsTable(rows: rows).performance.html() ?? ""
        #expect(page.contains("Finished (logits),&#160;%") && page.contains("97.00 ± 0.10"))
        #expect(ResultsTable(rows: Self.rows).performance.html()?.contains("Finished") == false)
    }

    @Test("distances by contributions have a column where they were measured")
    func contributions() {
        var rows = Self.rows
        for index in rows.indices { rows[index].novelty?.contributionDistance = nil }
        #expect(!TerminalSummary.table(rows).contains("contribution"))
        rows[2].novelty?.contributionDistance = SampleStatistics([0.42, 0.44, 0.43])
        #expect(TerminalSummary.table(rows).contains("contribution") && TerminalSummary.table(rows).contains("0.43"))
        #expect(ResultsTable(rows: rows).novelty.html()?.contains("By contributions") == true)
        #expect(FrontierChart(rows: rows).places.map(\.distance).min() == 0.43, "the lesser of both")
    }

    @Test("of several arms the table has finished networks beside fresh ones with the same finish")
    func arms() {
        var rows: [EvaluationRow] = []
        for arm in ["a", "b"] {
            for (row, accuracy) in zip(Self.rows, [nil, 0.981, 0.972]) {
                var row = row
                row.arm = arm
                row.finished = accuracy.map {
                    FinishedMeasures(finish: "logits", testAccuracy: SampleStatistics(mean: $0, sd: 0.01), rowPasses: 1)
                }
                rows.append(row)
            }
        }
        let text = TerminalSummary.render(Summary(rows: rows, verdict: Verdict(judging: Self.rows, chance: 0.1)))
        #expect(text.contains("97.20") && text.contains("98.10") && text.contains("after"), "\(text)")
    }
}
