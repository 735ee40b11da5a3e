import Basics
import Foundation
import Reports
import ShiftDetection
import Tensors
import TestSupport
import Testing

@testable import Laboratory

@Suite("Operations of shift detection")
struct ShiftOperationTests {
    private func prepared() throws -> ScratchFolder {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(80, seed: 1))
        try scratch.put("same.csv", LabelledTable.csv(30, seed: 2))
        try scratch.put("moved.csv", LabelledTable.csv(30, seed: 3, shift: 2))
        try scratch.put("gaps.csv", LabelledTable.csv(30, seed: 4, hasGaps: true))
        var work = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file("d"))
        (work.predictions, work.cases, work.settings.label) = (["p"], 0, "label")
        _ = try work.execute(SilentProgress())
        return scratch
    }

    @Test("Two samples: every method finds what moved and leaves alone what did not; gaps need a filling")
    func twoSamples() throws {
        let scratch = try prepared()
        func compare(_ file: String, _ method: String, impute: Imputation? = nil) throws
            -> ShiftTwoSampleOperation.Outcome
        {
            var work = ShiftTwoSampleOperation(
                first: scratch.file("p.csv").path, second: scratch.file(file).path, method: method)
            (work.ignored, work.permutations, work.impute) = (["label", "p"], 199, impute)
            return try work.execute(SilentProgress())
        }
        #expect(ShiftTwoSampleOperation.methods == ["ks", "chi-square", "mmd", "energy", "c2st"])
        for method in ShiftTwoSampleOperation.methods {
            #expect(try compare("moved.csv", method).test.pValue <= 0.01, "\(method)")
            #expect(try compare("same.csv", method).test.pValue > 0.01, "\(method)")
        }
        #expect(try compare("moved.csv", "ks").columns.first?.column == "a")
        #expect(try requireDataError { _ = try compare("gaps.csv", "ks") }.found.contains("has 15 missing values"))
        let filled = try compare("gaps.csv", "ks", impute: .median).columns[0]
        #expect(filled.column == "b" && filled.aspect == .missing && filled.sample == 0.5)
        #expect(try requireDataError { _ = try compare("same.csv", "kss") }.path == "--method")
    }

    @Test("What is shown of a verdict: tables for a terminal, and a page with its colour")
    func shown() throws {
        let scratch = try prepared()
        func judged(_ file: String) throws -> ShiftTest {
            try ShiftTestOperation(detector: scratch.file("d"), sample: scratch.file(file).path).execute(
                SilentProgress())
        }
        let moved = try judged("moved.csv")
        let tables = ShownShift(moved)
        #expect(tables.estimates.rows.map { $0[0] } == ["balanced accuracy", "accuracy", "AUC"])
        #expect(tables.estimates.columns.count == 4 && tables.columns.rows[0][0] == "a")
        #expect(tables.others.rows.map { $0[0] } == ["ks", "chi-square"] && tables.power.rows.isEmpty)
        let picture = ShiftPicture(moved, name: "moved.csv")
        #expect(picture.light != .green && picture.null.count == 999 && picture.tables.count == 4)
        let same = ShiftPicture(try judged("same.csv"), name: "same.csv")
        #expect(same.light == .green && same.word == "No evidence of a shift")
        // Outputs alone are looked at, so that a gap among inputs is a column that moved, and no obstacle.
        let gaps = try judged("gaps.csv")
        #expect(gaps.columns[0].aspect == .missing && gaps.advice.contains { $0.contains("'b' is missing in 50 %") })
    }

    @Test("Power against a file, of the reference, and without labels")
    func power() throws {
        let scratch = try prepared()
        var work = ShiftPowerOperation(detector: scratch.file("d"), sizes: [10])
        work.cases = 4
        let own = try work.execute(SilentProgress())
        #expect(own.rows.count == 9 && own.notes.count == 1 && ShownShift.power(own.rows).rows.count == 9)
        work.other = scratch.file("moved.csv").path
        #expect(try work.execute(SilentProgress()).rows.map(\.origin) == [.other])
        let large = ShiftPowerOperation(detector: scratch.file("d"), sizes: [50, 90])
        var against = large
        against.other = work.other
        #expect(try requireDataError { _ = try against.execute(SilentProgress()) }.found.contains("30 rows"))
    }

    @Test("A watch's state belongs to its detector, and is of one version")
    func watch() throws {
        let scratch = try prepared()
        try scratch.put("stream/a.csv", LabelledTable.csv(10, seed: 5))
        let work = ShiftWatchOperation(detector: scratch.file("d"), stream: scratch.file("stream"))
        #expect(try work.execute().batches.map(\.file) == ["a.csv"])
        let again = try work.execute()
        #expect(again.batches.isEmpty && again.before == 1)
        let state = try scratch.text("d/watch.json")
        try scratch.put("d/watch.json", state.replacing("\"version\":1", with: "\"version\":2"))
        #expect(try requireDataError { _ = try work.execute() }.found.contains("version 2"))
        try scratch.put("d/watch.json", state.replacing(#/"detector":"[0-9a-f]+"/#, with: "\"detector\":\"0\""))
        #expect(try requireDataError { _ = try work.execute() }.found.contains("another detector"))
        let nowhere = ShiftWatchOperation(
            detector: scratch.file("d"), stream: scratch.file("p.csv"), state: scratch.file("s.json"))
        #expect(try requireDataError { _ = try nowhere.execute() }.kind == .missing)
    }

    @Test("Methods that decide: one of the table's, with what it needs")
    func methods() throws {
        let scratch = try prepared()
        #expect(ShiftFitOperation.methods.first == "energy")
        #expect(
            try requireDataError { _ = try ShiftFitOperation.method("enrgy") }.hint.contains("did you mean energy?"))
        for (kind, isPossible) in [("ks", true), ("mmd", false), ("disagreement", false)] {
            var work = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file(kind))
            (work.predictions, work.cases, work.settings.label) = (["p"], 0, "label")
            work.settings.method = try ShiftFitOperation.method(kind)
            if isPossible {
                _ = try work.execute(SilentProgress())
            } else {
                #expect(try requireDataError { _ = try work.execute(SilentProgress()) }.hint.contains("--train"))
            }
            #expect(FileManager.default.fileExists(atPath: scratch.file(kind).path) == isPossible)
        }
    }
}
