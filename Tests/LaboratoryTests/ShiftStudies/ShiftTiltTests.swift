import Foundation
import ShiftDetection
import Tensors
import Testing

@testable import Laboratory

@Suite struct ShiftTiltTests {
    /// Rows of two classes by the probability of the second one.
    private static func rows(_ second: [Double], labels: [Int32]) -> ReferenceRows {
        let values = second.flatMap { [1 - $0, $0] }
        return ReferenceRows(
            ShiftRows(features: nil, probabilities: Tensor(values, shape: [second.count, 2])),
            labels: labels)
    }

    /// The weighted share of what is true.
    private static func share(_ weights: [Double], _ isTrue: [Bool]) -> Double {
        zip(weights, isTrue).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } / weights.reduce(0, +)
    }

    /// Ten rows, of which the model gets the first two wrong; three are of the second class.
    private static let ten = rows(
        [0.9, 0.8, 0.1, 0.2, 0.3, 0.4, 0.2, 0.7, 0.8, 0.9], labels: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])

    @Test func threeInFourAreOfTheSecondClassAndWithinClassesAllAreAlike() {
        let weights = ShiftTilt.positives.weights(Self.ten)
        #expect(abs(Self.share(weights, Self.ten.labels.map { $0 == 1 }) - 0.75) < 1e-12)
        #expect(Set(weights.prefix(7)).count == 1 && Set(weights.suffix(3)).count == 1)
        #expect(abs(weights.reduce(0, +) - 10) < 1e-9)
    }

    @Test(arguments: [(ShiftTilt.errors10, 0.7), (.errors20, 0.6)])
    func theAccuracyFallsByWhatTheNameSays(tilt: ShiftTilt, accuracy: Double) {
        let weights = tilt.weights(Self.ten)
        #expect(abs(Self.share(weights, Self.ten.isRight) - accuracy) < 1e-12)
        #expect(Set(weights.prefix(2)).count == 1 && Set(weights.suffix(8)).count == 1)
        #expect(abs(weights.reduce(0, +) - 10) < 1e-9)
    }

    @Test func anAccuracyThatCannotFallSoFarFallsToNothing() {
        let wrong = Self.rows(
            [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1], labels: Array(repeating: 0, count: 10))
        let weights = ShiftTilt.errors20.weights(wrong)
        #expect(weights[9] == 0 && weights.prefix(9).allSatisfy { $0 > 0 })
        let right = Self.rows([0.1, 0.9, 0.2], labels: [0, 1, 0])
        for tilt in [ShiftTilt.errors10, .errors20] {
            #expect(tilt.weights(right).allSatisfy { $0.isFinite && $0 > 0 }, "\(tilt)")
        }
    }

    @Test func theOddsOfBeingWrongDecideHowOftenAnUnsureRowIsDrawn() {
        let rows = Self.rows([0.5, 0.2, 0.75, 0.9, 1], labels: [0, 0, 1, 1, 1])
        let weights = ShiftTilt.unsure.weights(rows)
        for (weight, expected) in zip(weights, [1, 0.25, 1.0 / 3, 1.0 / 9, 1e-4]) {
            #expect(abs(weight - expected) < 1e-9 * max(1, expected), "\(weight), expected \(expected)")
        }
    }

    @Test(arguments: ShiftTilt.allCases)
    func classesThatDoNotOccurLeaveWeightsFinite(tilt: ShiftTilt) {
        for label: Int32 in [0, 1] {
            let weights = tilt.weights(
                Self.rows([0.3, 0.6, 1, 0], labels: Array(repeating: label, count: 4)))
            #expect(weights.count == 4 && weights.allSatisfy { $0.isFinite && $0 >= 0 }, "\(weights)")
            #expect(weights.reduce(0, +) > 0)
        }
        #expect(ShiftTilt(rawValue: tilt.rawValue) == tilt)
    }
}
