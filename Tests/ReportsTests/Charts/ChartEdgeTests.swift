import Evaluation
import EvaluationTestSupport
import ReportTestSupport
import Testing

@testable import Reports

@Suite("Charts of little or odd data")
struct ChartEdgeTests {
    private static func arm(_ name: String, _ factors: [(String, String)], _ accuracies: [Double], ratio: Double? = 1)
        -> ArmFigures
    {
        let rows = accuracies.enumerated().map { seed, accuracy in
            EvaluationRow(
                arm: name, seed: UInt64(seed), .generated, count: 3,
                testAccuracy: SampleStatistics(
                    mean: accuracy,
                    sd: 0),
                novelty: ratio.map { Novelty(weightDistance: SampleStatistics(mean: $0, sd: 0, median: $0)) })
        }
        let verdict = Verdict(judging: rows, chance: 0.1)
        return ArmFigures(
            ReportInput.Arm(name: name, factors: factors.map { .init($0.0, $0.1) }),
            summary: Summary(rows: rows, verdict: verdict))
    }

    private static let tables: [([[String]], String?)] = [
        ([["1", "a"], ["2", "b"]], "h"), ([["1", "5"], ["1", "6"]], "k"), ([["x", "5"], ["1", "6"]], "k"),
        ([["1", "5"], ["1", "5"]], nil), ([["nan", "inf"], ["1", "2"]], nil),
        (
            [["1", "5"], ["2", "6"], ["2", "7"]],
            "k"
        ),
        ([["1", "5"], ["2", "6"]], "h"),
    ]

    @Test("Only a factor that is a number in every arm, with two values at least, is an axis", arguments: tables)
    func factors(_ values: [[String]], _ expected: String?) {
        let arms = values.enumerated().map { Self.arm("\($0)", [("h", $1[0]), ("k", $1[1])], [0.5]) }
        #expect(FactorChart(arms: arms)?.factor == expected)
    }

    @Test("Arms without a finite accuracy are left out of lines; none with one is no chart")
    func factorGaps() throws {
        let arms = [("8", 0.5), ("4", .nan), ("2", 0.25)].map { Self.arm("h\($0.0)", [("h", $0.0)], [$0.1]) }
        let chart = try #require(FactorChart(arms: arms))
        #expect(chart.series.count == 1 && chart.series[0].name.isEmpty && chart.series[0].points.map(\.x) == [2, 8])
        let picture = chart.picture()
        #expect(ReportFixture.isWellFormed(picture) && !picture.contains("whisker"), "one seed has no deviation")
        #expect(picture.contains(">8</text>") && picture.contains(">2</text>"))
        #expect(FactorChart(arms: arms.map { Self.arm($0.name, [("h", "1")], [.nan]) }) == nil)
    }

    @Test("Whiskers are drawn where seeds differ, and end within 0 and 1")
    func whiskers() throws {
        let arms = [
            Self.arm("a", [("h", "1")], [0.99, 0.4]), Self.arm("b", [("h", "2")], [0.3, 0.3]),
            Self.arm(
                "c",
                [
                    (
                        "h",
                        "3"
                    )
                ], [0.01, 0.5]),
        ]
        let picture = try #require(FactorChart(arms: arms)).picture()
        #expect(picture.components(separatedBy: "class=\"whisker").count - 1 == 2)
        #expect(picture.contains("69.50 ± 41.72 %"))
        #expect(!picture.contains(">zoo "), "no zoo accuracy is known")
    }

    @Test("Arms without a ratio or an accuracy have no mark; the others keep their own look")
    func armMarks() throws {
        let arms = [
            Self.arm("lost", [], [0.5], ratio: nil), Self.arm("broken", [], [.nan]),
            Self.arm(
                "kept", [], [0.5, 0.7],
                ratio: 0.4),
        ]
        let picture = try #require(ArmsNoveltyChart(arms: arms, background: []).picture())
        #expect(picture.contains("kept: 60.00 ± 14.14 % at 0.40") && picture.contains("over 2 seeds"))
        #expect(!picture.contains("lost") && !picture.contains("broken") && ReportFixture.isWellFormed(picture))
        #expect(ArmsNoveltyChart(arms: Array(arms.prefix(2)), background: []).picture() == nil)
    }

    @Test("A loss of one step or one value is drawn; smoothing is between the least and the greatest")
    func losses() throws {
        var loss = ReportInput.LossCurve()
        (loss.validationSteps, loss.validation) = ([5, 5, 5], [0.1, 10, 1])
        let picture = try #require(LossChart(loss: loss).picture())
        #expect(
            ReportFixture.isWellFormed(picture)
                && LossChart(loss: loss).legend().map(\.name)
                    == ["validation networks"]
        )
        let rough = (0..<300).map { (x: Double($0), y: 1 + 0.9 * ReportFixture.wave($0, 0.1)) }
        let smooth = LossChart.smoothed(rough)
        #expect(smooth.map(\.x) == rough.map(\.x) && smooth.allSatisfy { (0.1...1.9).contains($0.y) })
        let scaled = LossChart.smoothed(rough.map { ($0.x, 100 * $0.y) })
        #expect(zip(smooth, scaled).allSatisfy { abs($1.y / $0.y - 100) < 1e-9 }, "the unit does not matter")
        #expect(LossChart(loss: .init()).picture() == nil && LossChart(loss: .init()).legend().isEmpty)
    }

    @Test("Axes of the scatter say their share of the variance where it is known")
    func scatterTitles() throws {
        let group = ReportInput.Scatter.Group(.zoo, x: [0, 1, 2], y: [0, 3])
        let picture = try #require(ScatterChart(scatter: .init(explained: [0.4321, .nan], groups: [group])).picture())
        #expect(picture.contains("component 1 (43.2 % of the variance)") && picture.contains(">component 2</text>"))
        #expect(picture.components(separatedBy: "a5.5 5.5").count - 1 == 4, "a ring of two arcs for each pair")
        #expect(ScatterChart(scatter: .init()).picture() == nil)
        #expect(ScatterChart(scatter: .init(groups: [.init(.zoo, x: [.nan], y: [1])])).picture() == nil)
    }

    @Test("The target is shaded from the zoo's accuracy less the loss that is allowed, where both are in the picture")
    func zones() {
        func plot(_ zoo: EvaluationRow?, distances: [Double] = [1]) -> String {
            var plot = NoveltyChart.plot(distances: distances, accuracies: [0.2, 0.9], .page)
            NoveltyChart.addZones(to: &plot, reference: zoo, limits: VerdictLimits())
            return plot.marks.joined()
        }
        #expect(plot(TestRows.row("zoo", 0.8, at: 1)).contains("zone-target"))
        #expect(
            !plot(nil).contains("zone-target") && plot(nil).contains("zone-copies")
                && plot(nil).contains("zone-near"))
        #expect(!plot(TestRows.row("zoo", .nan, at: 1)).contains("zone-target"))
    }
}
