import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

/// A zoo of nine small tasks of two digits, and a flow that is told them by examples: a second or two.
enum TaskExperiment {
    static let zoo = """
        {kind: train, dataset: {name: digits, validation: 0.2, test: 0.2}, widths: [64, 4, 2], selection: last, \
        tasks: {classes: 2, count: 6, samples: 12, new: 2, validation: 1, newClasses: 3, most: 3}, \
        training: {epochs: 4, rate: 0.02}, networks: {train: 2, validation: 0, test: 1}}
        """
    static let judging = """
        conditions: {width: 8, support: {kind: rows, features: 8, layers: 1, heads: 2}}
        judging: {kind: tasks, examples: [1, 3], controls: 3, networks: 2, steps: [0, 4], rate: 0.05, most: 2}

        """

    /// Lines in words: intervals over one task are no numbers, and so not equal to themselves.
    static func lines(_ rows: [TaskRow]) -> [String] {
        rows.map { "\($0.tasks) \($0.examples) \($0.contestant) \($0.steps) \($0.accuracy.mean)" }
    }

    static func small() throws -> SmallExperiment { try SmallExperiment(judging, zoo: zoo) }
}

@Suite("Runs on zoos of tasks")
struct TaskStageTests {
    @Test(
        "Every kind of tasks has its lines: generated networks, rivals and controls; the same again with the same seed")
    func run() throws {
        let small = try TaskExperiment.small()
        let summary = try small.run(out: "run").summary
        let kinds = ["seen", "validation", "new combinations", "new classes"]
        #expect(Set(summary.tasks.map(\.tasks)) == Set(kinds))
        for kind in kinds {
            let own = summary.tasks.filter { $0.tasks == kind && $0.examples == 3 }
            let contestants = Set(own.map(\.contestant))
            let expected = Set(TaskContestant.allCases).subtracting(own.first?.accuracy.tasks == 1 ? [.otherTask] : [])
            #expect(contestants == expected, "\(kind)")
            #expect(own.allSatisfy { (0...1).contains($0.accuracy.mean) && $0.accuracy.tasks <= 2 })
            #expect(own.filter { $0.contestant.role == .network }.allSatisfy { [0, 4].contains($0.steps) })
            #expect(!summary.tasks.contains { $0.tasks == kind && $0.examples == 1 && $0.contestant.role == .control })
        }
        let trained = try #require(summary.tasks.first { $0.contestant == .trained && $0.tasks == "seen" })
        #expect(trained.accuracy.mean > 0.7, "networks trained on all rows of two digits")
        #expect(summary.rows.map(\.population) == [.zoo, .fresh, .generated])
        let text = TerminalSummary.render(summary)
        #expect(text.contains("new combinations, 2 tasks") && text.contains("1-nearest neighbour"))
        #expect(try String(decoding: small.bytes("run/report.html"), as: UTF8.self).contains("Networks from examples"))
        let again = try small.run(out: "again").summary
        #expect(TaskExperiment.lines(again.tasks) == TaskExperiment.lines(summary.tasks))
        let read = try JSONDecoder().decode(Summary.self, from: small.bytes("run/summary.json"))
        #expect(TaskExperiment.lines(read.tasks) == TaskExperiment.lines(summary.tasks))
    }

    @Test("A run that was stopped before its judging goes on to the same figures; seeds of an arm stand together")
    func resume() throws {
        let small = try TaskExperiment.small()
        let summary = try small.run(out: "run").summary
        try small.cut("run", as: "stopped", after: 4)
        let lines = TaskExperiment.lines(summary.tasks)
        #expect(TaskExperiment.lines(try small.run(out: "stopped", resume: true).summary.tasks) == lines)
        let seeds = try SmallExperiment(TaskExperiment.judging + "grid: {seed: [0, 1]}\n", zoo: TaskExperiment.zoo)
        let both = try seeds.run(out: "both").summary
        #expect(Set(both.tasks.map(\.seed)) == [nil, 0, 1])
        #expect(TaskExperiment.lines(both.tasks.filter { $0.seed == 0 }) == lines)
        #expect(TerminalSummary.render(both).contains("new classes"))
    }

    @Test("What networks are asked must fit the zoo and the conditions")
    func problems() throws {
        func paths(_ yaml: String) throws -> [String] {
            do {
                _ = try Small.settings(yaml)
                return []
            } catch let error as ConfigError {
                return error.problems.map(\.path)
            }
        }
        #expect(try paths("zoo: \(TaskExperiment.zoo)\n").contains("judging.kind"))
        #expect(try paths("judging: {kind: tasks}\n").contains("conditions.support.kind"))
        #expect(try paths("judging: {kind: prompts}\n").contains("conditions.number.kind"))
        let support = "conditions: {support: {kind: rows}}\n"
        #expect(try paths(support + "judging: {kind: tasks, steps: [5]}\n").contains("judging.steps"))
        #expect(try paths(support + "judging: {kind: tasks, controls: 7}\n").contains("judging.controls"))
        #expect(try paths("zoo: {kind: checkpoints}\n").contains("zoo.checkpoints"))
        let patience = "training: {patience: 2}\n"
        #expect(try paths("zoo: \(TaskExperiment.zoo)\n" + TaskExperiment.judging + patience) == [])
        let none = TaskExperiment.zoo.replacingOccurrences(of: "validation: 1, newClasses", with: "newClasses")
        #expect(try paths("zoo: \(none)\n" + TaskExperiment.judging + patience) == ["training.patience"])
        let small = try SmallExperiment(TaskExperiment.judging)
        let error = try requireDataError { try small.run(out: "run") }
        #expect(error.expected.contains("a zoo of many tasks") && error.hint.contains("ensemble"))
    }
}
