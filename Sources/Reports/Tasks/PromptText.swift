import Basics
import Evaluation

/// What was asked for and what was achieved, in words and lines.
enum PromptText {
    static let head = ["asked, %", "achieved, %", "apart, points", "networks"]

    static func lines(_ table: PromptTable) -> [[String]] {
        table.asked.map { asked in
            let achieved = SampleStatistics(asked.achieved)
            let apart = achieved.mean - asked.value
            return [
                NumberText.percent(asked.value, digits: 1), NumberText.percent(achieved),
                NumberText.fixed(apart * 100, digits: 1), "\(asked.achieved.count)",
            ]
        }
    }

    static func sentence(_ table: PromptTable) -> String {
        "Networks asked for a \(table.name) miss it by \(NumberText.fixed(table.meanDistance * 100, digits: 1)) points on"
            + " average, their means by \(NumberText.fixed(table.meanDistanceOfMeans * 100, digits: 1)); r is"
            + " \(NumberText.fixed(table.correlation, digits: 2)), and"
            + " \(NumberText.fixed(table.upperCorrelation, digits: 2)) in the upper half of the range."
    }
}
