import Evaluation
import EvaluationTestSupport
import ReportTestSupport
import Testing

@testable import Reports

@Suite("The frontier of accuracy against distance")
struct FrontierChartTests {
    private static func row(
        _ what: String, _ accuracy: Double, at ratio: Double, finished: (Double, Double)? = nil
    ) -> EvaluationRow {
        var row = TestRows.row(what, accuracy, at: ratio)
        row.finished = finished.map { accuracy, ratio in
            FinishedMeasures(
                finish: "logits", testAccuracy: SampleStatistics(mean: accuracy, sd: 0.01),
                novelty: Novelty(weightDistance: SampleStatistics(mean: ratio, sd: 0.1, median: ratio)), rowPasses: 3)
        }
        return row
    }

    private static let plain = [
        row("zoo", 0.96, at: 1), row("generated", 0.93, at: 0.99), row("noise-0.01", 0.95, at: 0.1),
        row("noise-0.1", 0.8, at: 0.5), row("average-2", 0.9, at: 0.6), row("gaussian-full", 0.7, at: 0.9),
        row("gaussian-diagonal", 0.6, at: 0.9), row("nearest-zoo", 0.96, at: 0),
    ]

    @Test("rivals that none passes in both, nearest first: no copies, no generated networks, none that is dominated")
    func frontier() {
        let frontier = FrontierChart(rows: Self.plain).frontier
        #expect(frontier.map(\.population.what) == ["noise-0.01", "average-2", "gaussian-full"])
        #expect(
            zip(frontier, frontier.dropFirst()).allSatisfy { $0.distance < $1.distance && $0.accuracy > $1.accuracy })
        #expect(FrontierChart(rows: [Self.plain[1]]).frontier.isEmpty)
    }

    @Test("with a finish the frontier is of finished rivals, and every row stands in the picture twice")
    func finished() throws {
        let rows = Self.plain.map { row in
            row.population == .zoo
                ? row
                : Self.row(
                    row.population.what, row.testAccuracy.mean, at: row.decidingRatio ?? 0,
                    finished: (row.testAccuracy.mean + 0.01, (row.decidingRatio ?? 0) + 0.05))
        }
        let chart = FrontierChart(rows: rows)
        #expect(chart.frontier.allSatisfy(\.isFinished) && chart.frontier.count == 3)
        #expect(chart.places.count == 2 * rows.count - 1)
        let picture = try #require(chart.picture())
        #expect(ReportFixture.isWellFormed(picture))
        for name in ["generated", "average 2", "gaussian full"] {
            #expect(picture.components(separatedBy: ">\(name)</text>").count == 2, "\(name) is named once")
        }
        #expect(picture.contains("generated, finished: 94.00 % at 1.04"), "\(picture)")
        #expect(chart.legend().map(\.name) == ["frontier of the baselines", "plain to finished"])
    }

    @Test("equal rivals stand both on it; rows without a distance or an accuracy are not drawn")
    func degenerate() {
        let twins = [Self.row("noise-0.1", 0.9, at: 0.5), Self.row("average-2", 0.9, at: 0.5)]
        #expect(FrontierChart(rows: twins).frontier.count == 2)
        #expect(FrontierChart(rows: [Self.row("noise-0.1", .nan, at: 0.5)]).picture() == nil)
        #expect(FrontierChart(rows: [TestRows.row("noise-0.1", 0.9, at: nil)]).picture() == nil)
        #expect(FrontierChart(rows: []).picture() == nil && FrontierChart(rows: []).legend().isEmpty)
    }
}
