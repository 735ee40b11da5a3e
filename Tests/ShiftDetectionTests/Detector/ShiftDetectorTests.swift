import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

/// Rows of a law whose second class is the more likely the larger x is; `shift` moves x.
enum SampleRows {
    static func table(_ count: Int, seed: UInt64, shift: Double = 0) -> String {
        var stream = RandomStream(seed: seed, purpose: "test.rows")
        let x = stream.normal([count, 3]).doubles
        let coins = stream.uniform([count]).doubles
        var text = "id,x,y,group,label,p\n"
        for row in 0..<count {
            let a = x[3 * row] + shift
            let chance = 1 / (1 + exp(-2 * a))
            text += "r\(seed)-\(row),\(a),\(x[3 * row + 1]),\(x[3 * row + 2] > 0 ? "u" : "v"),"
            text += "\(coins[row] < chance ? 1 : 0),\(chance)\n"
        }
        return text
    }

    static func detector(
        hasTraining: Bool = true, isLabelled: Bool = true, _ change: (inout DetectorSettings) -> Void = { _ in }
    ) throws -> ShiftDetector {
        var settings = DetectorSettings()
        (settings.subsets, settings.ensembles.trained.count) = (99, 4)
        change(&settings)
        let classes = try ModelClasses(columns: ["p"], declared: [], labels: ["0", "1"])
        func read(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), path: "t.csv") }
        let (known, held) = (try read(table(80, seed: 1)), try read(table(90, seed: 2)))
        let others: Set<String> = ["id", "label", "p"]
        let encoding = try TableEncoding(fitting: known, except: others, impute: nil, path: "t.csv")
        func rows(_ table: Table) throws -> DetectorRows {
            let labels = table["label"].map { classes.places($0.numbers.map { "\(Int($0))" }) }
            return DetectorRows(
                raw: try encoding.read(table, except: others, path: "t.csv").rows,
                probabilities: try classes.probabilities(table, path: "t.csv"), labels: isLabelled ? labels : nil)
        }
        let (training, reference) = (try rows(known), try rows(held))
        let fitted = try settings.ensembles.fit(
            [.trained],
            to: LabelledRows(
                features: encoding.features(training.raw, path: "t.csv"),
                labels: training.probabilities?.argmax() ?? [], classes: 2), seed: 0)
        return ShiftDetector(
            settings: settings, encoding: encoding, classes: classes, training: hasTraining ? training : nil,
            reference: reference, ensembles: hasTraining ? fitted : [:])
    }

    static func sample(_ text: String, _ detector: ShiftDetector) throws -> DetectorRows {
        let table = try Table(
            bytes: Array(text.utf8), path: "q.csv", options: .init(kinds: detector.encoding.kinds))
        return DetectorRows(
            raw: try detector.encoding.read(table, except: ["id", "label", "p"], path: "q.csv").rows,
            probabilities: try detector.classes.probabilities(table, path: "q.csv"),
            labels: table["label"].map { detector.classes.places($0.numbers.map { "\(Int($0))" }) })
    }
}

@Suite("Detectors")
struct ShiftDetectorTests {
    @Test("What is moved is called different, with the column named; what is not moved is not")
    func verdicts() throws {
        let detector = try SampleRows.detector()
        let moved = try detector.test(
            SampleRows.sample(SampleRows.table(40, seed: 3, shift: 1.5), detector), path: "q.csv")
        #expect(moved.isShift && moved.verdict.test?.permutations.pValue == 0.01, "\(moved.verdict)")
        #expect(moved.columns.first?.column == "x" && moved.columns[0].holm < 0.001)
        #expect(moved.estimates.map(\.metric) == [.balancedAccuracy, .accuracy, .auc] && moved.truth.count == 3)
        #expect(moved.others.count == 3 && !moved.advice.isEmpty)
        let same = try detector.test(SampleRows.sample(SampleRows.table(40, seed: 4), detector), path: "q.csv")
        #expect(same.verdict.finding == .noEvidence, "\(same.verdict)")
    }

    @Test("Outputs alone are enough; without labels nothing is said about harm")
    func outputs() throws {
        let detector = try SampleRows.detector(hasTraining: false, isLabelled: false)
        let sample = try SampleRows.sample(SampleRows.table(40, seed: 3, shift: 1.5), detector)
        let found = try detector.test(sample, path: "q.csv")
        #expect(found.verdict.finding == .different && found.estimates.isEmpty && found.others.count == 2)
        #expect(found.verdict.sentence.contains("without labels"), "\(found.verdict.sentence)")
    }

