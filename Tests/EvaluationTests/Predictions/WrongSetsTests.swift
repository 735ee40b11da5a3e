import Testing

@testable import Evaluation

@Suite struct WrongSetsTests {
    /// Wrong inputs: {0, 1}, {1, 2, 3}, {}, {0, 1, 2, 3, 4}.
    private let sets = WrongSets(
        predictions: [[9, 9, 0, 0, 0], [0, 9, 9, 9, 0], [0, 0, 0, 0, 0], [1, 2, 3, 4, 5]], labels: [0, 0, 0, 0, 0])

    @Test func overlapsByHand() {
        #expect(sets.wrongCounts == [2, 3, 0, 5])
        #expect(sets.iou(0, 1) == 1.0 / 4)
        #expect(sets.iou(1, 0) == 1.0 / 4)
        #expect(sets.iou(1, 3) == 3.0 / 5)
        #expect(sets.iou(0, 2) == 0)
        #expect(sets.iou(3, 3) == 1)
    }

    @Test func twoPerfectNetworksFailAlike() {
        let perfect = WrongSets(predictions: [[1, 2], [1, 2]], labels: [1, 2])
        #expect(perfect.iou(0, 1) == 1)
    }

    @Test func networksWithoutAClassHaveNoAccuracy() {
        let lost = WrongSets(predictions: [[1, -1], [1, 2]], labels: [1, 2])
        #expect(lost.accuracy(of: 0).isNaN && lost.accuracy(of: 1) == 1 && lost.wrongCounts == [1, 0])
    }

    @Test func accuracyIsTheShareOutsideTheSet() {
        #expect(sets.accuracy(of: 0) == 0.6)
        #expect(sets.accuracy(of: 2) == 1)
        #expect(sets.accuracy(of: 3) == 0)
        #expect(WrongSets(predictions: [[]], labels: []).accuracy(of: 0).isNaN)
    }

    @Test(arguments: [1, 63, 64, 65, 200]) func wordsOfAnyFilling(_ inputs: Int) {
        let labels = [Int32](repeating: 0, count: inputs)
        let a = (0..<inputs).map { Int32($0 % 2 == 0 ? 1 : 0) }
        let b = (0..<inputs).map { Int32($0 % 3 == 0 ? 1 : 0) }
        let sets = WrongSets(predictions: [a, b], labels: labels)
        let both = (0..<inputs).filter { $0 % 6 == 0 }.count
        let either = (0..<inputs).filter { $0 % 2 == 0 || $0 % 3 == 0 }.count
        #expect(sets.iou(0, 1) == Double(both) / Double(either))
        #expect(sets.accuracy(of: 0) == Double(inputs - (inputs + 1) / 2) / Double(inputs))
    }

    @Test func overlapWithAZoo() {
        let samples = WrongSets(predictions: [[9, 9, 0, 0, 0], [0, 0, 9, 9, 9]], labels: [0, 0, 0, 0, 0])
        let overlap = WrongSetOverlap(samples, zoo: sets)
        // Sample 0: 1, 1/4, 0, 2/5; sample 1: 0, 2/4, 0, 3/5.
        #expect(abs(overlap.mean - (1 + 0.25 + 0.4 + 0.5 + 0.6) / 8) < 1e-15)
        #expect(abs(overlap.meanOfMax - (1 + 0.6) / 2) < 1e-15)
    }

    @Test func aNetworkIsNotItsOwnNeighbour() {
        let overlap = WrongSetOverlap(within: sets)
        // Largest overlaps with others: 2/5, 3/5, 0, 3/5.
        #expect(abs(overlap.meanOfMax - (0.4 + 0.6 + 0 + 0.6) / 4) < 1e-15)
        #expect(abs(overlap.mean - 2 * (0.25 + 0 + 0.4 + 0 + 0.6 + 0) / 12) < 1e-15)
        // Against itself as if it were another population, every maximum is trivially 1.
        #expect(WrongSetOverlap(sets, zoo: sets).meanOfMax == 1)
    }

    @Test func noPairsGiveNoNumber() {
        let one = WrongSets(predictions: [[0]], labels: [1])
        #expect(WrongSetOverlap(within: one).mean.isNaN)
        #expect(WrongSetOverlap(within: one).meanOfMax.isNaN)
    }
}

@Suite struct DisagreementTests {
    private let zoo: [[Int32]] = [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]]

    @Test func ratesByHand() {
        let disagreement = Disagreement([[0, 0, 0, 1], [2, 2, 2, 2]], zoo: zoo)
        // Sample 0: 1/4, 3/4, 1/4; sample 1: 1, 1, 1.
        #expect(abs(disagreement.mean - (0.25 + 0.75 + 0.25 + 3) / 6) < 1e-15)
        #expect(abs(disagreement.nearest - (0.25 + 1) / 2) < 1e-15)
        #expect(disagreement.withNeighbour == nil)
    }

    @Test func neighboursInWeightsNeedNotBeNearestInPredictions() {
        let disagreement = Disagreement([[0, 0, 0, 1], [2, 2, 2, 2]], zoo: zoo, neighbours: [1, nil])
        #expect(disagreement.withNeighbour == 0.75)
    }

    @Test func withinAPopulationTheSelfIsLeftOut() {
        let disagreement = Disagreement(within: zoo, neighbours: [2, 2, 0])
        #expect(abs(disagreement.mean - (1 + 0.5 + 0.5) / 3) < 1e-15)
        #expect(disagreement.nearest == 0.5)
        #expect(disagreement.withNeighbour == 0.5)
    }

    @Test func wrongInDifferentWaysIsDisagreement() {
        #expect(Disagreement([[3]], zoo: [[4]]).mean == 1)
    }
}
