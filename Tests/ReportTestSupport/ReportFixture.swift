import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation
@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reports over made-up numbers that look like real ones.
public enum ReportFixture {
    /// A wave that stands for noise: deterministic and within -1...1.
    public static func wave(_ index: Int, _ phase: Double) -> Double { sin(Double(index) * 12.9898 + phase * 78.233) }

    /// One run whose generated networks reach `accuracy` at `ratio`.
    public static func run(
        arm: String = "main", seed: UInt64 = 1, accuracy: Double, ratio: Double
    ) -> (run: ReportInput.Run, rows: [EvaluationRow]) {
        let kinds: [(what: String, accuracy: Double, ratio: Double)] = [
            ("zoo", 0.9617, 1), ("fresh", 0.9615, 1), ("generated", accuracy, ratio), ("noise-0.01", 0.9599, 0.085),
            ("noise-0.1", 0.61, 0.85), ("average-2", 0.93, 0.55), ("gaussian-full", 0.73, 0.91),
            ("nearest-zoo", 0.9617, 0),
        ]
        var run = ReportInput.Run(seed: seed)
        let rows = kinds.enumerated().map { index, kind in
            let points = (0..<40).map { network in
                NetworkPoint(
                    accuracy: min(1, max(0, kind.accuracy + 0.003 * wave(network, Double(index)))),
                    distance: kind.ratio * (1 + 0.05 * wave(network, Double(index) + 0.5)))
            }
            return EvaluationRow(
                arm: arm, seed: seed, TestRows.kind(kind.what), label: kind.what, count: 40,
                testAccuracy: SampleStatistics(points.map(\.accuracy)),
                novelty: Novelty(
                    weightDistance: SampleStatistics(points.map(\.distance)),
                    contributionDistance: SampleStatistics(points.map(\.distance)),
                    rawDistance: SampleStatistics(mean: 18, sd: .nan),
                    wrongSets: WrongSetOverlap(mean: 0.2, meanOfMax: 0.4),
                    disagreement: Disagreement(mean: 0.06, nearest: 0.015, withNeighbour: 0.03)),
                codeSpread: CodeSpread(rmsRatio: 1), points: points)
        }
        run.populations = rows
        run.verdict = Verdict(judging: rows, chance: 0.1)
        run.loss.steps = (0..<2000).map(Double.init)
        run.loss.training = run.loss.steps.map { 0.02 + exp(-$0 / 300) }
        run.loss.validationSteps = [0, 1000, 1999]
        run.loss.validation = [1, 0.4, 0.3]
        run.scatter = ReportInput.Scatter(
            explained: [0.3, 0.2],
            groups: [PopulationKind.zoo, .fresh, .generated].enumerated().map { index, kind in
                .init(
                    kind, x: (0..<30).map { wave($0, Double(index)) },
                    y: (0..<30).map { wave($0, Double(index) + 9) })
            })
        run.directions = [
            .init(
                name: "generated → zoo", .generated, distances: rows[2].points.map(\.distance), rawMean: 18)
        ]
        run.alignment = ReportInput.Alignment(method: "weight matching")
        run.alignment?.largestLogitDifference = 2.9e-6
        var budget = ReportInput.Budget()
        budget.zooTraining = 75
        budget.generator = 120
        budget.sampling = 2
        budget.sampleCount = 100
        budget.freshNetwork = 0.75
        run.budget = budget
        return (run, rows)
    }

    /// A report over a single run.
    public static func single(accuracy: Double = 0.961, ratio: Double = 0.98) -> ReportInput {
        let (run, rows) = run(accuracy: accuracy, ratio: ratio)
        let verdict = Verdict(judging: rows, chance: 0.1)
        var input = ReportInput(
            title: "quickstart", summary: Summary(rows: rows, verdict: verdict, timing: ["total_seconds": 61]))
        input.arms = [.init(name: "main", runs: [run])]
        input.question = "# Question\nAre they\nnew?\n\nWe doubt it."
        input.configuration = "seed: 1\nname: \"<quick>\"\n"
        input.environment = [.init("Swift", "6.3")]
        return input
    }

