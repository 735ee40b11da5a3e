import Basics
import Foundation
import Reports
import ShiftDetection
import TestSupport
import Testing

@testable import Laboratory

@Suite struct ShiftStudyTableTests {
    private typealias Sample = ShiftSplitResult.Sample

    private static func sample(
        _ place: String, _ p: [String: Double], drop: (value: Double, low: Double, high: Double)? = nil,
        realised: Double? = nil
    ) -> Sample {
        Sample(
            place: place, size: 10, p: p,
            drop: drop.map { AccuracyInterval(value: $0.value, low: $0.low, high: $0.high) },
            realised: realised)
    }

    /// Two splits: a place that is harmful once, samples of the reference, and one that a costly method alone has seen.
    private static let splits = [
        ShiftSplitResult(
            split: 0, reference: 0.8, truth: ["a": 0.2, "null": 0],
            samples: [
                sample("null", ["decision": 0.3, "ks": 0.9], drop: (0.01, -0.1, 0.1), realised: 0.06),
                sample("a", ["decision": 0.01, "ks": 0.5], drop: (0.3, 0.1, 0.4), realised: 0.05),
                sample("a", ["detectron": 0.02]),
            ], fitSeconds: 2, seconds: ["decision": .init(seconds: 3, samples: 2)]),
        ShiftSplitResult(
            split: 1, reference: 0.8, truth: ["a": 0.1, "null": 0],
            samples: [
                // At the level itself a sample is different; an interval with 0 in it shows no harm.
                sample("a", ["decision": 0.05, "ks": 0.051], drop: (0.2, -0.1, 0.4), realised: -0.1),
                sample("null", ["decision": 1, "ks": 0.04], drop: (0.03, 0.02, 0.1), realised: 0),
            ], fitSeconds: 4, seconds: ["decision": .init(seconds: 3, samples: 4)]),
    ]

    private static func report(_ splits: [ShiftSplitResult] = splits, sizes: [Int] = [10])
        -> ShiftStudyReport
    {
        var section = ShiftStudyConfig.Section()
        section.sizes = sizes
        return ShiftStudyTable(section, splits: splits).report(name: "n", question: "q", seconds: 7)
    }

    private static func counts(_ row: ShiftStudyReport.Row) -> [[Int]] {
        row.cells.map { [$0.found, $0.samples] }
    }

    @Test func theReferencesOwnSamplesStandLastAndMethodsInTheTablesOrder() throws {
        let report = Self.report()
        #expect(
            report.places == ["a", "null"] && report.splits == 2 && report.fitSeconds == 3
                && report.seconds == 7)
        #expect(report.different.map(\.name) == ["decision: energy", "ks", "detectron"])
        #expect(
            report.different.map(Self.counts) == [
                [[2, 2], [0, 2]], [[0, 2], [1, 2]], [[1, 1], [0, 0]],
            ])
        #expect(report.different[0].seconds == 1 && report.different[1].seconds == nil)
        #expect(report.different[2].cells.map(\.share) == [1, nil])
    }

    @Test func harmNeedsADifferenceAnIntervalAboveNoughtAndTheMargin() throws {
        let harmful = Self.report().harmful
        // A method that learns anew has no estimate beside it; labels stand last.
        try #require(harmful.count == 3)
        #expect(harmful[0].name == "decision: energy" && harmful[1].name == "ks")
        #expect(Self.counts(harmful[0]) == [[1, 2], [0, 2]])
        #expect(Self.counts(harmful[1]) == [[0, 2], [0, 2]])
        #expect(
            Self.counts(harmful[2]) == [[1, 2], [1, 2]]
                && harmful[2].name.hasPrefix("with the sample's labels"))
    }

    @Test func estimatesAreMeansOverSplitsWithTheSharesOfIntervalsThatHoldTheTruth() throws {
        let estimates = Self.report().estimates
        try #require(estimates.map(\.place) == ["a", "null"])
        let (place, null) = (estimates[0], estimates[1])
        #expect(
            abs(place.truth - 0.15) < 1e-12 && abs(place.estimated - 0.25) < 1e-12 && place.coverage == 1)
        #expect(abs(place.deviation - 0.005.squareRoot()) < 1e-12)
        #expect(null.truth == 0 && abs(null.estimated - 0.02) < 1e-12 && null.coverage == 0.5)
    }

    @Test func oneSampleHasNoDeviationAndSizesWithoutSamplesNoEstimate() {
        let report = Self.report([Self.splits[0]], sizes: [10, 20])
        #expect(
            report.estimates.map(\.deviation) == [0, 0] && report.estimates.map(\.size) == [10, 10])
        #expect(report.different[0].cells.map(\.size) == [10, 20, 10, 20])
        #expect(report.different[0].cells.map(\.samples) == [1, 0, 1, 0])
    }

    @Test func timeAddsUpAndResultsComeBackAsTheyWere() throws {
        var result = Self.splits[0]
        result.spend("ks", 0.5, samples: 1)
        result.spend("ks", 1.5, samples: 3)
        #expect(result.seconds["ks"]?.seconds == 2 && result.seconds["ks"]?.samples == 4)
        let text = try Tree(encoding: result).text(pretty: false)
        let back = try JSONDecoder().decode(ShiftSplitResult.self, from: Data(text.utf8))
        #expect(back.truth == result.truth && back.samples.map(\.p) == result.samples.map(\.p))
        #expect(back.samples.map(\.drop) == result.samples.map(\.drop) && back.fitSeconds == 2)
        #expect(Self.report([back, Self.splits[1]]).different[1].seconds == 0.5)
    }

    @Test func damagesAreStepsOfAShiftThatGrowsAndHospitalsAreNone() {
        var (images, section) = (ShiftStudyData.Images(), ShiftStudyConfig.Section())
        (images.corruptions, images.severities) = ([.blur], [0.1, 1])
        #expect(Self.report().severities == nil)
        section.data = .images(images)
        let report = ShiftStudyTable(section, splits: Self.splits).report(name: "n", question: "q", seconds: 7)
        #expect(
            report.severities == [
                .init(place: "blur 0.1", line: "blur", amount: 0.1), .init(place: "blur 1", line: "blur", amount: 1),
            ])
    }

    /// Alarms at a row before the turn are early, at the first row after it have a delay of 1, and later or never.
    @Test func delaysAreCountedFromTheTurn() throws {
        #expect(Self.report().streams == nil && Self.report().batch == nil)
        let splits = [50, 51, nil, 70].map { alarm in
            var split = Self.splits[0]
            split.streams = [.init(place: "a", before: 50, after: 40, alarm: alarm)]
            return split
        }
        let report = Self.report(splits)
        #expect(report.streams == [.init(place: "a", streams: 4, early: 1, rows: 40, delays: [1, 20])])
        #expect(report.batch == 10)
        let streams = try #require(report.streams?.first)
        #expect(streams.delay(of: 0.5) == 20 && streams.delay(of: 0.3) == 1 && streams.delay(of: 0.9) == nil)
    }

    @Test func aStudyHasNoArms() throws {
        let folder = try ScratchFolder()
        try folder.put("config.yaml", "shift:\n  splits: 1\ngrid:\n  shift.alpha: [0.05, 0.1]\n")
        let request = Experiment.Request(experiment: folder.file("config.yaml").path)
        let error = try requireDataError { _ = try ShiftStudy(request, reporter: SilentProgress()) }
        #expect(error.found == "a study of shift detection has no arms" && error.hint.contains("grid:"))
    }
}
