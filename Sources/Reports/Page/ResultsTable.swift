import Basics

/// The table of all populations beside each other.
struct ResultsTable {
    let rows: [Summary.Row]

    /// The table's HTML, or nil without rows.
    func html() -> String? {
        var table = Table([
            "Networks", "n", "Test accuracy, %", "Range, %", "Validation, %", "Distance ratio", "Median",
            "In weights", "IoU, mean", "IoU, closest", "Disagree, %", "Code RMS",
        ])
        for row in rows {
            table.rows.append((cells(row), row.what == "generated" ? "generated" : ""))
        }
        return table.html()
    }

    private func cells(_ row: Summary.Row) -> [Table.Cell] {
        let novelty = row.novelty
        let name = Card.swatch(SeriesStyle(row.what)) + Markup.escape(row.label)
        let texts = [
            NumberText.count(row.count), NumberText.percent(row.testAccuracy), range(row.testAccuracy),
            NumberText.percent(row.validationAccuracy?.mean), NumberText.ratio(novelty?.weightDistance),
            NumberText.ratio(novelty?.weightDistance?.median), NumberText.ratio(novelty?.rawDistance),
            NumberText.fixed(novelty?.wrongSetIoU?.mean, digits: 3),
            NumberText.fixed(novelty?.wrongSetIoU?.maxMean, digits: 3),
            NumberText.percent(novelty?.predictionDisagreement), NumberText.ratio(row.codeRMSRatio),
        ]
        return [Table.Cell(html: name)] + texts.map { Table.Cell($0) }
    }

    private func range(_ spread: Spread) -> String {
        guard let low = spread.min, let high = spread.max, low.isFinite, high.isFinite else {
            return NumberText.missing
        }
        return "\(NumberText.percent(low, digits: 1))–\(NumberText.percent(high, digits: 1))"
    }
}
