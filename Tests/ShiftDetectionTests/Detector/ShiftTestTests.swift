import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite("One sample, and what stands beside its verdict")
struct ShiftTestTests {
    /// Confidences of 0.51, 0.52, ... 0.9.
    private static let outputs = (1...40).map { 0.5 + Double($0) / 100 }

    private func detector(_ labels: [Int32?]? = nil) throws -> ShiftDetector {
        var settings = DetectorSettings()
        settings.subsets = 49
        return try OutputsAlone.detector(OutputsAlone.rows(Self.outputs, labels: labels), settings)
    }

    private func refusal(_ detector: ShiftDetector, _ sample: [Double]) -> String {
        do {
            _ = try detector.check(OutputsAlone.rows(sample), path: "q.csv")
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test(
        "Doubtful rows are those below a twentieth of the reference, the least sure first, counted from 1"
    )
    func doubtful() throws {
        var detector = try detector()
        detector.calibration.power = [6, 50].map {
            ShiftPower.Row(rows: $0, origin: .none, drop: nil, cases: 9, different: 0, harmful: 0)
        }
        let sample = OutputsAlone.rows(
            [0.515, 0.475, 0.505, 0.805, 0.705, 0.605], labels: [1, nil, nil, nil, nil, 0])
        let found = try detector.test(sample, path: "q.csv", notes: ["a note"])
        #expect(found.doubtful.rows == [3, 1, 2] && abs(found.doubtful.below - 0.53) < 1e-12)
        #expect(found.sampleCount == 6 && found.labelledCount == 2 && found.referenceCount == 40)
        #expect(found.power.map(\.rows) == [6] && found.notes == ["a note"] && found.columns.isEmpty)
        // Without labels of the reference nothing is estimated; what the sample's own labels say is said.
        #expect(found.estimates.isEmpty && found.truth.count == 3 && found.truth[1] == 0.5)
        #expect(try detector.test(sample, path: "q.csv", notes: ["a note"]) == found)
        let json = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(ShiftTest.self, from: json) == found)
        for key in [
            "\"sample_rows\":6", "\"labelled_rows\":2", "\"reference_rows\":40", "\"p_value\":",
        ] {
            #expect(String(decoding: json, as: UTF8.self).contains(key), "\(key)")
        }
    }

    @Test("Five rows can be judged, four cannot; copies of one row cannot either")
    func small() throws {
        let (detector, sample) = (try detector(), [0.111, 0.222, 0.333, 0.444, 0.555])
        #expect(try detector.check(OutputsAlone.rows(sample), path: "q.csv").isEmpty)
        let hint = "(collect more rows: 20 to 50 are usual)"
        #expect(
            refusal(detector, Array(sample.prefix(4)))
                == "q.csv: has 4 rows, and nothing can be said about fewer than 5 \(hint)")
        #expect(
            refusal(detector, [0.1])
                == "q.csv: has 1 row, and nothing can be said about fewer than 5 \(hint)")
        #expect(refusal(detector, .init(repeating: 0.3, count: 5)).contains("all 5 rows are the same"))
    }

    @Test("Rows of the reference are refused, and only told of where the reference repeats itself")
    func shared() throws {
        let sample = [0.111, Self.outputs[7], 0.222, 0.333, 0.444, Self.outputs[2]]
        #expect(
            refusal(try detector(), sample).hasPrefix(
                "q.csv: 2 of 6 rows stand in the reference too (rows 2, 6)"))
        let repeating = try OutputsAlone.detector(OutputsAlone.rows(Self.outputs + Self.outputs))
        #expect(
            try repeating.check(OutputsAlone.rows(sample), path: "q.csv") == [
                "q.csv: 2 of 6 rows stand in the reference too (rows 2, 6), as often as the reference repeats itself"
            ])
    }

    @Test("A method that learns anew decides where it is trained on subsets too, and nowhere else")
    func retraining() throws {
        #expect(
            ShiftDetector.problem(Described(Detectron()), true, [:])?.contains("samples of the reference alone") == true
        )
        let exact = try #require(Detectron().retrainedOnSubsets)
        #expect(exact.level == .exact && exact.retrains && exact.retrainedOnSubsets == nil)
        #expect(ShiftDetector.problem(Described(exact), false, [:])?.contains("no training rows") == true)
        for member in ShiftMethodFamily.standard.all {
            let method = try #require(Described<ShiftMethodFamily>(kind: member.name)).member
            #expect(method.retrains == (method.level == .nestedSplits), "\(member.name)")
        }
        // Trained in every test, and with the level that it claims.
        var settings = Detectron()
        (settings.exact, settings.networks, settings.epochs, settings.patience) = (true, 1, 2, 1)
        let detector = try SampleRows.detector {
            $0.method = Described(settings); $0.subsets = 19
        }
        let moved = try SampleRows.sample(SampleRows.table(8, seed: 3, shift: 3), detector)
        let found = try detector.test(moved, path: "q.csv").verdict
        #expect(found.test?.level == .exact && found.test?.permutations.null.count == 19)
    }

    @Test("What limits a verdict: rows outside the reference's outputs, fewer than fitted for, copies of a row")
    func limits() throws {
        let reference = OutputsAlone.rows(Self.outputs)
        let known = try detector().rows(reference, path: "P")
        func limits(_ sample: [Double], smallest: Int = 5) throws -> SampleLimits {
            try SampleLimits(
                of: detector().rows(OutputsAlone.rows(sample), path: "Q"), beside: known, smallest: smallest)
        }
        #expect(try limits([0.6, 0.7, 0.8, 0.9, 0.55]).reasons.isEmpty)
        let some = try limits([0.6, 0.99, 0.98, 0.9, 0.55])
        #expect(some.obstacle == nil && some.reasons.count == 1 && some.reasons[0].hasPrefix("Of 2 of the 5 rows"))
        #expect(try limits([0.99, 0.98, 0.97, 0.9, 0.55]).obstacle == .outsideReference(rows: 3))
        let few = try limits([0.6, 0.7, 0.8, 0.9, 0.55], smallest: 10).reasons
        #expect(few == ["5 rows are fewer than the 10 that the detector was fitted for: only large shifts show."])
        let copies = OutputsAlone.rows(.init(repeating: 0.111, count: 9) + [0.222, 0.333, 0.444, 0.555])
        let notes = try detector().check(copies, path: "q.csv")
        #expect(notes.count == 1 && notes[0].hasPrefix("q.csv: 8 of 13 rows are copies of others"))
        let two = refusal(try detector(), .init(repeating: 0.111, count: 9) + .init(repeating: 0.222, count: 9))
        #expect(two.contains("the 18 rows are copies of 2, and nothing can be said about fewer than 5"))
        let repeating = try OutputsAlone.detector(OutputsAlone.rows(Self.outputs + Self.outputs))
        #expect(try repeating.check(OutputsAlone.rows([0.111, 0.111, 0.222, 0.333, 0.444]), path: "q").isEmpty)
    }

    @Test("Surer than any reference row: different, and nothing is said about harm, though labels are there")
    func outside() throws {
        var settings = DetectorSettings()
        settings.subsets = 99
        let labels = Self.outputs.indices.map { Int32?(($0 % 3 == 0) ? 0 : 1) }
        let detector = try OutputsAlone.detector(OutputsAlone.rows(Self.outputs, labels: labels), settings)
        let sure = OutputsAlone.rows((0..<20).map { 0.99 + Double($0) / 10_000 })
        let found = try detector.test(sure, path: "q.csv")
        #expect(found.verdict.finding == .different && found.verdict.obstacle == .outsideReference(rows: 20))
        #expect(found.verdict.sentence.hasPrefix("Different, harm cannot be judged: these 20 rows"))
        #expect(found.advice[0].hasPrefix("Have some of these rows labelled"))
    }

    @Test("Without a mistake power is measured for false alarms alone; without labels, of changed outputs too")
    func powerWithoutErrors() throws {
        for labels in [nil, [Int32?](repeating: 1, count: 40)] {
            let detector = try detector(labels)
            let ends = Ends()
            let power = try detector.power(
                sizes: [5, 30], cases: 3, path: "P",
                progress: WorkProgress { done, total in ends.last = [done, total ?? -1] })
            let kinds: [ShiftPower.Origin] =
                [.none] + (labels == nil ? .init(repeating: .corrupted, count: ShiftCorruption.outputs.count) : [])
            #expect(power.rows.map(\.origin) == kinds + kinds && power.rows.allSatisfy { $0.cases == 3 })
            #expect(power.rows.map(\.rows) == kinds.map { _ in 5 } + kinds.map { _ in 30 })
            #expect(
                power.rows.allSatisfy {
                    $0.drop == nil && (0...1).contains($0.different) && $0.harmful == 0
                })
            #expect(ends.last == [1, 1])
            #expect(try JSONDecoder().decode(ShiftPower.self, from: JSONEncoder().encode(power)) == power)
        }
    }

    private final class Ends: @unchecked Sendable { var last: [Int] = [] }
}
