import Foundation
import Testing

@testable import Evaluation

@Suite("Rows in files")
struct EvaluationRowCodingTests {
    private static func statistics(_ values: [Double]) -> SampleStatistics { SampleStatistics(values) }

    private static let row: EvaluationRow = {
        var novelty = Novelty(
            unit: NoveltyUnit(distance: 2.5, origin: .freshNetworks), weightDistance: statistics([0.25, 0.5, .nan]),
            contributionDistance: statistics([0.5, 1, .nan]), rawDistance: statistics([1, 2, .nan]),
            zooToSample: statistics([1, 3]),
            sampleToSample: statistics([0.5, 1]),
            zooToZoo: statistics([2, 4]), wrongSets: WrongSetOverlap(mean: 0.25, meanOfMax: 0.5),
            disagreement: Disagreement(mean: 0.5, nearest: 0.125, withNeighbour: 0.25, withContributor: 0.375))
        (novelty.wasserstein, novelty.jensenShannon, novelty.copyingScore) = (0.75, 0.5, -3.5)
        return EvaluationRow(
            arm: "wide", seed: .max, .baseline(.noise(sigma: 0.1)), count: 3, testAccuracy: statistics([0.5, 0.75, 0]),
            validationAccuracy: statistics([0.5, 1]), novelty: novelty,
            codeSpread: CodeSpread(
                rmsRatio: 0.5, rmsRatioAboutZoo: 0.75, perDimension: statistics([1, 2]), nonFinite: 1),
            points: [
                NetworkPoint(accuracy: 0.5, distance: 0.25, nearestZoo: 7),
                NetworkPoint(accuracy: 0.75, distance: 0.5, nearestZoo: 0), .lost,
            ])
    }()

    private static func text(_ row: EvaluationRow) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(row), as: UTF8.self)
    }

    private static func read(_ text: String) throws -> EvaluationRow {
        try JSONDecoder().decode(EvaluationRow.self, from: Data(text.utf8))
    }

    private static let least = #"{"arm":"main","seed":1,"what":"fresh","n":2,"test_accuracy":{"mean":0.5,"sd":null}"#

    @Test("what is written reads back and is written the same again")
    func roundTrip() throws {
        let text = try Self.text(Self.row)
        let again = try Self.read(text)
        #expect(try Self.text(again) == text)
        #expect(again.population == Self.row.population && again.label == "zoo + noise 0.1" && again.seed == .max)
        #expect(again.novelty?.unit == Self.row.novelty?.unit && again.novelty?.copyingScore == -3.5)
        #expect(again.novelty?.weightDistance == Self.row.novelty?.weightDistance)
        #expect(again.novelty?.contributionDistance == Self.row.novelty?.contributionDistance)
        #expect(text.contains(#""contribution_distance":{"max":1,"mean":0.75,"#))
        #expect(
            again.novelty?.disagreement == Self.row.novelty?.disagreement && again.codeSpread == Self.row.codeSpread)
        #expect(again.points[..<2] == Self.row.points[..<2] && again.points[2].distance.isNaN)
        #expect(again.points[2].nearestZoo == nil && again.points[2].accuracy == 0)
    }

    @Test("a distance that is not known is null, not a number and not left out")
    func null() throws {
        let text = try Self.text(Self.row)
        #expect(text.contains(#""distances":[0.25,0.5,null]"#) && text.contains(#""nearest_zoo":[7,0,null]"#))
        #expect(
            text.contains(#""weight_distance":{"max":0.5,"mean":0.375,"median":0.375,"min":0.25,"n":3,"non_finite":1,"#)
        )
    }

    @Test("of a row none of whose networks is finite only the numbers that are known are there")
    func lost() throws {
        let row = EvaluationRow(arm: "a", seed: 2, lost: 2, of: .generated)
        let expected =
            #"{"accuracies":[0,0],"arm":"a","distances":[null,null],"label":"generated networks","n":2,"#
            + #""nearest_zoo":[null,null],"seed":2,"#
            + #""test_accuracy":{"max":0,"mean":0,"median":0,"min":0,"n":2,"sd":0},"what":"generated"}"#
        #expect(try Self.text(row) == expected)
        let again = try Self.read(expected)
        #expect(again.novelty == nil && again.decidingRatio == nil && again.codeRMSRatio == nil)
        #expect(again.share(below: .infinity) == 0, "no distance is below nothing")
    }

    @Test("the least that a row can be: the label is the population's own, sd null is NaN")
    func leastRow() throws {
        let row = try Self.read(Self.least + "}")
        #expect(row.population == .fresh && row.label == "fresh networks" && row.count == 2 && row.points.isEmpty)
        #expect(row.testAccuracy.mean == 0.5 && row.testAccuracy.sd.isNaN && row.testAccuracy.median.isNaN)
        #expect(row.validationAccuracy == nil && row.novelty == nil && row.codeSpread == nil)
        #expect(try Self.read(Self.least + #","label":"mine"}"#).label == "mine")
        #expect(try Self.read(Self.least + #","code_rms_ratio":0.25}"#).codeRMSRatio == 0.25)
        #expect(try Self.read(Self.least + #","code_rms_ratio":null}"#).codeRMSRatio?.isFinite != true)
    }

    @Test(
        "lists of points of different lengths, or a list that is not there, are refused",
        arguments: [
            #","accuracies":[1,0],"distances":[1],"nearest_zoo":[0,1]}"#,
            #","accuracies":[1,0],"distances":[1,1],"nearest_zoo":[0]}"#, #","accuracies":[1,0]}"#,
            #","accuracies":[1,0],"distances":["a",1],"nearest_zoo":[0,1]}"#,
        ])
    func refused(_ rest: String) {
        #expect(throws: DecodingError.self) { try Self.read(Self.least + rest) }
    }

    @Test("without its points a row is the same but for them")
    func withoutPoints() throws {
        let bare = Self.row.withoutPoints
        #expect(bare.points.isEmpty && bare.count == 3 && bare.label == Self.row.label)
        #expect(try !Self.text(bare).contains("distances") && Self.text(bare).contains("code_rms_ratio"))
    }

    @Test("shares count all networks; a limit itself is not below it")
    func shares() {
        #expect(Self.row.share(below: 0.25) == 0 && Self.row.share(below: (0.25).nextUp) == 1.0 / 3)
        #expect(Self.row.share(below: 10) == 2.0 / 3 && Self.row.withoutPoints.share(below: 10) == 0)
    }

    @Test("the median decides, else the mean, else nothing")
    func deciding() {
        func ratio(_ statistics: SampleStatistics?) -> Double? {
            EvaluationRow(
                .generated, count: 1, testAccuracy: SampleStatistics([1]), novelty: Novelty(weightDistance: statistics)
            ).decidingRatio
        }
        #expect(ratio(SampleStatistics([0, 1, 8])) == 1 && ratio(SampleStatistics(mean: 3, sd: 1)) == 3)
        #expect(ratio(SampleStatistics([.nan])) == nil && ratio(SampleStatistics(mean: .infinity, sd: 1)) == nil)
        #expect(ratio(nil) == nil)
    }
}
