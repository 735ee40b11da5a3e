import Evaluation
import Foundation
import Testing

@testable import Reports

@Suite("Tables of tasks on pages and terminals")
struct TaskTableTests {
    private func rows(arm: String = "a", seed: UInt64? = 0) -> [TaskRow] {
        let accuracies: [(TaskContestant, Int, [Double])] = [
            (.generated, 0, [0.93, 0.95]), (.generated, 10, [0.96, 0.96]), (.retrieval, 0, [0.8, 0.82]),
            (.nearestNeighbour, 0, [0.94, 0.95]), (.shuffledLabels, 0, [0.3, 0.36]),
        ]
        let entries = accuracies.flatMap { contestant, steps, values in
            values.enumerated().map {
                TaskMeasurements.Score(
                    tasks: "new <classes>", task: $0, examples: 5, contestant: contestant, steps: steps, accuracy: $1)
            }
        }
        return TaskMeasurements(classes: 3, entries).rows(arm: arm, seed: seed)
    }

    @Test("Contestants stand below each other with their intervals, and what was asked below them")
    func text() throws {
        let table = try #require(TaskTable.tables(rows()).first)
        #expect(table.title == "a: new <classes>, 2 tasks")
        #expect(table.head == ["networks", "steps", "5 a class, %"])
        #expect(table.lines.first == ["generated", "0", "94.0 ± 12.7"])
        #expect(table.lines.contains { $0.first == "1-nearest neighbour" && $0[1].isEmpty })
        #expect(table.text.contains("yes: 13.0 points above nearest training task's network"))
        #expect(TaskTable.tables(rows() + rows(arm: "b")).map(\.title.first) == ["a", "b"])
    }

    @Test("A page escapes what it shows; a summary of several seeds shows them together")
    func page() {
        let card = TaskTable.tables(rows()).map { $0.card() }.joined()
        #expect(card.contains("new &lt;classes&gt;") && !card.contains("<classes>") && card.contains("<li>yes:"))
        var summary = Summary(rows: [], verdict: Verdict(judging: [], chance: 0.1, diverged: false))
        summary.tasks = rows(seed: nil) + rows(seed: 0) + rows(seed: 1)
        #expect(TaskTable.text(summary).components(separatedBy: "2 tasks").count == 2)
    }

    @Test("Prompts in lines and in a sentence")
    func prompts() {
        let drawn = PromptAnswers([.init(0.9, achieved: [0.88, 0.92]), .init(0.5, achieved: [0.5, 0.6])])
        let table = PromptTable(name: "accuracy", drawn)
        #expect(PromptText.lines(table).map { $0[0] } == ["50.0", "90.0"])
        #expect(PromptText.lines(table).map { $0[1] } == ["2", "2"])
        #expect(PromptText.lines(table).map { Array($0[3...]) } == [["5.0", "5.0"], ["0.0", "2.0"]])
        #expect(PromptText.sentence(table).contains("3.5 points"))
        #expect(PromptText.text(table).contains("achieved"))
        let nearest = PromptAnswers([.init(0.9, achieved: [0.9, 0.92]), .init(0.5, achieved: [0.5, 0.52])])
        let both = PromptTable(name: "accuracy", drawn, selections: [.init(oneIn: 4, nearest)])
        #expect(PromptText.lines(both).prefix(2) == PromptText.lines(table)[...])
        #expect(PromptText.lines(both).map { $0[1] } == ["2", "2", "nearest 2 of 8", "nearest 2 of 8"])
        let sentence = PromptText.sentence(both)
        #expect(sentence.hasPrefix(PromptText.sentence(table)))
        #expect(sentence.contains("Of 4 times as many") && sentence.contains("1.0 points on average"))
    }
}
