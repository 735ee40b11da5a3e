import Evaluation
import ReportTestSupport
import Testing

@testable import Reports

struct ReportChartTests {
    @Test("the novelty chart names what it shows: zones, populations, noise")
    func novelty() throws {
        let (_, rows) = ReportFixture.run(accuracy: 0.961, ratio: 0.02)
        let chart = NoveltyChart(rows: rows)
        let picture = try #require(chart.picture())
        for name in ["copies", "near-copies", "target: good and new", "generated", "zoo", "fresh", "noise 0.01"] {
            #expect(picture.contains(">\(name)</text>"), "\(name)")
        }
        #expect(picture.contains("zone-target") && picture.contains("zone-copies"))
        #expect(chart.legend().map(\.family) == [.zoo, .fresh, .generated, .noise, .average, .gaussian, .nearest])
    }

    @Test("rows without single networks are enough, and neither is nothing")
    func rowsOnly() {
        let unknown = SampleStatistics([])
        let (_, rows) = ReportFixture.run(accuracy: 0.961, ratio: 0.02)
        #expect(NoveltyChart(rows: rows.map(\.withoutPoints)).picture() != nil)
        let pointsOnly = rows.map { EvaluationRow($0.population, count: 40, testAccuracy: unknown, points: $0.points) }
        #expect(NoveltyChart(rows: pointsOnly).picture() != nil)
        #expect(NoveltyChart(rows: pointsOnly.map(\.withoutPoints)).picture() == nil)
        #expect(NoveltyChart(rows: []).picture() == nil)
    }

    @Test("smoothing keeps a constant, follows a fall, and starts at the first value")
    func smoothing() {
        let flat = LossChart.smoothed((0..<100).map { (Double($0), 0.25) })
        #expect(flat.allSatisfy { abs($0.y - 0.25) < 1e-12 })
        let falling = LossChart.smoothed((0..<5000).map { (Double($0), 1 / (1 + Double($0))) })
        #expect(abs(falling[0].y - 1) < 1e-12)
        #expect(zip(falling, falling.dropFirst()).allSatisfy { $1.y < $0.y })
        #expect(LossChart.smoothed([]).isEmpty)
    }

    @Test("a loss without a positive number is not drawn; its lists may differ in length")
    func loss() {
        var loss = ReportInput.LossCurve()
        loss.steps = [1, 2, 3]
        loss.training = [0, -1, .nan]
        #expect(LossChart(loss: loss).picture() == nil)
        loss.training = [1]
        #expect(LossChart(loss: loss).picture() != nil)
        #expect(LossChart(loss: loss).legend().count == 2)
    }

    @Test("a validation loss that rises is learning by heart only where the training loss falls")
    func validationRise() throws {
        var loss = ReportInput.LossCurve()
        (loss.validationSteps, loss.validation) = ([9, 19, 29], [2, 1, 1.5])
        #expect(loss.validationRise == nil, "no training loss is known")
        (loss.steps, loss.training) = (Array(stride(from: 0, to: 30, by: 1)), (0..<30).map { 3 / (1 + Double($0)) })
        let rise = try #require(loss.validationRise)
        #expect(rise.contains("least at step 20") && rise.contains("by heart"))
        loss.training.reverse()
        #expect(loss.validationRise == nil)
        loss.training.reverse()
        loss.validation = [2, 1, 1.05]
        #expect(loss.validationRise == nil)
    }

    @Test("a unit is equally long on both axes of the scatter", arguments: [(0.0...10, 0.0...1), (0...1, 0...10)])
    func equalUnits(across: ClosedRange<Double>, upward: ClosedRange<Double>) {
        let (x, y) = ScatterChart.matched(
            Axis(title: "", range: across), Axis(title: "", range: upward), shape: 1.5)
        let width = x.range.upperBound - x.range.lowerBound
        let height = y.range.upperBound - y.range.lowerBound
        #expect(abs(width / height - 1.5) < 1e-12)
        #expect(x.range.contains(across.lowerBound) && x.range.contains(across.upperBound))
        #expect(y.range.contains(upward.lowerBound) && y.range.contains(upward.upperBound))
    }

    @Test("arms are averaged over their seeds")
    func arms() {
        let input = ReportFixture.many()
        let figures = input.arms.map { ArmFigures($0, summary: input.summary) }
        #expect(figures.allSatisfy { $0.accuracies.count == 2 && $0.ratios.count == 2 && $0.verdicts.count == 2 })
        let expected = input.summary.rows.filter { $0.arm == "h512-yes" && $0.population == .generated }
        let mean = (expected[0].testAccuracy.mean + expected[1].testAccuracy.mean) / 2
        #expect(abs(figures[0].accuracy.mean - mean) < 1e-12)
        #expect(abs(figures[0].accuracy.sd - 0.001 / 2.0.squareRoot()) < 1e-9)
    }

