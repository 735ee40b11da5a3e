import Basics
import Evaluation

/// What was asked for and what was achieved, in words and lines.
enum PromptText {
    static let head = ["asked, %", "networks", "achieved, %", "shift, points", "distance, points"]

    /// The values with networks as they are drawn, then with those of each selection.
    static func lines(_ table: PromptTable) -> [[String]] {
        lines(table.drawn) { "\($0)" }
            + table.selections.flatMap { selection in
                lines(selection.answers) { "nearest \($0) of \($0 * selection.oneIn)" }
            }
    }

    private static func lines(_ answers: PromptAnswers, networks: (Int) -> String) -> [[String]] {
        answers.asked.map { asked in
            [
                NumberText.percent(asked.value, digits: 1), networks(asked.achieved.count),
                NumberText.percent(SampleStatistics(asked.achieved)), points(asked.shift), points(asked.distance),
            ]
        }
    }

    /// How well what was asked is met: by networks as they are drawn, and by those of each selection.
    static func sentence(_ table: PromptTable) -> String {
        "Networks asked for a \(table.name) miss it by \(measures(table.drawn))"
            + table.selections.map { selection in
                " Of \(selection.oneIn) times as many those nearest to it on validation rows miss it by "
                    + measures(selection.answers)
            }.joined()
    }

    private static func measures(_ answers: PromptAnswers) -> String {
        "\(points(answers.meanDistance)) points on average, their means by \(points(answers.meanDistanceOfMeans)); r is"
            + " \(NumberText.fixed(answers.correlation, digits: 2)), and"
            + " \(NumberText.fixed(answers.upperCorrelation, digits: 2)) in the upper half of the range."
    }

    private static func points(_ share: Double) -> String { NumberText.fixed(share * 100, digits: 1) }
}
