import Evaluation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Judging populations plain and finished")
struct FinishedJudgeTests {
    private static let split = ZooDataset.Split.indices(
        train: Array(150..<400), validation: Array(2..<30), test: Array(30..<150))
    private static let zoo = Small.zoo(
        12, split: [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2], dataset: Small.digits(split))

    private func judge(_ finish: Finish) throws -> (JudgingData, Judge) {
        let data = try JudgingData(Self.zoo, path: "zoo.h5", catalog: Small.catalog)
        return (data, try Judge(data, reference: 0, id: RunID(arm: "a", seed: 7), finish: finish))
    }

    private static let kinds: [Finish] = [.statistics(.init()), .logits(.init()), .lastLayer(.init())]

    @Test("fresh networks with the same finish are at distance 1; the zoo is judged as it is", arguments: kinds)
    func unit(_ finish: Finish) throws {
        let rows = try judge(finish).1.judgeZoo().map(\.row)
        let fresh = try #require(rows[1].finished)
        #expect(rows[0].finished == nil && fresh.finish == finish.kind && fresh.rowPasses >= 250)
        #expect(abs((fresh.novelty?.weightDistance?.mean ?? 0) - 1) < 1e-12 && fresh.validationAccuracy != nil)
        #expect(try judge(.none).1.judgeZoo().allSatisfy { $0.row.finished == nil })
    }

    @Test("what stands in the plain columns does not change by a finish", arguments: kinds)
    func plain(_ finish: Finish) throws {
        let (data, judge) = try judge(finish)
        let population = Population(kind: .generated, weights: data.zoo.population([8, 9]) * 1.2)
        var finished = try judge.judge(population).row
        #expect(finished.finished != nil)
        finished.finished = nil
        #expect(finished == (try self.judge(.none).1.judge(population).row))
    }

    @Test("finished measures are those of the finished networks, lost ones included")
    func measures() throws {
        let finish = Finish.lastLayer(.init())
        let (data, judge) = try judge(finish)
        let weights = data.zoo.population([8, 9, 10])
        let finishing = try #require(try data.finishing(finish, zoo: judge.balancedZoo))
        let own = finishing(weights).weights
        let reached = Classifier(data.network).accuracies(own, inputs: data.test.inputs, labels: data.test.labels)
        let found = try #require(try judge.judge(Population(kind: .generated, weights: weights, lost: 1)).row.finished)
        #expect(found.testAccuracy.count == 4)
        #expect(abs(found.testAccuracy.mean - reached.reduce(0, +) / 4) < 1e-12)
    }

    @Test("copies of training networks are finished too")
    func rows() throws {
        let (data, judge) = try judge(.logits(.init()))
        let copies = try judge.judge(zooRows: [1, 4], as: .baseline(.nearestZoo)).row
        let weights = data.zoo.population([1, 4].map { data.rows.train[$0] })
        let made = try judge.judge(Population(kind: .generated, weights: weights)).row
        #expect(copies.finished != nil && copies.finished == made.finished)
    }

    @Test("averages have their members' statistics where the finish is statistics")
    func members() throws {
        let (_, judge) = try judge(.statistics(.init()))
        let zoo = judge.balancedZoo
        let average = zoo.sliced(axis: 0, 0..<3).mean(axes: [0], keepingDims: true)
        let kind = PopulationKind.baseline(.average(of: 3))
        let known = try judge.judge(Population(kind: kind, weights: average, members: [[0, 1, 2]])).row.finished
        let unknown = try judge.judge(Population(kind: kind, weights: average)).row.finished
        #expect(known?.novelty?.weightDistance?.mean != unknown?.novelty?.weightDistance?.mean)
        #expect((known?.rowPasses ?? 0) > (unknown?.rowPasses ?? 0))
    }

    @Test("without training rows there is nothing to finish on")
    func noRows() throws {
        let none = ZooDataset.Split.indices(train: [], validation: [], test: Array(30..<60))
        let zoo = Small.zoo(6, split: [0, 0, 0, 0, 2, 2], dataset: Small.digits(none))
        let data = try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog)
        #expect(data.averageRepair(zoo: data.population.training) == nil)
        let error = try requireDataError {
            _ = try Judge(data, reference: 0, id: RunID(arm: "a", seed: 7), finish: .logits(.init()))
        }
        #expect(error.path == "finish" && error.expected.contains("training rows"), "\(error)")
    }
}

/// A run with a finish.
@Suite("Experiments with a finish")
struct FinishExperimentTests {
    private let more = "finish: {kind: logits, steps: 5}\n"

    @Test("every row but the zoo's has finished measures, in the summary too; the report says what was done")
    func rows() throws {
        let small = try SmallExperiment(more)
        let rows = try small.run(out: "run").summary.rows
        #expect(rows.count > 8 && Set(rows.map(\.population.what)).contains("repaired-average-2"))
        for row in rows {
            #expect((row.finished == nil) == (row.population == .zoo), "\(row.population.what)")
            #expect(row.finished.map { $0.finish == "logits" } ?? true)
        }
        let summary = try small.scratch.text("run/summary.json")
        #expect(summary.contains("\"finished\"") && summary.contains("\"row_passes\""))
        #expect(try small.scratch.text("run/report.html").contains("5 steps of Adam"))
        #expect(try small.scratch.text("run/config.resolved.yaml").contains("kind: logits"))
    }

    @Test("a finish changes nothing else of a run, and none is the default")
    func plain() throws {
        let (small, other) = (try SmallExperiment(more), try SmallExperiment())
        let (finished, plain) = (try small.run(out: "run").summary.rows, try other.run(out: "run").summary.rows)
        #expect(plain.allSatisfy { $0.finished == nil })
        #expect(finished.map(\.testAccuracy) == plain.map(\.testAccuracy))
        #expect(finished.map(\.novelty) == plain.map(\.novelty))
        #expect(try other.scratch.text("run/config.resolved.yaml").contains("kind: none"))
    }

    @Test(
        "unknown kinds and keys are refused by name",
        arguments: [
            ("{kind: logit}", "finish.kind"), ("{kind: logits, step: 3}", "finish.step"),
            ("{kind: statistics, steps: 3}", "finish.steps"), ("{kind: train, rate: 0}", "finish.rate"),
            ("{kind: none, rows: 5}", "finish.rows"),
        ])
    func refused(_ section: String, _ key: String) throws {
        let small = try SmallExperiment("finish: \(section)\n")
        #expect {
            _ = try small.experiment(out: "run")
        } throws: { ($0 as? ConfigError)?.problems.contains { $0.path == key } == true }
    }
}
