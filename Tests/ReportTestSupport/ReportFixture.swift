import Foundation
import Testing

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
    ) -> (run: ReportInput.Run, rows: [Summary.Row]) {
        let kinds: [(what: String, accuracy: Double, ratio: Double)] = [
            ("zoo", 0.9617, 1), ("fresh", 0.9615, 1), ("generated", accuracy, ratio), ("noise-0.01", 0.9599, 0.085),
            ("noise-0.1", 0.61, 0.85), ("average-2", 0.93, 0.55), ("gaussian-full", 0.73, 0.91),
            ("nearest-zoo", 0.9617, 0),
        ]
        var run = ReportInput.Run(seed: seed)
        run.populations = kinds.enumerated().map { index, kind in
            let accuracies = (0..<40).map { min(1, max(0, kind.accuracy + 0.003 * wave($0, Double(index)))) }
            let distances = (0..<40).map { kind.ratio * (1 + 0.05 * wave($0, Double(index) + 0.5)) }
            return ReportInput.Population(what: kind.what, accuracies: accuracies, distances: distances)
        }
        let rows = run.populations.map { population in
            Summary.Row(
                arm: arm, seed: seed, what: population.what, count: 40,
                testAccuracy: Spread(of: population.accuracies),
                novelty: Summary.Novelty(weightDistance: Spread(of: population.distances), rawDistance: 18),
                codeRMSRatio: 1)
        }
        run.verdict = Summary.Verdict(judging: rows, chance: 0.1)
        run.loss.steps = (0..<2000).map(Double.init)
        run.loss.training = run.loss.steps.map { 0.02 + exp(-$0 / 300) }
        run.loss.heldOutSteps = [0, 1000, 1999]
        run.loss.heldOut = [1, 0.4, 0.3]
        run.scatter = ReportInput.Scatter(
            explained: [0.3, 0.2],
            groups: ["zoo", "fresh", "generated"].enumerated().map { index, what in
                .init(
                    what: what, x: (0..<30).map { wave($0, Double(index)) },
                    y: (0..<30).map { wave($0, Double(index) + 9) })
            })
        run.directions = [
            .init(name: "generated → zoo", what: "generated", distances: run.populations[2].distances, rawMean: 18)
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
        let verdict = Summary.Verdict(judging: rows, chance: 0.1)
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
        var rows: [Summary.Row] = []
        var verdicts: [(name: String, verdict: Summary.Verdict)] = []
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
                    verdicts.append(("\(arm.name), seed \(seed)", Summary.Verdict(judging: made.rows, chance: 0.1)))
                }
                arms.append(arm)
            }
        }
        var input = ReportInput(
            title: "widths", summary: Summary(rows: rows, verdict: Summary.Verdict(over: verdicts)))
        input.arms = arms
        return input
    }

    /// A report in which nothing is finite and names are hostile.
    public static func broken() -> ReportInput {
        let hostile = "<img src=x onerror=\"alert('1')\">&\u{0}"
        let rows = ["zoo", "fresh", "generated", hostile].map { what in
            Summary.Row(
                arm: hostile, seed: 0, what: what, count: 0, testAccuracy: Spread(of: [.nan]),
                novelty: Summary.Novelty(weightDistance: Spread(of: [.infinity])), codeRMSRatio: .nan)
        }
        var run = ReportInput.Run(seed: 0)
        run.populations = [
            .init(what: "zoo", accuracies: [.nan, 0.5, .infinity], distances: [1, .infinity]),
            .init(what: hostile, label: hostile, accuracies: [], distances: [.nan]),
            .init(what: "generated", accuracies: [1e300, -1e300], distances: [1e300, -5]),
        ]
        run.loss.steps = [1, .nan, 3]
        run.loss.training = [.nan, -1, .infinity]
        run.scatter = .init(explained: [.nan], groups: [.init(what: hostile, x: [.nan, 1e308], y: [1, -1e308])])
        run.directions = [.init(name: hostile, what: hostile, distances: [.nan, -1, 1e308])]
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

    /// A row as a verdict reads it.
    public static func row(
        _ what: String, _ accuracy: Double, at ratio: Double?, rms: Double? = nil, own: Double? = nil,
        missed: Double = 1, overlap: Double? = nil, zooToZoo: Double = 1
    ) -> Summary.Row {
        Summary.Row(
            arm: "main", seed: 1, what: what, count: 100, testAccuracy: Spread(mean: accuracy, sd: 0.003),
            novelty: Summary.Novelty(
                weightDistance: ratio.map { Spread(mean: $0 * 3, sd: 0.01, median: $0) }, zooToSample: missed,
                sampleToSample: own, zooToZoo: zooToZoo,
                wrongSetIoU: overlap.map { Summary.WrongSetIoU(mean: $0, maxMean: $0) }),
            codeRMSRatio: rms)
    }
}
