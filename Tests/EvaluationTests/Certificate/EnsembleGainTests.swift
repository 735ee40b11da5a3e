import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("What networks are worth together")
struct EnsembleGainTests {
    /// Networks that are sure of these classes of three.
    private static func outputs(_ predictions: [[Int]]) -> EnsembleOutputs {
        let rows = predictions.flatMap { classes in
            classes.flatMap { own in (0..<3).map { $0 == own ? Float(0.8) : 0.1 } }
        }
        return EnsembleOutputs(rows, count: predictions.count, classes: 3)
    }

    @Test("networks with mistakes of their own gain by a vote, networks with one mistake gain nothing")
    func gain() throws {
        let labels: [Int32] = [0, 1, 2]
        let different = Self.outputs([[1, 1, 2], [0, 2, 2], [0, 1, 0]])
        let alike = Self.outputs([[1, 1, 2], [1, 1, 2], [1, 1, 2]])
        let gain = try #require(EnsembleGain(different, fresh: alike, labels: labels))
        #expect(gain.size == 3 && gain.own.count == 3)
        #expect(abs(gain.own.single.mean - 2.0 / 3) < 1e-12 && gain.own.vote.mean == 1 && gain.own.average.mean == 1)
        #expect(abs(gain.gain - 1.0 / 3) < 1e-12 && abs(gain.freshGain) < 1e-12)
        // All networks in each draw: one draw, which has no deviation.
        #expect(gain.own.vote.count == 1 && gain.own.vote.sd.isNaN)
    }

    @Test("mean probabilities may decide otherwise than a vote")
    func probabilities() throws {
        let sure: [Float] = [0.9, 0.1], unsure: [Float] = [0.45, 0.55]
        let outputs = EnsembleOutputs(sure + unsure + unsure, count: 3, classes: 2)
        let gain = try #require(EnsembleGain(outputs, fresh: outputs, labels: [0]))
        #expect(gain.own.vote.mean == 0 && gain.own.average.mean == 1)
        #expect(outputs.averageAccuracy(labels: [0]) == 1 && outputs.averageAccuracy(labels: [1]) == 0)
    }

    @Test("ten of many are drawn; draws depend on the seed alone, not on threads")
    func draws() throws {
        let labels = (0..<30).map { Int32($0 % 3) }
        let networks = (0..<25).map { network in
            (0..<30).map { input in (input + (network * 7 + input * 5) % 11 / 8) % 3 }
        }
        let outputs = Self.outputs(networks)
        func measured(_ seed: UInt64) -> EnsembleGain? {
            EnsembleGain(outputs, fresh: outputs, labels: labels, draws: 40, seed: seed)
        }
        let gain = try #require(measured(0))
        #expect(gain.size == 10 && gain.own.vote.count == 40 && gain.own.vote.sd > 0)
        #expect(gain.own == gain.fresh, "the same networks and the same draws")
        #expect(measured(0) == gain && measured(1) != gain)
        #expect(ThreadCounts.results { measured(0) } == [gain, gain, gain])
    }

    @Test("an output that is not a number has no vote; where none is left nothing is right")
    func notFinite() throws {
        let broken = [Float](repeating: .nan, count: 3)
        let outputs = EnsembleOutputs(broken + [0, 1, 0] + [0, 1, 0], count: 3, classes: 3)
        let gain = try #require(EnsembleGain(outputs, fresh: outputs, labels: [1]))
        #expect(gain.own.vote.mean == 1 && gain.own.average.mean == 1 && abs(gain.own.single.mean - 2.0 / 3) < 1e-12)
        let none = EnsembleOutputs(broken + broken, count: 2, classes: 3)
        #expect(EnsembleGain(none, fresh: none, labels: [0])?.own.vote.mean == 0)
    }

    @Test("a single network has no gain")
    func single() {
        let one = EnsembleOutputs([0, 1, 0], count: 1, classes: 3)
        let two = EnsembleOutputs([0, 1, 0, 0, 1, 0], count: 2, classes: 3)
        #expect(EnsembleGain(one, fresh: two, labels: [1]) == nil && EnsembleGain(two, fresh: one, labels: [1]) == nil)
    }

    @Test("what is written is read again")
    func coding() throws {
        let outputs = Self.outputs((0..<12).map { [$0 % 3, 1, 2] })
        let gain = try #require(EnsembleGain(outputs, fresh: outputs, labels: [0, 1, 2], draws: 5))
        let data = try JSONEncoder().encode(gain)
        #expect(try JSONDecoder().decode(EnsembleGain.self, from: data) == gain)
    }
}
