import Basics
import Evaluation

/// The cards of a tuning to a reward.
struct TuningSection {
    let table: TuningTable

    /// The section's HTML.
    func html() -> String {
        var rows = HTMLTable(TuningText.columns)
        for row in table.rows { rows.add(TuningText.cells(row, in: table)) }
        let endings = table.rows.compactMap { row in
            row.ending.map { " Strength \(NumberText.significant(row.strength)): \($0)." }
        }
        return Card.section(
            "Tuned to a reward",
            "Reward: \(table.reward). \(TuningText.sentence(table))\(endings.joined()) Strengths are in standard deviations "
                + "of the untuned generator's reward. Novelty: median distance to the nearest training network, fresh = 1. "
                + "Diversity: mean distance between two, the zoo's = 1. Evaluations are of the generator's net, products "
                + "with its derivatives counted as one more each; the best of n may use as many as one tuning and its "
                + "networks.", table: rows) + charts()
    }

    private func charts() -> String {
        let cards = TuningChart.Measure.allCases.map { measure -> String in
            let chart = TuningChart(table: table, measure: measure)
            return Card.figure(
                "By strength: \(measure.title)", "", widest: .column, legend: Card.legend(lines: chart.legend()),
                picture: chart.picture)
        }
        return stride(from: 0, to: cards.count, by: 2).map { first in
            "<div class=\"pair\">" + cards[first..<min(first + 2, cards.count)].joined() + "</div>"
        }.joined()
    }
}