    @Test("the factor with the most numbers is the axis, the others make lines")
    func factors() throws {
        let input = ReportFixture.many()
        let figures = input.arms.map { ArmFigures($0, summary: input.summary) }
        let chart = try #require(FactorChart(arms: figures))
        #expect(chart.factor == "h")
        #expect(chart.series.map(\.name) == ["align yes", "align no"])
        #expect(chart.series[0].points.map(\.x) == [16, 32, 64, 128, 256, 512])
        #expect(FactorChart(arms: Array(figures.prefix(2))) == nil)
        #expect(FactorChart(arms: []) == nil)
        let picture = chart.picture()
        for tick in ["16", "64", "512"] { #expect(picture.contains(">\(tick)</text>")) }
    }

    @Test("a line is named where it is farthest from the others")
    func clearest() throws {
        let lines = [
            FactorChart.Series(name: "a", points: [1.0, 2, 3].map { ($0, SampleStatistics(mean: 0.5, sd: 0)) }),
            FactorChart.Series(
                name: "b", points: [(1, 0.5), (2, 0.9), (3, 0.6)].map { ($0.0, SampleStatistics(mean: $0.1, sd: 0)) }),
        ]
        #expect(try #require(FactorChart.clearest(lines[0], among: lines)).x == 2)
        #expect(try #require(FactorChart.clearest(lines[0], among: [lines[0]])).x == 3)
    }

    @Test("all arms in one picture, each with its name, before the first run's baselines")
    func armsPicture() throws {
        let input = ReportFixture.many()
        let figures = input.arms.map { ArmFigures($0, summary: input.summary) }
        let rows = input.summary.rows(arm: "h512-yes", seed: 1)
        let picture = try #require(ArmsNoveltyChart(arms: figures, background: rows).picture())
        #expect(picture.contains(">h512-yes</text>"))
        #expect(picture.contains("h16-no: "))
        #expect(ArmsNoveltyChart(arms: [], background: rows).picture() == nil)
    }

    @Test("long names are shortened, empty rows say so")
    func ridges() {
        let plot = RidgePlot(
            ridges: [
                .init(
                    name: String(repeating: "very long ", count: 9), style: SeriesStyle(.zoo), values: [0.5], note: ""),
                .init(name: "none", style: SeriesStyle(.fresh), values: [], note: ""),
            ], axis: Axis(title: "", range: 0...1))
        let picture = plot.picture(summary: "")
        #expect(picture.contains("…</text>") && picture.contains("not available"))
        #expect(ReportFixture.isWellFormed(picture))
    }

    @Test("the longest name of a baseline stands in full at every width", arguments: Room.allCases)
    func names(_ room: Room) {
        let ridges = ["nearest zoo network + noise 0.1", "zoo"].map {
            RidgePlot.Ridge(name: $0, style: SeriesStyle(.zoo), values: [0.5], note: "89.45 ± 4.26 %")
        }
        let picture = RidgePlot(ridges: ridges, axis: Axis(title: "", range: 0...1), room: room).picture(summary: "")
        #expect(picture.contains("nearest zoo network + noise 0.1</text>"))
    }

    @Test("generating pays once what it saves exceeds what it needed")
    func budget() {
        var budget = ReportInput.Budget()
        #expect(budget.breakEven == nil)
        #expect(CostFacts.breakEven(budget) == "not available")
        budget.zooTraining = 75
        budget.alignment = 5
        budget.generator = 120
        budget.sampling = 25
        budget.sampleCount = 100
        budget.freshNetwork = 0.75
        #expect(budget.fixed == 200)
        #expect(budget.oneSample == 0.25)
        #expect(budget.breakEven == 400)
        #expect(CostFacts.breakEven(budget) == "400 networks")
        budget.freshNetwork = 0.25
        #expect(budget.breakEven == .infinity)
        #expect(CostFacts.breakEven(budget).hasPrefix("never"))
        budget.sampleCount = 0
        #expect(budget.breakEven == nil)
        #expect(CostFacts.budget(nil).isEmpty && CostFacts.budget(budget).last?.value == "not available")
    }

    @Test("alignment facts are given as far as they are known")
    func alignment() {
        #expect(CostFacts.alignment(nil).isEmpty)
        var alignment = ReportInput.Alignment(method: "weight matching")
        #expect(CostFacts.alignment(alignment).count == 1)
        alignment.reference = 3
        alignment.sweeps = 7
        alignment.distanceBefore = 27.31
        alignment.distanceAfter = 18.92
        alignment.largestLogitDifference = 2.86e-6
        let facts = CostFacts.alignment(alignment)
        #expect(facts.map(\.value) == ["weight matching", "network 3", "7", "27.3 → 18.9", "2.9×10⁻⁶"])
    }
}
