import Evaluation
import Testing

@testable import Reports

@Suite("Pages of tunings")
struct TuningSectionTests {
    private func row(
        _ method: TuningRow.Method, _ strength: Double? = nil, number: Int? = nil, test: Double, ending: String? = nil
    ) -> TuningRow {
        func spread(_ mean: Double) -> SampleStatistics { SampleStatistics(mean: mean, sd: 0.02, count: 100) }
        return TuningRow(
            method, strength: strength, number: number, reward: spread(test - 1), validationAccuracy: spread(test),
            testAccuracy: spread(test), novelty: test, diversity: 1, evaluations: 12345, rewardEvaluations: 10,
            ending: ending)
    }

    private var table: TuningTable {
        TuningTable(
            reward: "negative-loss on <2> rows",
            rows: [
                row(.base, test: 0.9), row(.tuned, 1, test: 0.92), row(.guidance, 1, test: 0.91),
                row(.tuned, 3, test: 0.95), row(.guidance, 3, test: 0.93), row(.bestOf, number: 7, test: 0.96),
                row(.ascent, number: 16, test: 0.97),
            ])
    }

    @Test("the sentence says what was gained, by how many errors, and what the best of n reaches")
    func sentence() {
        let text = TuningText.sentence(table)
        #expect(text.contains("Strength 3, chosen on validation rows: test accuracy 95") && text.contains("17.7"))
        #expect(text.contains("best of 7") && text.contains("1.00 points more than tuning"), "\(text)")
        let same = TuningTable(reward: "", rows: [row(.base, test: 0.9), row(.tuned, 1, test: 0.9)])
        #expect(TuningText.sentence(same).contains("which chance explains"))
        let lost = TuningTable(
            reward: "", rows: [row(.base, test: 0.9), row(.tuned, 1, test: 0.9, ending: "diverged at step 2")])
        #expect(TuningText.sentence(lost).contains("lower strength"))
        let shown = TuningText.render(lost)
        #expect(shown.contains("diverged at step 2") && shown.contains("Validation"))
    }

    @Test("the best rival is named by what chose the strength, and so is a strength at the edge of those tried")
    func rivals() {
        let text = TuningText.sentence(table)
        #expect(
            text.contains("The best rival by validation rows is untuned, then 16 gradient steps: 97.00 %."), "\(text)")
        #expect(text.hasSuffix("Strength 3 is the strongest that was tried: stronger ones may give more."), "\(text)")
        var guided = table
        guided.rows.removeLast()
        guided.rows[4] = row(.guidance, 3, test: 0.98)
        let other = TuningText.sentence(guided)
        #expect(other.contains("The best rival by validation rows is guided at strength 3: 98.00 %."), "\(other)")
        guided.rows[4] = row(.guidance, 3, test: .nan)
        #expect(!TuningText.sentence(guided).contains("The best rival"), "the best of 7 is named as it is")
        guided.chosen = 1
        #expect(!TuningText.sentence(guided).contains("the strongest that was tried"))
        let single = TuningTable(reward: "", rows: [row(.base, test: 0.9), row(.tuned, 1, test: 0.92)])
        #expect(!TuningText.sentence(single).contains("the strongest that was tried"))
    }

    @Test("the section has a row for each way, escaped text and four charts by strength")
    func section() {
        let html = TuningSection(table: table).html()
        #expect(html.contains("best of 7") && html.contains("untuned, then 16 gradient steps"))
        #expect(html.contains("tuned, chosen") && html.contains("&lt;2&gt;") && !html.contains("<2>"))
        #expect(html.components(separatedBy: "<svg").count - 1 >= 4)
        #expect(html.contains("12,345") || html.contains("12\u{202F}345") || html.contains("12 345"))
    }

    @Test("charts without strengths, or with none above zero, are not drawn")
    func degenerate() {
        let empty = TuningTable(reward: "", rows: [])
        let zero = TuningTable(reward: "", rows: [row(.base, test: 0.9), row(.tuned, 0, test: 0.9)])
        for measure in TuningChart.Measure.allCases {
            #expect(TuningChart(table: empty, measure: measure).picture(.column) == nil)
            #expect(TuningChart(table: zero, measure: measure).picture(.column) == nil)
            #expect(TuningChart(table: table, measure: measure).picture(.column) != nil)
        }
        #expect(!TuningSection(table: empty).html().isEmpty)
    }
}
