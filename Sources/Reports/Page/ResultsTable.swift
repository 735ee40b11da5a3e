import Basics
import Evaluation

/// The table of all populations beside each other.
struct ResultsTable {
    let rows: [EvaluationRow]

    /// The table's HTML, or nil without rows.
    func html() -> String? {
        var table = HTMLTable([
            "Networks", "n", "Test accuracy, %", "Range, %", "Validation, %", "Distance ratio", "Median",
            "In weights", "IoU, mean", "IoU, closest", "Disagree, %", "Code RMS",
        ])
        for row in rows {
            table.rows.append((cells(row), row.population == .generated ? "generated" : ""))
        }
        return table.html()
    }

    private func cells(_ row: EvaluationRow) -> [HTMLTable.Cell] {
        let novelty = row.novelty
        let name = Card.swatch(SeriesStyle(row.population)) + Markup.escape(row.label)
        let texts = [
            NumberText.count(row.count), NumberText.percent(row.testAccuracy), range(row.testAccuracy),
            NumberText.percent(row.validationAccuracy?.mean), NumberText.ratio(novelty?.weightDistance),
            NumberText.ratio(novelty?.weightDistance?.median), NumberText.ratio(novelty?.rawDistance?.mean),
            NumberText.fixed(novelty?.wrongSets?.mean, digits: 3),
            NumberText.fixed(novelty?.wrongSets?.meanOfMax, digits: 3),
            NumberText.percent(novelty?.predictionDisagreement), NumberText.ratio(row.codeRMSRatio),
        ]
        return [HTMLTable.Cell(html: name)] + texts.map { HTMLTable.Cell($0) }
    }

    private func range(_ spread: SampleStatistics) -> String {
        guard spread.min.isFinite, spread.max.isFinite else { return NumberText.missing }
        return "\(NumberText.percent(spread.min, digits: 1))–\(NumberText.percent(spread.max, digits: 1))"
    }
}
