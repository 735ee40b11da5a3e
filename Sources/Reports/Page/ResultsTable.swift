import Basics
import Evaluation

/// All populations beside each other, in two tables that fit a page: how good they are, and how new. A column that no row
/// has a number for is left out.
struct ResultsTable {
    let rows: [EvaluationRow]

    private struct Column {
        let title: String
        let text: (EvaluationRow) -> String
    }

    /// How good the networks are, with the distance that goes with it.
    var performance: HTMLTable {
        table([
            Column(title: "n") { NumberText.count($0.count) },
            Column(title: "Test accuracy, %") { NumberText.percent($0.testAccuracy) },
            Column(title: "Finished (\(finish)), %") {
                NumberText.percent($0.finished?.testAccuracy)
            },
            Column(title: "Range, %") { Self.range($0.testAccuracy) },
            Column(title: "Validation, %") { NumberText.percent($0.validationAccuracy?.mean) },
            distance,
            Column(title: "Code RMS") { NumberText.ratio($0.codeRMSRatio) },
        ])
    }

    /// How new they are.
    var novelty: HTMLTable {
        table([
            distance,
            Column(title: "Median") { NumberText.ratio($0.novelty?.weightDistance?.median) },
            Column(title: "By contributions") {
                NumberText.ratio($0.novelty?.contributionDistance?.middle)
            },
            Column(title: "Finished, ratio") {
                NumberText.ratio($0.finished?.novelty?.weightDistance)
            },
            Column(title: "In weights") { NumberText.ratio($0.novelty?.rawDistance?.mean) },
            Column(title: "IoU, mean") { NumberText.fixed($0.novelty?.wrongSets?.mean, digits: 3) },
            Column(title: "IoU, closest") { NumberText.fixed($0.novelty?.wrongSets?.meanOfMax, digits: 3) },
            Column(title: "Disagree, %") { NumberText.percent($0.novelty?.predictionDisagreement) },
        ])
    }

    private var distance: Column {
        Column(title: "Distance ratio") { NumberText.ratio($0.novelty?.weightDistance) }
    }

    private func table(_ columns: [Column]) -> HTMLTable {
        let shown = columns.filter { column in
            rows.contains { column.text($0) != NumberText.missing }
        }
        var table = HTMLTable(["Networks"] + shown.map(\.title))
        for row in rows {
            let name = Card.named(SeriesStyle(row.population), Markup.escape(row.label))
            table.rows.append(
                (
                    cells: [HTMLTable.Cell(html: name)] + shown.map { HTMLTable.Cell($0.text(row)) },
                    styleClass: row.population == .generated ? "generated" : ""
                ))
        }
        return table
    }

    /// The finish that rows were given, by its name in files.
    private var finish: String { rows.lazy.compactMap { $0.finished?.finish }.first ?? "" }

    private static func range(_ spread: SampleStatistics) -> String {
        guard spread.min.isFinite, spread.max.isFinite else { return NumberText.missing }
        return "\(NumberText.percent(spread.min, digits: 1))–\(NumberText.percent(spread.max, digits: 1))"
    }
}
