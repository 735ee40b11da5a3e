import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite struct EnsembleEvaluationTests {
    private static let labels: [Int32] = [0, 1, 2, 3]
    /// A layout without symmetries: networks are points of a plane.
    private static func plane(_ points: [Float]) -> PlacedNetworks {
        let weights = Tensor(points, shape: [points.count / 2, 2])
        return PlacedNetworks(normal: weights, matched: weights)
    }
    private static func frame(_ count: Int) throws -> SymmetryFrame {
        let layout = ParameterLayout(slots: [Slot(name: "w", offset: 0, shape: [count], role: .weight)])
        return try SymmetryFrame(reference: Array(repeating: 0, count: count), layout: layout)
    }
    private static let zoo = JudgedPopulation(
        networks: plane([0, 0, 2, 0, 0, 4]),
        predictions: [[0, 1, 2, 0], [0, 1, 0, 0], [0, 1, 2, 3]], validationAccuracies: [0.5, 0.7, 0.9],
        codes: Tensor([-1, 0, 1] as [Float], shape: [3, 1]))
    private static let fresh = JudgedPopulation(
        networks: plane([0, -3, 7, 0]), predictions: [[0, 1, 2, 0], [1, 1, 2, 3]])
    private let evaluation: EnsembleEvaluation

    init() throws {
        evaluation = EnsembleEvaluation(
            frame: try Self.frame(2), zoo: Self.zoo, fresh: Self.fresh, labels: Self.labels)
    }

    @Test func zooRowIsLeaveOneOut() {
        let row = evaluation.judgeZoo().row
        #expect(row.population == .zoo && row.count == 3)
        #expect(row.testAccuracy.mean == 0.75)
        #expect(abs((row.validationAccuracy?.mean ?? 0) - 0.7) < 1e-15)
        // Nearest others at 2, 2, 4; fresh networks at 3 and 5, unit 4.
        #expect(evaluation.unit == NoveltyUnit(distance: 4, origin: .freshNetworks))
        #expect(row.points.map(\.distance) == [0.5, 0.5, 1])
        #expect(row.novelty?.weightDistance == row.novelty?.zooToZoo)
        #expect(row.codeRMSRatio == 1)
        // Wrong sets {3}, {2, 3}, {}: overlaps 1/2, 0, 0.
        #expect(row.novelty?.wrongSets == WrongSetOverlap(mean: 1.0 / 6, meanOfMax: 1.0 / 3))
        #expect(row.points.map(\.nearestZoo) == [1, 0, 0])
    }

    @Test func freshRowIsAtOne() throws {
        let row = try #require(evaluation.judgeFresh()?.row)
        #expect(row.population == .fresh && row.count == 2)
        #expect(row.novelty?.weightDistance?.mean == 1)
        #expect(row.testAccuracy.mean == 0.75)
        #expect(row.codeSpread == nil && row.codeRMSRatio == nil && row.validationAccuracy == nil)
        // Wrong sets {3} and {0} against {3}, {2, 3}, {}.
        #expect(row.novelty?.wrongSets == WrongSetOverlap(mean: 1.5 / 6, meanOfMax: 0.5))
    }

    @Test func samplesAreMeasured() {
        let samples = JudgedPopulation(
            networks: Self.plane([0, 4, 2, 1]), predictions: [[0, 1, 2, 3], [0, 1, 1, 1]],
            codes: Tensor([-0.5, 0.5] as [Float], shape: [2, 1]))
        let result = evaluation.judge(samples, as: .generated)
        let row = result.row
        #expect(
            row.points == [
                NetworkPoint(accuracy: 1, distance: 0, nearestZoo: 2),
                NetworkPoint(accuracy: 0.5, distance: 0.25, nearestZoo: 1),
            ])
        #expect(row.novelty?.weightDistance?.mean == 0.125)
        #expect(row.novelty?.rawDistance?.mean == 0.5)
        // Codes: variance 1/2 against 1.
        #expect(abs((row.codeRMSRatio ?? 0) - 0.5.squareRoot()) < 1e-12)
        // With neighbours 2 and 1: no difference, and classes at inputs 2 and 3.
        #expect(row.novelty?.disagreement?.withNeighbour == 0.25)
        #expect(row.novelty?.disagreement?.nearest == 0.25)
        #expect(result.nearest.sampleToZoo.map(\.index) == [2, 1])
    }

    @Test func zooNetworksAsSamplesAreCopies() {
        let row = evaluation.judge(Self.zoo, as: .baseline(.nearestZoo), label: "nearest").row
        #expect(row.population == .baseline(.nearestZoo) && row.label == "nearest")
        #expect(row.novelty?.weightDistance?.max == 0)
        #expect(row.novelty?.wrongSets?.meanOfMax == 1)
        #expect(row.novelty?.disagreement?.nearest == 0)
    }

    @Test func someOfTheZooAreJudgedAsIfTheyWereMeasuredAgain() {
        let again = JudgedPopulation(
            networks: Self.plane([0, 4, 0, 0, 0, 4]), predictions: [[0, 1, 2, 3], [0, 1, 2, 0], [0, 1, 2, 3]],
            validationAccuracies: [0.9, 0.5, 0.9])
        let chosen = Self.zoo.selecting([2, 0, 2])
        #expect(chosen.count == 3 && chosen.codes == nil)
        #expect(
            evaluation.judge(chosen, as: .baseline(.nearestZoo)) == evaluation.judge(again, as: .baseline(.nearestZoo)))
    }

    @Test func networksWithoutAClassHaveNoAccuracy() {
        let lost = JudgedPopulation(
            networks: Self.plane([0, 1, 2, 1]), predictions: [[0, 1, 2, 3], [-1, 1, 2, 3]])
        let row = evaluation.judge(lost, as: .generated).row
        #expect(row.testAccuracy.mean == 1 && row.testAccuracy.nonFinite == 1 && row.testAccuracy.meanOfAll == 0.5)
        #expect(row.points[1].accuracy.isNaN && row.points[1].distance.isFinite)
    }

    @Test func withoutFreshNetworksTheUnitSaysSo() throws {
        let alone = EnsembleEvaluation(
            frame: try Self.frame(2), zoo: Self.zoo, fresh: nil, labels: Self.labels)
        #expect(alone.judgeFresh() == nil)
        #expect(alone.unit.origin == .leaveOneOut)
        #expect(abs(alone.unit.distance - 8.0 / 3) < 1e-15)
        #expect(alone.judgeZoo().row.novelty?.copyingScore == nil)
    }
}
