import Foundation
import Testing

/// What cannot be judged is refused in one sentence, and leaves nothing behind.
@Suite("Shift detection refuses")
struct ShiftRefusalTests {
    /// A table `text` in place of the reference, and what the message says.
    struct Bad: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let says: String
        var options: [String] = []
        var status: Int32 = 65
        var testDescription: String { name }
    }

    private static let good = ShiftCommandTests.rows(60, seed: 5)
    private static let predictions = ["--predictions", "proba_no,proba_yes", "--ignore", "id"]

    private static func changed(_ line: Int, _ change: (inout [String]) -> Void) -> String {
        var lines = good.split(separator: "\n").map(String.init)
        var cells = lines[line].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        change(&cells)
        lines[line] = cells.joined(separator: ",")
        return lines.joined(separator: "\n") + "\n"
    }

    static let references: [Bad] = [
        Bad(name: "nothing", text: "", says: "found an empty file"),
        Bad(name: "a header alone", text: "x,proba_no,proba_yes\n", says: "rows"),
        Bad(name: "few rows", text: ShiftCommandTests.rows(7, seed: 1), says: "has 7 rows, and at least 20"),
        Bad(
            name: "a constant column", text: good.replacing(#/,[ab],/#, with: ",a,"),
            says: "column 'group' holds the same value in every row"),
        Bad(name: "NaN among probabilities", text: changed(3) { $0[5] = "NaN" }, says: "row 3, column 'proba_no'"),
        Bad(name: "a word among probabilities", text: changed(3) { $0[5] = "high" }, says: "line 4, column 6"),
        Bad(
            name: "no sum of 1",
            text: changed(9) {
                $0[5] = "0.9"; $0[6] = "0.9"
            }, says: "row 9: the probabilities"),
        Bad(
            name: "a probability above 1",
            text: changed(9) {
                $0[5] = "-3"; $0[6] = "4"
            }, says: "from 0 to 1"),
        Bad(name: "uneven rows", text: changed(9) { $0.removeLast() }, says: "line 10"),
        Bad(name: "another class", text: changed(9) { $0[4] = "maybe" }, says: "maybe, no, yes", status: 64),
        Bad(
            name: "columns that are not there", text: good, says: "did you mean proba_yes?",
            options: ["--predictions", "proba_no,proba_yez"], status: 64),
        Bad(
            name: "an unknown column to ignore", text: good, says: "--ignore",
            options: predictions + ["--ignore", "ident"], status: 64),
        Bad(
            name: "a code without a column", text: good, says: "chol=0", options: predictions + ["--missing", "0"],
            status: 64),
        Bad(name: "no model", text: good, says: "no model is known", options: ["--ignore", "id"], status: 64),
        Bad(name: "a level of 0", text: good, says: "--alpha", options: predictions + ["--alpha", "0"], status: 64),
        Bad(
            name: "a size of nothing", text: good, says: "rows from 5", options: predictions + ["--sizes", "0"],
            status: 64),
    ]

    /// Lines of a message, without the one that points to the command's help.
    private func sentences(_ message: String) -> Int {
        message.split(separator: "\n").count { !$0.hasPrefix("See 'weightspace") }
    }

    @Test("References from which nothing can be learnt", arguments: references)
    func refused(_ bad: Bad) throws {
        let scratch = try Scratch()
        try scratch.put("p.csv", bad.text)
        let options = bad.options.isEmpty ? Self.predictions : bad.options
        let outcome = try Command.run(
            ["shift", "fit", "--reference", "p.csv", "--label", "outcome", "--out", "d", "--cases", "0", "--quiet"]
                + options,
            in: scratch.url)
        #expect(outcome.status == bad.status && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains(bad.says) && sentences(outcome.errors) == 1, "\(outcome)")
        #expect(scratch.names() == ["p.csv"])
    }

    @Test("Rows of the training in the reference are counted, named and refused")
    func shared() throws {
        let scratch = try Scratch()
        try scratch.put("t.csv", Self.good)
        let other = ShiftCommandTests.rows(60, seed: 6).split(separator: "\n")
        let own = Self.good.split(separator: "\n")
        try scratch.put("p.csv", (other + own[3...5]).joined(separator: "\n") + "\n")
        let outcome = try Command.run(
            [
                "shift", "fit", "--reference", "p.csv", "--train", "t.csv", "--label", "outcome", "--out", "d",
                "--ignore", "id,proba_no,proba_yes",
            ], in: scratch.url)
        #expect(
            outcome.status == 65
                && outcome.errors.contains("3 of 63 rows stand in the training rows too (rows 61, 62, 63)"))
        #expect(scratch.names() == ["p.csv", "t.csv"], "\(outcome)")
    }

    static let samples: [Bad] = [
        Bad(name: "too few rows", text: ShiftCommandTests.rows(3, seed: 8), says: "has 3 rows"),
        Bad(name: "other columns", text: "a,b\n1,2\n3,4\n", says: "there are no columns 'x', 'z', 'group'"),
        Bad(
            name: "rows all the same",
            text: "x,z,group,proba_no,proba_yes\n" + String(repeating: "1,2,a,0.5,0.5\n", count: 9),
            says: "all 9 rows are the same"),
        Bad(name: "the reference itself", text: good, says: "60 of 60 rows stand in the reference too"),
        Bad(name: "a word in a column of numbers", text: changed(2) { $0[1] = "tall" }, says: "line 3, column 2"),
        Bad(name: "no probabilities", text: good.replacing("proba_yes", with: "p"), says: "no column 'proba_yes'"),
        Bad(
            name: "no sum of 1",
            text: changed(9) {
                $0[5] = "0.9"; $0[6] = "0.9"
            }, says: "row 9: the probabilities"),
        Bad(name: "bytes that are no text", text: "\u{0}\u{1}\u{2}", says: "q.csv"),
    ]

    @Test("Samples that allow no judgement; missing values where nothing stands for them; damaged detectors")
    func unusable() throws {
        let scratch = try Scratch()
        try scratch.put("p.csv", Self.good)
        try scratch.put("t.csv", ShiftCommandTests.rows(60, seed: 6))
        let fit = ["shift", "fit", "--reference", "p.csv", "--label", "outcome", "--cases", "0", "--quiet", "--out"]
        #expect(try Command.run(fit + ["d"] + Self.predictions, in: scratch.url).status == 0)
        for bad in Self.samples {
            try scratch.put("q.csv", bad.text)
            let outcome = try Command.run(
                ["shift", "test", "d", "--sample", "q.csv", "--report", "page.html", "--quiet"], in: scratch.url)
            #expect(
                outcome.status == bad.status && outcome.output.isEmpty && outcome.errors.contains(bad.says),
                "\(bad.name): \(outcome)")
            #expect(!scratch.exists("page.html"))
        }
        let train = ["n", "--train", "t.csv", "--ignore", "id,proba_no,proba_yes"]
        #expect(try Command.run(fit + train, in: scratch.url).status == 0)
        try scratch.put("q.csv", ShiftCommandTests.rows(20, seed: 9).replacing(#/,[ab],/#, with: ",?,"))
        let missing = try Command.run(["shift", "test", "n", "--sample", "q.csv", "--quiet"], in: scratch.url)
        #expect(
            missing.status == 65 && missing.errors.contains("column 'group' has 20 missing values"), "\(missing)")
        #expect(missing.errors.contains("--impute median"), "\(missing)")
        try damaged(scratch)
    }

    private func damaged(_ scratch: Scratch) throws {
        try scratch.put("q.csv", ShiftCommandTests.rows(20, seed: 9))
        func refused(_ says: String, status: Int32 = 65) throws {
            let outcome = try Command.run(["shift", "test", "d", "--sample", "q.csv", "--quiet"], in: scratch.url)
            #expect(outcome.status == status && outcome.errors.contains(says) && outcome.output.isEmpty, "\(outcome)")
        }
        let json = try scratch.text("d/detector.json")
        try scratch.put("d/detector.json", json.replacing("\"version\": 2", with: "\"version\": 1"))
        try refused("is a detector of version 1, and this weightspace reads version 2")
        try scratch.put("d/detector.json", String(json.prefix(json.count / 2)))
        try refused("is damaged")
        try scratch.put("d/detector.json", json)
        var bytes = try scratch.bytes("d/tensors.h5")
        bytes[bytes.count / 2] ^= 0x40
        let sound = try scratch.bytes("d/tensors.h5")
        try bytes.write(to: scratch.file("d/tensors.h5"))
        try refused("the checksum is another")
        try sound.prefix(200).write(to: scratch.file("d/tensors.h5"))
        try refused("is damaged")
        try FileManager.default.removeItem(at: scratch.file("d/tensors.h5"))
        try refused("tensors.h5")
        try FileManager.default.removeItem(at: scratch.file("d"))
        try refused("there is no such folder", status: 66)
    }
}
