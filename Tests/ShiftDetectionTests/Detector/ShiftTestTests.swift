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

    @Test(
        "A method that learns from each sample needs a calibration for each size; an exact one needs none"
    )
    func calibration() throws {
        let reference = OutputsAlone.rows(Self.outputs)
        var settings = DetectorSettings()
        #expect(try !OutputsAlone.detector(reference, settings).needsCalibration(size: 10))
        settings.method = Described(Detectron())
        var detector = try OutputsAlone.detector(reference, settings)
        #expect(detector.needsCalibration(size: 10))
        detector.calibration.nulls[10] = [0.5]
        #expect(!detector.needsCalibration(size: 10) && detector.needsCalibration(size: 11))
        // Samples as large as the reference leave nothing to compare them with.
        let before = detector.calibration
        try detector.calibrate(size: 40)
        #expect(detector.calibration == before)
    }

    @Test("Without labels, or without a mistake, power is measured for false alarms alone")
    func powerWithoutErrors() throws {
        for labels in [nil, [Int32?](repeating: 1, count: 40)] {
            let detector = try detector(labels)
            let ends = Ends()
            let power = try detector.power(
                sizes: [5, 30], cases: 3, path: "P",
                progress: WorkProgress { done, total in ends.last = [done, total ?? -1] })
            #expect(
                power.rows.map(\.rows) == [5, 30]
                    && power.rows.allSatisfy { $0.origin == .none && $0.cases == 3 })
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
