import Foundation
import Testing

@testable import Reports

/// The text of `summary.json`, which other programs read.
struct SummaryCodingTests {
    static let summary = Summary(
        rows: [
            Summary.Row(
                arm: "main", seed: 7, what: "generated", label: "generated <new>", count: 2,
                testAccuracy: Spread(mean: 0.9375, sd: 0.125, min: 0.875, max: 1),
                validationAccuracy: Spread(mean: 0.5, sd: .nan),
                novelty: Summary.Novelty(
                    weightDistance: Spread(mean: 0.25, sd: .infinity, median: 0.125), rawDistance: 4.5,
                    sampleToSample: .nan, wrongSetIoU: .init(mean: 0.5, maxMean: 0.75)),
                codeRMSRatio: 1)
        ],
        verdict: Summary.Verdict(
            text: "They are near-copies.", quality: .equal, novelty: .nearCopies, beatsBaselines: false,
            reasons: ["a/b"]),
        timing: ["generator_seconds": 1.5, "broken_seconds": .nan])

    static let golden = """
        {"format":"weightspace-summary","rows":[{"arm":"main","code_rms_ratio":1,"label":"generated <new>","n":2,\
        "novelty":{"raw_distance":4.5,"sample_to_sample":null,"weight_distance":{"mean":0.25,"median":0.125,"sd":null},\
        "wrong_set_iou":{"max_mean":0.75,"mean":0.5}},"seed":7,\
        "test_accuracy":{"max":1,"mean":0.9375,"min":0.875,"sd":0.125},\
        "validation_accuracy":{"mean":0.5,"sd":null},"what":"generated"}],\
        "timing":{"broken_seconds":null,"generator_seconds":1.5},\
        "verdict":{"beats_baselines":false,"collapsed":false,"diverged":false,"novelty":"near-copies",\
        "quality":"equal","reasons":["a/b"],"text":"They are near-copies."},"version":1}
        """

    @Test("a plain encoder with sorted keys gives the documented text")
    func goldenText() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(Self.summary), as: UTF8.self)
        #expect(text == Self.golden)
    }

    @Test("the file's text is the golden one with white space, and ends a line")
    func fileText() throws {
        let text = try Self.summary.jsonText()
        #expect(text.hasSuffix("}\n"))
        let compact = text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
            .replacing("\" : ", with: "\":")
        #expect(compact == Self.golden)
    }

    @Test("what is read is written the same again")
    func roundTrip() throws {
        let text = try Self.summary.jsonText()
        let read = try JSONDecoder().decode(Summary.self, from: Data(text.utf8))
        #expect(try read.jsonText() == text)
        #expect(read.rows[0].novelty?.sampleToSample?.isNaN == true)
        #expect(read.rows[0].novelty?.zooToSample == nil)
        #expect(read.timing["broken_seconds"]?.isNaN == true)
    }

    @Test("a large seed keeps all its digits")
    func largeSeed() throws {
        var summary = Self.summary
        summary.rows[0].seed = .max
        let read = try JSONDecoder().decode(Summary.self, from: Data(try summary.jsonText().utf8))
        #expect(read.rows[0].seed == .max)
    }

    @Test(
        "another format, another version and a missing number are refused",
        arguments: [
            ("weightspace-summary", "weightspace-zoo"), ("\"version\":1", "\"version\":2"),
            ("\"mean\":0.9375,", ""),
        ])
    func refused(found: String, replacement: String) {
        let text = Self.golden.replacing(found, with: replacement)
        #expect(text != Self.golden)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Summary.self, from: Data(text.utf8))
        }
    }

    @Test("a row without label takes its name")
    func absentLabel() throws {
        let text = Self.golden.replacing("\"label\":\"generated <new>\",", with: "")
        let read = try JSONDecoder().decode(Summary.self, from: Data(text.utf8))
        #expect(read.rows[0].label == "generated")
    }

    @Test("rows are found by arm and seed, in order")
    func rowsOfARun() {
        let rows = [("a", 1), ("b", 1), ("a", 2), ("a", 1)].enumerated().map { index, key in
            Summary.Row(
                arm: key.0, seed: UInt64(key.1), what: "\(index)", count: 1,
                testAccuracy: Spread(mean: 0, sd: 0))
        }
        let summary = Summary(rows: rows, verdict: Self.summary.verdict)
        #expect(summary.rows(arm: "a", seed: 1).map(\.what) == ["0", "3"])
        #expect(summary.rows(arm: "c", seed: 1).isEmpty)
    }
}
