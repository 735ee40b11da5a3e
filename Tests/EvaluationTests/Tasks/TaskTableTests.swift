import Foundation
import Testing

@testable import Evaluation

@Suite("Tables of tasks")
struct TaskTableTests {
    private func measurements(_ accuracies: [(TaskContestant, [Double])]) -> TaskMeasurements {
        TaskMeasurements(
            classes: 3,
            accuracies.flatMap { contestant, values in
                values.enumerated().map {
                    .init(tasks: "new", task: $0, examples: 5, contestant: contestant, accuracy: $1)
                }
            })
    }

    @Test(
        "Quantiles are Student's",
        arguments: [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (7, 2.3646), (15, 2.1314), (111, 1.9816)])
    func quantiles(_ degrees: Int, _ expected: Double) {
        #expect(abs(TaskMean.quantile(degrees: degrees) - expected) < 0.004)
    }

    @Test("A mean has the interval of its tasks; a difference that of the differences, which may be far smaller")
    func means() {
        let a = [0.9, 0.7, 0.5, 0.3]
        let mean = TaskMean(a)
        #expect(abs(mean.mean - 0.6) < 1e-12 && abs(mean.standardError - 0.12910) < 1e-5)
        #expect(abs(mean.high - (0.6 + 3.1824 * 0.12910)) < 1e-3)
        let gain = TaskMean(a, less: a.map { $0 - 0.1 })
        #expect(abs(gain.mean - 0.1) < 1e-12 && gain.reach < 1e-10)
        #expect(TaskMean([]).mean.isNaN && TaskMean([1]).reach.isNaN)
        #expect(TaskMean([1, .nan, 0]).tasks == 2)
    }

    @Test("A task that was measured twice counts once; lines stand in order, rivals beside the generated networks")
    func rows() throws {
        var all = measurements([(.linearProbe, [0.9, 0.8]), (.generated, [0.8, 0.6])])
        all.append([.init(tasks: "new", task: 0, examples: 5, contestant: .generated, accuracy: 0.6)])
        all.append([.init(tasks: "new", task: 0, examples: 1, contestant: .generated, steps: 10, accuracy: 0.5)])
        let rows = all.rows(arm: "a", seed: 3)
        #expect(rows.map(\.contestant) == [.generated, .generated, .linearProbe] && rows.map(\.examples) == [1, 5, 5])
        #expect(rows[0].rowPasses == 90 && rows[1].rowPasses == 0)
        #expect(abs(rows[1].accuracy.mean - 0.65) < 1e-12 && rows[1].accuracy.tasks == 2 && rows[1].behind == nil)
        let behind = try #require(rows[2].behind)
        #expect(abs(behind.mean + 0.2) < 1e-12 && behind.reach < 1e-10, "0.7 - 0.9 and 0.6 - 0.8")
        let read = try JSONDecoder().decode([TaskRow].self, from: JSONEncoder().encode(rows.suffix(2)))
        #expect(read == Array(rows.suffix(2)))
    }

    @Test("Scores are written as columns and read back: the same lines")
    func scores() throws {
        var all = measurements([(.linearProbe, [0.9, 0.8]), (.generated, [0.8, 0.6])])
        all.append([.init(tasks: "old", task: 7, examples: 1, contestant: .generated, steps: 10, accuracy: 0.5)])
        let bytes = try JSONEncoder().encode(all)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"accuracy\":[0.9,0.8]"))
        let read = try JSONDecoder().decode(TaskMeasurements.self, from: bytes)
        #expect(read == all && read.taskCount == 3)
        #expect(TaskMeasurements([read, all])?.entries.count == 10 && TaskMeasurements([]) == nil)
    }

    @Test("The verdict holds every limit to the table and says what it found")
    func verdict() {
        let good = measurements([
            (.generated, [0.93, 0.95]), (.unconditional, [0.3, 0.4]), (.retrieval, [0.85, 0.87]),
            (.nearestNeighbour, [0.94, 0.95]), (.linearProbe, [0.9, 0.9]), (.shuffledLabels, [0.3, 0.36]),
            (.swappedLabels, [0.92, 0.95]),
        ]).rows(arm: "a", seed: 0)
        let verdict = TaskVerdict(good, tasks: "new", examples: 5, chance: 1.0 / 3)
        #expect(verdict.holds && verdict.findings.count == 5)
        #expect(verdict.findings[1].text == "8.0 points above nearest training task's network (asked: 5.0 or more)")
        let bad = measurements([
            (.generated, [0.88, 0.89]), (.retrieval, [0.85, 0.87]), (.linearProbe, [0.95, 0.9]),
            (.shuffledLabels, [0.5, 0.51]), (.swappedLabels, [0.4, 0.5]),
        ]).rows(arm: "a", seed: 0)
        #expect(TaskVerdict(bad, tasks: "new", examples: 5, chance: 1.0 / 3).findings.allSatisfy { !$0.holds })
        #expect(TaskVerdict(bad, tasks: "other", examples: 5, chance: 1.0 / 3).findings.isEmpty)
    }

    @Test("What was trained further stands beside generated networks that were trained as far")
    func further() throws {
        let steps = [(0, 0.6, 0.9), (10, 0.8, 0.85)].flatMap { steps, generated, ensemble in
            [(TaskContestant.generated, generated), (.ensemble, ensemble)].map { contestant, accuracy in
                TaskMeasurements.Score(
                    tasks: "new", task: 0, examples: 5, contestant: contestant, steps: steps, accuracy: accuracy)
            }
        }
        let rows = TaskMeasurements(classes: 3, steps).rows(arm: "", seed: 0).filter { $0.contestant == .ensemble }
        let behind = rows.compactMap { $0.behind?.mean }
        #expect(rows.map(\.steps) == [0, 10] && zip(behind, [-0.3, -0.05]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("Every contestant has a name of its own and a role")
    func names() {
        #expect(Set(TaskContestant.allCases.map(\.label)).count == TaskContestant.allCases.count)
        #expect(
            ExampleRule.allCases.allSatisfy {
                TaskContestant($0).role == .rule && TaskContestant($0).rawValue == $0.rawValue
            })
    }
}
