import Evaluation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Laboratory

@Suite("Judging populations beside a zoo")
struct JudgeTests {
    private static let split = ZooDataset.Split.indices(
        train: [0, 1], validation: Array(2..<30), test: Array(30..<150))
    /// Eight networks to learn from, one for settings, three fresh.
    private static let zoo = Small.zoo(
        12, split: [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2], dataset: Small.digits(split))

    private func judge(_ zoo: Zoo = JudgeTests.zoo, codes: Tensor? = nil) throws -> (JudgingData, Judge) {
        let data = try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog)
        return (data, try Judge(data, reference: 0, id: RunID(arm: "a", seed: 7), zooCodes: codes))
    }

    private func population(_ weights: Tensor, codes: Tensor? = nil, lost: Int = 0) -> Population {
        Population(kind: .generated, weights: weights, codes: codes, lost: lost)
    }

    @Test("zoo and fresh networks: one row each, fresh ones at distance 1, the zoo without itself")
    func zooRows() throws {
        let (data, judge) = try judge()
        let rows = judge.judgeZoo().map(\.row)
        #expect(rows.map(\.population) == [.zoo, .fresh] && rows.map(\.count) == [8, 3])
        #expect(rows.allSatisfy { $0.arm == "a" && $0.seed == 7 && $0.validationAccuracy != nil })
        #expect(abs((rows[1].novelty?.weightDistance?.mean ?? 0) - 1) < 1e-12)
        #expect((rows[0].novelty?.weightDistance?.min ?? 0) > 0.5)
        let reached = Classifier(data.network).accuracies(
            data.zoo.population(data.rows.fresh), inputs: data.test.inputs, labels: data.test.labels)
        #expect(abs(rows[1].testAccuracy.mean - reached.reduce(0, +) / 3) < 1e-12)
    }

    @Test("copies are at distance 0 of the network they are of, also with their units in another order")
    func copies() throws {
        let (data, judge) = try judge()
        let orders = [[5, 4, 3, 2, 1, 0], [1, 2, 3, 4, 5, 0], [0, 1, 2, 3, 4, 5]]
        let weights = zip([2, 5, 7], orders).flatMap { permuted(Self.zoo, $0, by: $1) }
        let result = try judge.judge(population(Tensor(weights, shape: [3, data.zoo.layout.count])))
        #expect(result.nearest.sampleToZoo.map(\.index) == [2, 5, 7])
        #expect((result.row.novelty?.weightDistance?.max ?? 1) < 1e-6)
        #expect(result.row.novelty?.wrongSets?.meanOfMax == 1 && result.row.novelty?.predictionDisagreement == 0)
    }

    @Test("networks that were lost are counted, as never right, and have no distance")
    func lost() throws {
        let (data, judge) = try judge()
        let weights = data.zoo.population([9, 10])
        let whole = try judge.judge(population(weights))
        let result = try judge.judge(population(weights, lost: 2))
        #expect(result.row.count == 4 && result.row.points.map(\.accuracy).suffix(2) == [0, 0])
        #expect(abs(result.row.testAccuracy.mean - whole.row.testAccuracy.mean / 2) < 1e-12)
        #expect(result.row.points.map(\.distance).prefix(2) == whole.row.points.map(\.distance)[...])
        let lost = result.row.points.map(\.distance).suffix(2)
        #expect(lost.allSatisfy { $0.isNaN })
        #expect(result.row.novelty?.weightDistance?.mean == whole.row.novelty?.weightDistance?.mean)
    }

    @Test("baselines are run on test samples alone: nothing is chosen by their validation accuracy")
    func baselines() throws {
        let (data, judge) = try judge()
        let weights = data.zoo.population([0, 1])
        let baseline = try #require(Baseline(what: "noise-0.01"))
        let row = try judge.judge(Population(kind: .baseline(baseline), weights: weights)).row
        let generated = try judge.judge(population(weights)).row
        #expect(row.validationAccuracy == nil && generated.validationAccuracy != nil)
        #expect(row.points == generated.points)
        #expect(row.testAccuracy == generated.testAccuracy && row.novelty == generated.novelty)
    }

    @Test("what is said of a network depends neither on its company nor on the number of threads")
    func independence() throws {
        let (data, judge) = try judge()
        var stream = RandomStream(seed: 5, purpose: "test.others")
        let others = stream.normal([70, data.zoo.layout.count]) * 0.3
        let all = try judge.judge(population(others))
        let few = try judge.judge(population(others.sliced(axis: 0, 0..<3)))
        #expect(all.row.points.map(\.distance).prefix(3) == few.row.points.map(\.distance)[...])
        #expect(all.row.points.map(\.accuracy).prefix(3) == few.row.points.map(\.accuracy)[...])
        let threads = Threads.count
        defer { Threads.count = threads }
        Threads.count = threads == 1 ? 2 : 1
        let again = try self.judge().1.judge(population(others))
        #expect(again.row == all.row)
    }

    @Test("codes that crowd together show in their spread")
    func codes() throws {
        var stream = RandomStream(seed: 6, purpose: "test.codes")
        let zooCodes = stream.normal([8, 4])
        let (data, judge) = try judge(codes: zooCodes)
        let weights = data.zoo.population(data.rows.train)
        let half = try judge.judge(population(weights, codes: zooCodes * 0.5 + 3))
        #expect(abs((half.row.codeRMSRatio ?? 0) - 0.5) < 1e-5)
        #expect(try judge.judge(population(weights)).row.codeRMSRatio == nil)
        #expect(judge.judgeZoo()[0].row.codeRMSRatio == 1)
    }

    @Test("weights that are not finite are bad data, in the population and in the zoo")
    func notFinite() throws {
        let (data, judge) = try judge()
        var weights = data.zoo.population([0]).floats
        weights[3] = .infinity
        let error = try requireDataError {
            _ = try judge.judge(population(Tensor(weights, shape: [1, weights.count])))
        }
        #expect(error.kind == .malformed && error.description.contains("layers.0.weight"), "\(error)")
    }

    @Test("the points of the report's directions are in units of the fresh networks' distance")
    func directions() throws {
        let (data, judge) = try judge()
        let results = judge.judgeZoo() + [try judge.judge(population(data.zoo.population([0, 1])))]
        let directions = ExperimentRun.directions(results, unit: judge.unit)
        #expect(
            directions.map(\.name) == [
                "zoo → zoo", "fresh → zoo", "generated → zoo", "generated → generated", "zoo → generated",
            ])
        #expect(directions.map(\.distances.count) == [8, 3, 2, 2, 8])
        #expect(abs(directions[1].distances.reduce(0, +) / 3 - 1) < 1e-12)
        #expect(directions[2].distances.allSatisfy { $0 < 1e-6 } && directions[4].distances[0] < 1e-6)
        let unit = judge.unit.distance
        #expect(abs((directions[1].rawMean ?? 0) - unit) < 1e-9 * unit)
    }
}
