import Basics
import Evaluation

/// A tuning's table and its sentence, in the terminal and on pages.
public enum TuningText {
    /// The columns.
    static let columns = [
        "Networks", "Strength", "Reward", "Validation, %", "Test, %", "Novelty", "Diversity", "Evaluations",
        "Reward evaluations",
    ]

    /// A row's cells.
    static func cells(_ row: TuningRow, in table: TuningTable) -> [String] {
        let isChosen = row.method == .tuned && row.strength != nil && row.strength == table.chosen
        return [
            row.method.label(row.number) + (isChosen ? ", chosen" : ""),
            row.strength.map { NumberText.significant($0) } ?? "", NumberText.ratio(row.reward),
            row.validationAccuracy.map { NumberText.percent($0) } ?? "", NumberText.percent(row.testAccuracy),
            NumberText.ratio(row.novelty), NumberText.ratio(row.diversity), NumberText.count(row.evaluations),
            NumberText.count(row.rewardEvaluations),
        ]
    }

    /// What came of it: the chosen strength beside the base, and beside the best of n.
    public static func sentence(_ table: TuningTable) -> String {
        guard let base = table.base, let row = table.chosenRow, let strength = row.strength else {
            return "No tuning came to its end: try a lower strength, or a lower tuning.matching.rate."
        }
        var text =
            "Strength \(NumberText.significant(strength)), chosen on \(by(table)): test accuracy \(accuracy(row)) after "
            + "\(accuracy(base)) untuned"
        if let gain = table.gainInErrors {
            let errors = NumberText.fixed(abs(gain), digits: 1)
            text += gain >= 0 ? ", \(errors) standard errors more" : ", \(errors) standard errors less"
            if abs(gain) < 2 { text += ", which chance explains" }
        }
        text +=
            "; novelty \(NumberText.ratio(row.novelty)) after \(NumberText.ratio(base.novelty)), diversity "
            + "\(NumberText.ratio(row.diversity)) after \(NumberText.ratio(base.diversity))."
        if let rival = table.rows.first(where: { $0.method == .bestOf }) {
            let share = rival.testAccuracy.meanOfAll - row.testAccuracy.meanOfAll
            let points = NumberText.fixed(abs(share) * 100, digits: 2)
            text +=
                " The \(rival.method.label(rival.number)) by the same reward, at as many evaluations of the net, reach "
                + "\(accuracy(rival)): \(points) points \(share > 0 ? "more" : "less") than tuning."
        }
        if let rival = bestRival(table), rival.method != .bestOf {
            let how = rival.strength.map { " at strength \(NumberText.significant($0))" } ?? ""
            text += " The best rival by \(by(table)) is \(rival.method.label(rival.number))\(how): \(accuracy(rival))."
        }
        return text + hint(table)
    }

    private static func accuracy(_ row: TuningRow) -> String { "\(NumberText.percent(row.testAccuracy.meanOfAll)) %" }

    /// What chose.
    private static func by(_ table: TuningTable) -> String {
        table.isChosenByReward ? "the reward, as there are no validation rows" : "validation rows"
    }

    /// The rival that is best by what chose the strength; nil where none has a number.
    private static func bestRival(_ table: TuningTable) -> TuningRow? {
        func quality(_ row: TuningRow) -> Double {
            let value = (table.isChosenByReward ? row.reward : row.validationAccuracy)?.meanOfAll ?? .nan
            return value.isNaN ? -.infinity : value
        }
        return table.rows.filter { $0.method != .base && $0.method != .tuned && quality($0).isFinite }
            .max { quality($0) < quality($1) }
    }

    /// Where more may be had: the strongest of several was chosen.
    private static func hint(_ table: TuningTable) -> String {
        let tried = table.rows.filter { $0.method == .tuned }.compactMap(\.strength)
        guard tried.count > 1, let most = tried.max(), table.chosen == most else { return "" }
        return " Strength \(NumberText.significant(most)) is the strongest that was tried: stronger ones may give more."
    }

    /// The table and the sentence for standard output.
    public static func render(_ table: TuningTable) -> String {
        var text = TextTable(columns)
        for row in table.rows { text.append(cells(row, in: table)) }
        let endings = table.rows.compactMap { row in
            row.ending.map { "strength \(NumberText.significant(row.strength)): \($0)\n" }
        }
        return "reward: \(table.reward)\n\n" + text.text + endings.joined() + "\n" + sentence(table) + "\n"
    }
}
