import Evaluation
import Foundation
import Testing

@testable import Reports

/// The text of `summary.json`, which other programs read.
struct SummaryCodingTests {
    static let summary = Summary(
        rows: [
            EvaluationRow(
                arm: "main", seed: 7, .generated, label: "generated <new>", count: 2,
                testAccuracy: SampleStatistics(mean: 0.9375, sd: 0.125, median: 0.9375, min: 0.875, max: 1, count: 2),
                validationAccuracy: SampleStatistics(mean: 0.5, sd: .nan),
                novelty: Novelty(
                    weightDistance: SampleStatistics(mean: 0.25, sd: .infinity, median: 0.125),
                    rawDistance: .init(mean: 4.5, sd: 0.5, count: 2),
                    sampleToSample: .init(mean: .nan, sd: .nan), wrongSets: .init(mean: 0.5, meanOfMax: 0.75),
                    disagreement: .init(mean: 0.25, nearest: 0.125, withNeighbour: 0.1875)),
                codeSpread: CodeSpread(rmsRatio: 1), points: [NetworkPoint(accuracy: 1, distance: 0)])
        ],
        verdict: Verdict(
            text: "They are near-copies.", quality: .equal, novelty: .nearCopies, beatsBaselines: false,
            reasons: ["a/b"]),
        timing: ["generator_seconds": 1.5, "broken_seconds": .nan])

    static let golden = """
        {"format":"weightspace-summary","rows":[{"arm":"main","code_rms_ratio":1,\
        "code_spread":{"per_dimension":{"max":null,"mean":null,"median":null,"min":null,"n":0,"sd":null},"rms":1,\
        "rms_about_zoo":null},"label":"generated <new>","n":2,\
        "novelty":{"disagreement":{"mean":0.25,"nearest":0.125,"with_neighbour":0.1875},\
        "prediction_disagreement":0.1875,"raw_distance":4.5,"sample_to_sample":null,\
        "statistics":{"raw_distance":{"max":null,"mean":4.5,"median":null,"min":null,"n":2,"sd":0.5},\
        "sample_to_sample":{"max":null,"mean":null,"median":null,"min":null,"n":0,"sd":null}},\
        "weight_distance":{"max":null,"mean":0.25,"median":0.125,"min":null,"n":0,"sd":null},\
        "wrong_set_iou":{"max_mean":0.75,"mean":0.5}},"seed":7,\
        "test_accuracy":{"max":1,"mean":0.9375,"median":0.9375,"min":0.875,"n":2,"sd":0.125},\
        "validation_accuracy":{"max":null,"mean":0.5,"median":null,"min":null,"n":0,"sd":null},"what":"generated"}],\
        "timing":{"broken_seconds":null,"generator_seconds":1.5},\
        "verdict":{"beats_baselines":false,"collapsed":false,"diverged":false,"novelty":"near-copies",\
        "quality":"equal","reasons":["a/b"],"text":"They are near-copies.","under_dispersed":false},"version":1}
        """

    /// Written by the first version: means alone, and statistics without what was not known.
    static let earlier = """
        {"format":"weightspace-summary","rows":[{"arm":"main","code_rms_ratio":1,"label":"generated <new>","n":2,\
        "novelty":{"raw_distance":4.5,"sample_to_sample":null,"weight_distance":{"mean":0.25,"median":0.125,"sd":null},\
        "prediction_disagreement":0.125,"wrong_set_iou":{"max_mean":0.75,"mean":0.5}},"seed":7,\
        "test_accuracy":{"max":1,"mean":0.9375,"min":0.875,"sd":0.125},\
        "validation_accuracy":{"mean":0.5,"sd":null},"what":"generated"}],\
        "timing":{"broken_seconds":null,"generator_seconds":1.5},\
        "verdict":{"beats_baselines":false,"collapsed":false,"diverged":false,"novelty":"near-copies",\
        "quality":"equal","reasons":["a/b"],"text":"They are near-copies."},"version":1}
        """

    @Test("summaries of before all measurements were kept are read")
    func earlierFiles() throws {
        let row = try #require(JSONDecoder().decode(Summary.self, from: Data(Self.earlier.utf8)).rows.first)
        #expect(row.decidingRatio == 0.125 && row.codeRMSRatio == 1 && row.testAccuracy.max == 1)
        #expect(row.novelty?.rawDistance?.mean == 4.5 && row.novelty?.predictionDisagreement == 0.125)
        #expect(row.novelty?.sampleToSample?.mean.isNaN == true && row.novelty?.zooToZoo == nil)
    }

    @Test("a population that nobody knows is refused, by name", arguments: ["generate", "noise-", "average-x", ""])
    func unknownPopulation(_ what: String) {
        let text = Self.golden.replacing("\"what\":\"generated\"", with: "\"what\":\"\(what)\"")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Summary.self, from: Data(text.utf8)) }
    }

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
        #expect(read.rows[0].novelty?.sampleToSample?.mean.isNaN == true)
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
        #expect(read.rows[0].label == "generated networks")
    }

    @Test("rows are found by arm and seed, in order")
    func rowsOfARun() {
        let rows = [("a", 1), ("b", 1), ("a", 2), ("a", 1)].enumerated().map { index, key in
            EvaluationRow(
                arm: key.0, seed: UInt64(key.1), .baseline(.average(of: index + 1)), count: 1,
                testAccuracy: SampleStatistics(mean: 0, sd: 0))
        }
        let summary = Summary(rows: rows, verdict: Self.summary.verdict)
        #expect(summary.rows(arm: "a", seed: 1).map(\.population.what) == ["average-1", "average-4"])
        #expect(summary.rows(arm: "c", seed: 1).isEmpty)
    }
}
