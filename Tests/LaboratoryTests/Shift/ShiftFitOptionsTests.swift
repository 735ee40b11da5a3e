import Basics
import Foundation
import ShiftDetection
import TestSupport
import Testing

@testable import Laboratory

@Suite("What a fit, a comparison or a watch is told that cannot be, or should be known")
struct ShiftFitOptionsTests {
    private func refusal(_ change: (inout ShiftFitOperation) -> Void) throws -> DataError {
        var work = ShiftFitOperation(reference: "p.csv", out: URL(fileURLWithPath: "d"))
        work.predictions = ["p"]
        change(&work)
        return try requireDataError { try work.checkOptions() }
    }

    @Test("Options that need or exclude each other; a column has one part to play")
    func options() throws {
        #expect(try refusal { $0.row = 3 }.path == "--row")
        #expect(try refusal { $0.architecture = "{}" }.path == "--architecture")
        #expect(try refusal { $0.model = "m.h5" }.found.contains("excludes --predictions"))
        let label = try refusal { $0.settings.label = "p" }
        #expect(label.path == "--label p" && label.found.contains("is named by --predictions too"))
        #expect(try refusal { $0.settings.ignored = ["p"] }.path == "--ignore p")
        #expect(try refusal { $0.predictions = ["p", "p"] }.found == "is named twice")
        var fine = ShiftFitOperation(reference: "p.csv", out: URL(fileURLWithPath: "d"))
        (fine.predictions, fine.settings.label, fine.settings.ignored) = (["p", "q"], "y", ["id", "id"])
        try fine.checkOptions()
    }

    @Test("Labels that mean something else in T, twin columns, and a word among numbers are refused")
    func tables() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(60, seed: 1))
        let other = LabelledTable.csv(60, seed: 2).replacing(#/,([01]),([0-9.e-]+)\n/#) { ",\($0.1)9,\($0.2)\n" }
        try scratch.put("t.csv", other)
        func refusal(_ name: String, _ change: (inout ShiftFitOperation) -> Void) throws -> DataError {
            var work = ShiftFitOperation(reference: scratch.file(name).path, out: scratch.file("d"))
            (work.cases, work.settings.label) = (0, "label")
            change(&work)
            return try requireDataError { _ = try work.execute(SilentProgress()) }
        }
        let classes = try refusal("p.csv") {
            ($0.training, $0.settings.ignored) = (scratch.file("t.csv").path, ["p"])
        }
        #expect(classes.expected.contains("09, 19") || classes.expected.contains("9, 19"), "\(classes)")
        var lines = LabelledTable.csv(60, seed: 1).split(separator: "\n").map(String.init)
        lines[8] = "abc," + lines[8].split(separator: ",", maxSplits: 1)[1]
        try scratch.put("word.csv", lines.joined(separator: "\n"))
        let word = try refusal("word.csv") { $0.predictions = ["p"] }
        #expect(word.path.hasSuffix("row 8, column 'a'") && word.hint.contains("--missing 'a=abc'"), "\(word)")
        let twins = LabelledTable.csv(30, seed: 3).replacing("a,b,group", with: "a,a,group")
        try scratch.put("twins.csv", twins)
        var fit = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file("d"))
        (fit.cases, fit.settings.label, fit.predictions) = (0, "label", ["p"])
        _ = try fit.execute(SilentProgress())
        let sample = ShiftTestOperation(detector: scratch.file("d"), sample: scratch.file("twins.csv").path)
        #expect(try requireDataError { _ = try sample.execute(SilentProgress()) }.found.contains("are named 'a'"))
        var power = ShiftPowerOperation(detector: scratch.file("d"), sizes: [10])
        power.other = scratch.file("p.csv").path
        #expect(
            try requireDataError { _ = try power.execute(SilentProgress()) }.found.contains(
                "stand in the reference too"))
    }

    @Test("Two samples: files without rows or with one are told apart; shared rows are told")
    func twoSamples() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(40, seed: 1))
        try scratch.put("one.csv", LabelledTable.csv(1, seed: 2))
        try scratch.put("none.csv", "a,b,group,label,p\n")
        func compare(_ name: String) throws -> ShiftTwoSampleOperation.Outcome {
            var work = ShiftTwoSampleOperation(
                first: scratch.file("p.csv").path, second: scratch.file(name).path, method: "energy")
            work.permutations = 19
            return try work.execute(SilentProgress())
        }
        #expect(try requireDataError { _ = try compare("one.csv") }.found == "has 1 row, and at least 2 are needed")
        #expect(try !requireDataError { _ = try compare("none.csv") }.found.contains("1 row"))
        #expect(try compare("p.csv").notes.contains { $0.contains("40 of 40 rows stand in") })
    }

    @Test("A watch tells of a file that has changed since, and of one that holds what another holds")
    func watch() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(40, seed: 1))
        var fit = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file("d"))
        (fit.cases, fit.settings.label, fit.predictions) = (0, "label", ["p"])
        _ = try fit.execute(SilentProgress())
        try scratch.put("s/1.csv", LabelledTable.csv(10, seed: 2))
        try scratch.put("s/folder/x.csv", "no batch")
        let work = ShiftWatchOperation(detector: scratch.file("d"), stream: scratch.file("s"))
        #expect(try work.execute().notes.isEmpty)
        do {
            let other = try FolderLock(scratch.file("d"), name: ".watch.json.lock")
            #expect(try requireDataError { _ = try work.execute() }.kind == .busy)
            withExtendedLifetime(other) {}
        }
        try scratch.put("s/2.csv", LabelledTable.csv(10, seed: 2))
        let twin = try work.execute()
        #expect(
            twin.batches.map(\.file) == ["2.csv"] && twin.notes.count == 1 && twin.notes[0].contains("what 1.csv holds")
        )
        try scratch.put("s/1.csv", LabelledTable.csv(10, seed: 3))
        let changed = try work.execute()
        #expect(changed.batches.isEmpty && changed.notes.count == 1)
        #expect(changed.notes.first?.contains("1.csv: has changed since it was counted") == true)
        fit.replaces = true
        #expect(try fit.execute(SilentProgress()).notes.contains { $0.contains("the state of a watch") })
    }
}