    @Test("Rows that allow no judgement are refused: few, all the same, or the reference's own")
    func refused() throws {
        let detector = try SampleRows.detector()
        let own = detector.reference
        for (rows, says) in [
            (own.selecting([0, 1]), "2 rows"), (own.selecting([3, 3, 3, 3, 3, 3]), "all 6 rows are the same"),
            (own.selecting(Array(0..<20)), "20 of 20 rows stand in the reference too"),
        ] {
            do {
                _ = try detector.test(rows, path: "q.csv")
                Issue.record("\(says): taken")
            } catch { #expect("\(error)".contains(says), "\(error)") }
        }
    }

    @Test("A model that says the same of every row allows no verdict")
    func constant() throws {
        let detector = try SampleRows.detector(hasTraining: false)
        func flat(_ rows: DetectorRows) -> DetectorRows {
            DetectorRows(
                raw: rows.raw, probabilities: .full([rows.count, 2], 0.5, precision: .double), labels: rows.labels)
        }
        let dull = ShiftDetector(
            settings: detector.settings, encoding: detector.encoding, classes: detector.classes, training: nil,
            reference: flat(detector.reference), ensembles: [:])
        let sample = flat(try SampleRows.sample(SampleRows.table(20, seed: 9), detector))
        #expect(try dull.test(sample, path: "q.csv").verdict.finding == .cannotSay)
    }

    @Test("Description and tensors make the same detector, which says the same")
    func roundTrip() throws {
        for hasTraining in [true, false] {
            let detector = try SampleRows.detector(hasTraining: hasTraining)
            let json = try JSONEncoder().encode(detector.description)
            let read = try ShiftDetector(
                JSONDecoder().decode(DetectorDescription.self, from: json),
                tensors: detector.tensors.map { .init($0.name, $0.value.converted(to: .single)) }, path: "d")
            #expect(read.description == detector.description)
            #expect(read.reference.raw == detector.reference.raw)
            let sample = try SampleRows.sample(SampleRows.table(20, seed: 5, shift: 0.5), detector)
            #expect(try read.test(sample, path: "q") == detector.test(sample, path: "q"))
        }
    }

    @Test("Parts that do not fit each other are refused, never trapped on")
    func damaged() throws {
        let detector = try SampleRows.detector()
        let json = try JSONEncoder().encode(detector.description)
        let tensors = detector.tensors
        for place in tensors.indices
        where !["training.missing", "training.probabilities", "reference.probabilities"].contains(
            tensors[place].name)
        {
            var fewer = tensors
            fewer.remove(at: place)
            #expect(throws: DataError.self, "without \(tensors[place].name)") {
                try ShiftDetector(JSONDecoder().decode(DetectorDescription.self, from: json), tensors: fewer, path: "d")
            }
        }
        let text = String(decoding: json, as: UTF8.self)
        for (old, new) in [
            ("\"reference_rows\":90", "\"reference_rows\":91"), ("\"reference_rows\":90", "\"reference_rows\":-1"),
            ("\"alpha\":0.05", "\"alpha\":2"), ("\"names\":[\"0\",\"1\"]", "\"names\":[\"0\",\"0\"]"),
            ("\"subsets\":99", "\"subsets\":0"), ("\"widths\":[4,16,16,2]", "\"widths\":[5,16,16,2]"),
        ] {
            let changed = text.replacing(old, with: new)
            #expect(changed != text, "\(old) is not in \(text)")
            #expect(throws: (any Error).self, "\(new)") {
                try ShiftDetector(
                    JSONDecoder().decode(DetectorDescription.self, from: Data(changed.utf8)), tensors: tensors,
                    path: "d")
            }
        }
    }

    @Test("Power: false alarms are few, and another law's rows are found")
    func power() throws {
        let detector = try SampleRows.detector()
        let own = try detector.power(sizes: [10, 30], cases: 8, path: "P")
        #expect(own.rows.map(\.rows) == Array(repeating: 10, count: 9) + Array(repeating: 30, count: 9))
        #expect(own.rows.allSatisfy { (0...8).contains($0.cases) } && own.rows[0].origin == .none)
        #expect(own.rows[0].different <= 0.5)
        let other = try SampleRows.sample(SampleRows.table(60, seed: 8, shift: 2), detector)
        let found = try detector.power(sizes: [30, 100], cases: 5, against: other, path: "q.csv").rows
        #expect(found[0].different == 1 && found[0].cases == 5 && found[1].cases == 0, "\(found)")
        #expect(try detector.power(sizes: [10], cases: 8, path: "P").rows == Array(own.rows.prefix(9)))
    }
}