    /// A report over 12 arms with two seeds each.
    public static func many() -> ReportInput {
        var arms: [ReportInput.Arm] = []
        var rows: [EvaluationRow] = []
        var verdicts: [(name: String, verdict: Verdict)] = []
        for width in [512, 256, 128, 64, 32, 16] {
            for align in ["yes", "no"] {
                var arm = ReportInput.Arm(
                    name: "h\(width)-\(align)", factors: [.init("h", "\(width)"), .init("align", align)])
                for seed in [UInt64(1), 2] {
                    let accuracy = 0.96 - 0.4 / log2(Double(width)) * (align == "yes" ? 1 : 1.2)
                    let made = run(
                        arm: arm.name, seed: seed, accuracy: accuracy + 0.001 * Double(seed),
                        ratio: 10 / Double(width))
                    arm.runs.append(made.run)
                    rows += made.rows
                    verdicts.append(("\(arm.name), seed \(seed)", Verdict(judging: made.rows, chance: 0.1)))
                }
                arms.append(arm)
            }
        }
        var input = ReportInput(
            title: "widths", summary: Summary(rows: rows, verdict: Verdict(over: verdicts)))
        input.arms = arms
        return input
    }

    /// A report in which nothing is finite and names are hostile.
    public static func broken() -> ReportInput {
        let hostile = "<img src=x onerror=\"alert('1')\">&\u{0}"
        let unknown = SampleStatistics([.nan])
        let points: [[NetworkPoint]] = [
            [.init(accuracy: .nan, distance: 1), .init(accuracy: 0.5, distance: .infinity)],
            [], [.init(accuracy: 1e300, distance: 1e300), .init(accuracy: -1e300, distance: -5)],
            [.init(accuracy: .infinity, distance: .nan)],
        ]
        let kinds: [PopulationKind] = [.zoo, .fresh, .generated, .baseline(.gaussianFull)]
        let rows = zip(kinds, points).map { kind, points in
            EvaluationRow(
                arm: hostile, seed: 0, kind, label: hostile, count: 0, testAccuracy: unknown,
                novelty: Novelty(weightDistance: SampleStatistics([.infinity])), codeSpread: CodeSpread(rmsRatio: .nan),
                points: points)
        }
        var run = ReportInput.Run(seed: 0)
        run.populations = rows
        run.loss.steps = [1, .nan, 3]
        run.loss.training = [.nan, -1, .infinity]
        run.scatter = .init(explained: [.nan], groups: [.init(.fresh, x: [.nan, 1e308], y: [1, -1e308])])
        run.directions = [.init(name: hostile, .generated, distances: [.nan, -1, 1e308])]
        run.budget = .init()
        run.budget?.sampling = .nan
        run.budget?.sampleCount = 0
        run.alignment = .init(method: hostile)
        run.facts = [.init(hostile, hostile)]
        var input = ReportInput(
            title: hostile,
            summary: Summary(rows: rows, verdict: .init(judging: rows, chance: .nan), timing: [hostile: .nan]))
        input.question = hostile
        input.configuration = hostile
        input.arms = [.init(name: hostile, factors: [.init(hostile, hostile)], runs: [run, run])]
        return input
    }

    /// Every top-level SVG picture of a page.
    public static func pictures(_ page: String) -> [String] {
        var pictures: [String] = []
        var rest = page[...]
        while let start = rest.range(of: "<svg"),
            let end = rest.range(of: "</svg>", range: start.lowerBound..<rest.endIndex)
        {
            pictures.append(String(rest[start.lowerBound..<end.upperBound]))
            rest = rest[end.upperBound...]
        }
        return pictures
    }

    /// Whether Foundation's parser finds the text well-formed.
    public static func isWellFormed(_ text: String) -> Bool {
        XMLParser(data: Data(text.utf8)).parse()
    }
}
