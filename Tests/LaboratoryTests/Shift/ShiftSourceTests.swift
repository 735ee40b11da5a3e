import Basics
import Foundation
import ShiftDetection
import Tensors
import TestSupport
import Testing

@testable import Laboratory

@Suite("What a detector is made of, and what it cannot be made of")
struct ShiftSourceTests {
    /// A table whose label says whether a is the larger number, or what `label` makes of the row.
    private static func table(
        _ count: Int, seed: UInt64, header: String = "a,b,label,p",
        label: (Int, Bool) -> String = { $1 ? "1" : "0" }
    ) -> String {
        var stream = RandomStream(seed: seed, purpose: "test.source")
        let values = stream.uniform([count, 3]).doubles
        return header + "\n"
            + (0..<count).map { row in
                let (a, b, p) = (values[3 * row], values[3 * row + 1], values[3 * row + 2])
                return "\(a),\(b),\(label(row, a > b)),\(p)\n"
            }.joined()
    }

    private func operation(_ scratch: ScratchFolder, training: Bool = false) -> ShiftFitOperation {
        var work = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file("d"))
        (work.cases, work.settings.label, work.settings.subsets) = (0, "label", 19)
        work.settings.ensembles.trained.count = 2
        work.settings.ensembles.trained.network.steps = 5
        if training {
            work.training = scratch.file("t.csv").path
            work.settings.ignored = ["p"]
        } else {
            work.predictions = ["p"]
        }
        return work
    }

    private func refusal(_ work: ShiftFitOperation, _ scratch: ScratchFolder) throws -> DataError {
        let error = try requireDataError { _ = try work.execute(SilentProgress()) }
        #expect(scratch.names.allSatisfy { !$0.hasPrefix("d") }, "\(scratch.names)")
        return error
    }

    @Test("Networks that are trained here: what the outcome says of them")
    func trained() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(40, seed: 1))
        try scratch.put("t.csv", Self.table(50, seed: 2))
        let work = operation(scratch, training: true)
        let outcome = try work.execute(SilentProgress())
        #expect(outcome.referenceRows == 40 && outcome.trainingRows == 50 && outcome.power.isEmpty)
        #expect(outcome.columns == ["a", "b"] && outcome.classes == ["0", "1"])
        #expect(outcome.model == "2 perceptrons trained here on \(scratch.file("t.csv").path)")
        #expect(
            Set(outcome.performance.keys).count == 3
                && outcome.performance.values.allSatisfy { (0...1).contains($0) })
        let detector = try DetectorStore(folder: scratch.file("d")).read()
        #expect(detector.isModelTrainedHere && detector.training?.count == 50)
        #expect(
            try requireDataError { _ = try work.execute(SilentProgress()) }.found == "is there already")
    }

    @Test("Options that exclude each other, or cannot be, before anything is read")
    func options() throws {
        let scratch = try ScratchFolder()
        var work = operation(scratch)
        work.model = "m.h5"
        #expect(try refusal(work, scratch).path == "--model")
        work = operation(scratch)
        work.predictions = []
        let unknown = try refusal(work, scratch)
        #expect(unknown.found == "no model is known" && unknown.hint.contains("--predictions"))
        for change: (inout DetectorSettings) -> Void in [
            { $0.alpha = 0 }, { $0.alpha = .nan }, { $0.margin = 1 }, { $0.sizes = [] },
            { $0.sizes = [10, 4] },
        ] {
            work = operation(scratch)
            change(&work.settings)
            let error = try refusal(work, scratch)
            #expect(error.kind == .configuration && error.found.hasPrefix("cannot be: "), "\(error)")
        }
        work = operation(scratch)
        work.missing = ["a"]
        #expect(try refusal(work, scratch).path == "--missing")
    }

    @Test("Too few rows, on either side")
    func few() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(19, seed: 1))
        let reference = try refusal(operation(scratch), scratch)
        #expect(
            reference.found == "has 19 rows, and at least 20 are needed"
                && reference.path.hasSuffix("p.csv"))
        try scratch.put("p.csv", Self.table(20, seed: 1))
        try scratch.put("t.csv", Self.table(19, seed: 2))
        #expect(try refusal(operation(scratch, training: true), scratch).path.hasSuffix("t.csv"))
        #expect(try operation(scratch).execute(SilentProgress()).referenceRows == 20)
    }

    @Test("Labels to learn from: a column, one in every row, of more than one class")
    func labels() throws {
        let scratch = try ScratchFolder()
        let work = operation(scratch, training: true)
        try scratch.put("p.csv", Self.table(30, seed: 1))
        try scratch.put(
            "t.csv", Self.table(30, seed: 2) { row, isLarger in row == 2 ? "" : isLarger ? "1" : "0" })
        let gap = try refusal(work, scratch)
        #expect(gap.path.hasSuffix("t.csv, row 3") && gap.found == "has no label", "\(gap)")
        try scratch.put("t.csv", Self.table(30, seed: 2) { _, _ in "0" })
        #expect(try refusal(work, scratch).found == "all rows are of one class")
        try scratch.put("p.csv", Self.table(30, seed: 1) { _, _ in "0" })
        let one = try refusal(work, scratch)
        #expect(
            one.path == "--label label" && one.expected == "2 to 1000 classes" && one.found == "only '0'")
        try scratch.put("p.csv", Self.table(30, seed: 1))
        try scratch.put("t.csv", Self.table(30, seed: 2, header: "a,b,labels,p"))
        #expect(try refusal(work, scratch).found == "there is no column 'label' to learn from")
    }

    @Test("A reference that the model was trained on makes it look better than it is")
    func shared() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(30, seed: 1))
        try scratch.put("t.csv", Self.table(30, seed: 1))
        let error = try refusal(operation(scratch, training: true), scratch)
        #expect(
            error.found.hasPrefix("30 of 30 rows stand in the training rows too")
                && error.path.hasSuffix("p.csv"))
        #expect(error.found.contains("1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more"))
    }

    @Test("Classes that are words have no order of their own")
    func words() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(30, seed: 1) { $1 ? "ill" : "well" })
        var work = operation(scratch)
        let unknown = try refusal(work, scratch)
        #expect(
            unknown.found.contains("it is not known which class") && unknown.hint.contains("--classes"))
        work.classes = ["well", "ill"]
        #expect(try work.execute(SilentProgress()).classes == ["well", "ill"])
    }

    @Test("Without labels a fit says what it cannot say")
    func unlabelled() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(30, seed: 1))
        var work = operation(scratch)
        (work.settings.label, work.settings.ignored) = (nil, ["label"])
        let outcome = try work.execute(SilentProgress())
        #expect(
            outcome.performance.isEmpty && outcome.model == "the columns p" && outcome.trainingRows == nil
        )
        #expect(outcome.notes.contains { $0.contains("never harmful") })
    }

    @Test("Labels of a sample: those of no class count as missing and are told; a gap is only a gap")
    func sampleLabels() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", Self.table(30, seed: 1))
        _ = try operation(scratch).execute(SilentProgress())
        let detector = try DetectorStore(folder: scratch.file("d")).read()
        let names = ["7", "", "1.0", "0", "x", "1"]
        let (rows, notes) = try detector.read(
            sample: Array(Self.table(6, seed: 3) { row, _ in names[row] }.utf8), path: "q.csv")
        #expect(rows.labels == [nil, nil, 1, 0, nil, 1])
        #expect(notes.contains { $0.hasSuffix("count as missing: 7, x") }, "\(notes)")
        let clean = try detector.read(sample: Array(Self.table(6, seed: 3).utf8), path: "q.csv").notes
        #expect(!clean.contains { $0.contains("count as missing") })
    }
}
