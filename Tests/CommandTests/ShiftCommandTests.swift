import Foundation
import Testing

/// From an empty folder to a verdict, and what is refused on the way.
@Suite("Shift detection")
struct ShiftCommandTests {
    /// Rows with probabilities as a logistic model gives them; `shift` moves the column x.
    static func rows(_ count: Int, seed: UInt64, shift: Double = 0, isLabelled: Bool = true) -> String {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Double(state >> 33) + 0.5) / Double(1 << 31)
        }
        var text = "id,x,z,group,\(isLabelled ? "outcome," : "")proba_no,proba_yes\n"
        for row in 0..<count {
            let x = (0..<12).reduce(0) { sum, _ in sum + uniform() } - 6 + shift
            let chance = 1 / (1 + exp(-2 * x))
            let class_ = uniform() < chance ? "yes" : "no"
            text += "\(seed)-\(row),\(x),\(uniform()),\(uniform() < 0.5 ? "a" : "b"),"
            text += "\(isLabelled ? class_ + "," : "")\(1 - chance),\(chance)\n"
        }
        return text
    }

    private static let predictions = ["--predictions", "proba_no,proba_yes", "--ignore", "id"]

    private func prepared() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.put("reference.csv", Self.rows(80, seed: 1))
        try scratch.put("train.csv", Self.rows(80, seed: 2))
        try scratch.put("same.csv", Self.rows(30, seed: 3, isLabelled: false))
        try scratch.put("moved.csv", Self.rows(30, seed: 4, shift: 2, isLabelled: false))
        return scratch
    }

    private func fit(_ scratch: Scratch, _ more: [String] = predictions, out: String = "detector") throws
        -> Command.Outcome
    {
        try Command.run(
            [
                "shift", "fit", "--reference", "reference.csv", "--label", "outcome", "--out", out, "--cases", "4",
                "--quiet",
            ]
                + more, in: scratch.url)
    }

    @Test("Two files and a model's probabilities: fit, test, page, power, watch, two samples")
    func walk() throws {
        let scratch = try prepared()
        let fitted = try fit(scratch)
        #expect(fitted.status == 0 && fitted.output.contains("reference rows"), "\(fitted)")
        #expect(scratch.names("detector") == ["detector.json", "tensors.h5"])
        let same = try Command.run(
            ["shift", "test", "detector", "--sample", "same.csv", "--fail-on-shift"], in: scratch.url)
        #expect(same.status == 0 && same.output.hasPrefix("No evidence of a shift"), "\(same)")
        let words = ["shift", "test", "detector", "--sample", "moved.csv", "--quiet"]
        let moved = try Command.run(words + ["--fail-on-shift", "--report", "page.html"], in: scratch.url)
        #expect(moved.status == 4 && moved.output.replacing("\n", with: " ").contains("p = 0.001"), "\(moved)")
        #expect(moved.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(moved)")
        let page = try scratch.text("page.html")
        #expect(page.contains("against its null") && page.contains("<svg") && !page.contains("<script"))
        let again = try Command.run(words + ["--report", "page.html"], in: scratch.url)
        #expect(again.status == 64 && again.errors.contains("is there already"), "\(again)")
        let json = try Command.run(words + ["--json"], in: scratch.url)
        let verdict = try #require(json.json?["verdict"] as? [String: Any])
        #expect(
            ["different", "harmful"].contains(verdict["finding"] as? String) && json.json?["sample_rows"] as? Int == 30)
        #expect(
            verdict["p_value"] as? Double == 0.001 && (verdict["sentence"] as? String)?.contains("p = 0.001") == true)
        #expect(!json.output.contains(#/"[a-z]+[A-Z]\w*":/#), "keys in one style")
        let power = try Command.run(
            ["shift", "power", "detector", "--rows", "10,20", "--cases", "3", "--against", "moved.csv"], in: scratch.url
        )
        #expect(power.status == 0 && power.output.contains("the other file"), "\(power)")
        let compared = try Command.run(
            [
                "shift", "two-sample", "reference.csv", "moved.csv", "--ignore", "id,outcome", "--method", "ks",
                "--json",
                "--quiet",
            ], in: scratch.url)
        let test = compared.json?["test"] as? [String: Any]
        #expect(compared.status == 0 && (test?["p_value"] as? Double ?? 1) <= 0.001, "\(compared)")
    }

    @Test("An ensemble is trained where nobody has a model, and the same command writes the same bytes")
    func trained() throws {
        let scratch = try prepared()
        let words = ["--train", "train.csv", "--ignore", "id,proba_no,proba_yes"]
        let fitted = try fit(scratch, words)
        #expect(fitted.status == 0 && fitted.output.contains("perceptrons trained here"), "\(fitted)")
        let test = try Command.run(["shift", "test", "detector", "--sample", "moved.csv"], in: scratch.url)
        #expect(test.status == 0 && test.output.contains("x") && test.output.contains("balanced accuracy"), "\(test)")
        #expect(try fit(scratch, words, out: "other").status == 0)
        for name in ["detector.json", "tensors.h5"] {
            #expect(try scratch.bytes("detector/\(name)") == scratch.bytes("other/\(name)"), "\(name)")
        }
        let refused = try fit(scratch, words)
        #expect(refused.status == 64 && refused.errors.contains("--force"), "\(refused)")
        #expect(try fit(scratch, words + ["--force"]).status == 0)
    }

    @Test("A watch that is stopped goes on where it was, from a folder and from a pipe")
    func watch() throws {
        let scratch = try prepared()
        #expect(try fit(scratch).status == 0)
        try FileManager.default.createDirectory(at: scratch.file("stream"), withIntermediateDirectories: true)
        let words = ["shift", "watch", "detector", "--stream", "stream", "--quiet", "--fail-on-shift"]
        try scratch.put("stream/1.csv", Self.rows(20, seed: 11))
        let calm = try Command.run(words, in: scratch.url)
        #expect(calm.status == 0 && calm.output.contains("No alarm"), "\(calm)")
        for day in 2...4 { try scratch.put("stream/\(day).csv", Self.rows(20, seed: 20 + UInt64(day), shift: 2)) }
        let alarm = try Command.run(words, in: scratch.url)
        #expect(
            alarm.status == 4 && !alarm.output.contains("1.csv: ") && alarm.output.contains("4.csv: 20 rows"),
            "\(alarm)")
        // All at once comes to the same.
        let once = try Command.run(words + ["--state", "once.json", "--json"], in: scratch.url)
        let place = once.json?["alarm"] as? [String: Any]
        #expect(
            alarm.output.contains("in batch \(place?["batch"] ?? "?"), at row \(place?["row"] ?? "?") of all"),
            "\(once)")
        let script =
            "(cat stream/1.csv; echo; sed 1d stream/2.csv) | '\(try Command.built().path)'"
            + " shift watch detector --stream - --state pipe.json > piped"
        let shell = Process()
        (shell.executableURL, shell.arguments) = (URL(fileURLWithPath: "/bin/sh"), ["-c", script])
        shell.currentDirectoryURL = scratch.url
        try shell.run()
        shell.waitUntilExit()
        #expect(
            try scratch.text("piped").hasPrefix("batch 1: 20 rows") && scratch.text("piped").contains("batch 2: 20"))
        try scratch.put("pipe.json", "{\"version\":1}")
        let damaged = try Command.run(words + ["--state", "pipe.json"], in: scratch.url)
        #expect(damaged.status == 65 && damaged.errors.contains("pipe.json: is damaged"), "\(damaged)")
    }
}
