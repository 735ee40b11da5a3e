import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

/// Detectors that know a model by its probabilities of class 1 alone.
enum OutputsAlone {
    static func rows(_ second: [Double], labels: [Int32?]? = nil) -> DetectorRows {
        DetectorRows(
            raw: RawRows(columns: [], count: second.count),
            probabilities: Tensor(second.flatMap { [1 - $0, $0] }, shape: [second.count, 2]),
            labels: labels)
    }

    static func detector(_ reference: DetectorRows, _ settings: DetectorSettings = .init()) throws
        -> ShiftDetector
    {
        ShiftDetector(
            settings: settings, encoding: try encoding(), classes: ModelClasses(names: ["0", "1"]),
            training: nil,
            reference: reference, ensembles: [:])
    }

    /// No columns at all.
    static func encoding() throws -> TableEncoding {
        try JSONDecoder().decode(TableEncoding.self, from: Data("{\"columns\":[]}".utf8))
    }
}

@Suite("Rows as a detector keeps them")
struct DetectorRowsTests {
    private let rows = DetectorRows(
        raw: RawRows(columns: [[1, 2, 3], [4, 5, 6]], count: 3),
        probabilities: Tensor([0.9, 0.1, 0.5, 0.5, 0.25, 0.75], shape: [3, 2]), labels: [1, nil, 0])

    @Test("Every part is selected, in the order that is asked for and as often")
    func selection() {
        let some = rows.selecting([2, 0, 2])
        #expect(some.count == 3 && some.raw.columns == [[3, 1, 3], [6, 4, 6]])
        #expect(some.probabilities?.doubles == [0.25, 0.75, 0.9, 0.1, 0.25, 0.75])
        #expect(some.labels == [0, 1, 0] && some.labelled == [0, 1, 2])
        #expect(rows.labelled == [0, 2] && rows.selecting([]).count == 0)
        #expect(OutputsAlone.rows([0.5]).labelled.isEmpty)
    }

    @Test("Joined rows have no labels, and probabilities where both have them")
    func joining() {
        let both = rows.joined(with: rows.selecting([1]))
        #expect(
            both.count == 4 && both.labels == nil && both.raw.columns == [[1, 2, 3, 2], [4, 5, 6, 5]])
        #expect(both.probabilities?.shape == [4, 2])
        let bare = DetectorRows(raw: rows.raw, probabilities: nil, labels: nil)
        #expect(
            rows.joined(with: bare).probabilities == nil && bare.joined(with: rows).probabilities == nil)
    }

    @Test("Rows are compared by their columns, else by what the model says of them")
    func comparable() {
        #expect(rows.comparable == rows.raw)
        #expect(OutputsAlone.rows([0.25, 0.5]).comparable.columns == [[0.75, 0.5], [0.25, 0.5]])
        let nothing = DetectorRows(raw: RawRows(columns: [], count: 2), probabilities: nil, labels: nil)
        #expect(nothing.comparable.columns.isEmpty && nothing.comparable.count == 2)
    }

    @Test("A reference can anchor estimates from twenty labels of two classes on, whatever has none")
    func labelledReference() throws {
        let outputs = (0..<30).map { Double($0 + 1) / 40 }
        func labelled(_ labels: [Int32?]?) throws -> ReferenceRows? {
            let detector = try OutputsAlone.detector(OutputsAlone.rows(outputs, labels: labels))
            return detector.labelledReference(try detector.rows(detector.reference, path: "P"))
        }
        let twenty = (0..<30).map { $0 < 10 ? nil : Int32($0 % 2) }
        let found = try #require(try labelled(twenty))
        #expect(found.count == 20 && found.labels == twenty.compactMap { $0 })
        #expect(
            zip(found.rows.confidences, [1 - outputs[10], 1 - outputs[11]]).allSatisfy {
                abs($0 - $1) < 1e-12
            })
        #expect(try labelled((0..<30).map { $0 < 11 ? nil : Int32($0 % 2) }) == nil)
        #expect(try labelled(Array(repeating: 1, count: 30)) == nil)
        #expect(try labelled(nil) == nil)
    }

    @Test("Parts of a detector that do not fit each other are named")
    func problems() throws {
        let encoding = try OutputsAlone.encoding()
        let two = ModelClasses(names: ["0", "1"])
        let reference = OutputsAlone.rows([0.1, 0.2], labels: [0, 2])
        func problem(_ classes: [String], _ rows: [DetectorRows]) -> String? {
            ShiftDetector.problem(encoding, ModelClasses(names: classes), rows, [:])
        }
        let sound = OutputsAlone.rows([0.1, 0.2])
        #expect(problem(two.names, [sound]) == nil)
        #expect(problem(["a"], [sound]) == "classes [\"a\"]")
        #expect(problem(["a", "a"], [sound]) == "classes [\"a\", \"a\"]")
        #expect(problem(two.names, [sound, sound]) == "no column to learn from")
        #expect(problem(two.names, [reference]) == "a label of class 2")
        #expect(problem(two.names, [rows]) == "rows of 2 columns")
        #expect(problem(["a", "b", "c"], [sound])?.hasPrefix("probabilities") == true)
        let silent = DetectorRows(raw: RawRows(columns: [], count: 2), probabilities: nil, labels: nil)
        #expect(problem(two.names, [silent]) == "neither a model nor what one says of the rows")
    }

    @Test("A method that asks for what is not there says what is lacking")
    func lacking() {
        func problem(_ method: any ShiftMethod, hasTraining: Bool) -> String? {
            ShiftDetector.problem(Described(method), hasTraining, [:])
        }
        #expect(problem(EnergyMethod(), hasTraining: false) == nil)
        #expect(
            problem(EnergyMethod(on: .features), hasTraining: false)
                == "energy looks at inputs, and there are no training rows")
        #expect(problem(EnergyMethod(on: .features), hasTraining: true) == nil)
        var entropy = EntropyMethod()
        entropy.ensemble = .lastLayer
        #expect(
            problem(entropy, hasTraining: true) == "entropy asks last-layer networks, and there are none")
    }
}
