import Basics
import Evaluation

/// Accuracy against novelty with one marker an arm (the mean over its seeds), before the first run's baselines.
struct ArmsNoveltyChart {
    let arms: [ArmFigures]
    let background: [EvaluationRow]
    var limits = VerdictLimits()

    /// The picture, or nil without an arm to draw.
    func picture(_ room: Room = .page) -> String? {
        let drawn = arms.enumerated().filter { $0.element.accuracy.mean.isFinite && $0.element.ratio.mean.isFinite }
        guard !drawn.isEmpty else { return nil }
        let rows = background.filter { row in
            row.population != .generated && row.testAccuracy.mean.isFinite
                && row.decidingRatio != nil
        }
        var plot = NoveltyChart.plot(
            distances: drawn.map(\.element.ratio.mean) + rows.compactMap { $0.decidingRatio },
            accuracies: drawn.map(\.element.accuracy.mean) + rows.map(\.testAccuracy.mean), room)
        NoveltyChart.addZones(to: &plot, reference: rows.first { $0.population == .zoo }, limits: limits)
        let noise = rows.filter { SeriesStyle($0.population).family == .noise }
        plot.addLine(
            noise.map { ($0.decidingRatio ?? .nan, $0.testAccuracy.mean) }, styleClass: "path s-noise")
        for row in rows {
            plot.addMarker(
                at: row.decidingRatio ?? .nan, row.testAccuracy.mean, style: SeriesStyle(row.population),
                radius: SeriesStyle(row.population).isMain ? 7 : 4, title: NoveltyChart.tooltip(row))
        }
        for (index, arm) in drawn { add(arm, index: index, to: &plot) }
        for (index, arm) in drawn {
            plot.addLabel(
                arm.name, at: arm.ratio.mean, arm.accuracy.mean, style: SeriesStyle(arm: index), strong: true)
        }
        for row in rows {
            plot.addLabel(
                row.population.what.replacing("-", with: " "), at: row.decidingRatio ?? .nan, row.testAccuracy.mean,
                style: SeriesStyle(row.population), strong: SeriesStyle(row.population).isMain)
        }
        return plot.picture(summary: "Test accuracy against novelty, one marker an arm")
    }

    private func add(_ arm: ArmFigures, index: Int, to plot: inout Plot) {
        let style = SeriesStyle(arm: index)
        if arm.accuracy.sd.isFinite {
            plot.addWhisker(
                at: arm.ratio.mean, from: max(0, arm.accuracy.mean - arm.accuracy.sd),
                to: min(1, arm.accuracy.mean + arm.accuracy.sd), style: style)
        }
        let title =
            "\(arm.name): \(NumberText.percent(arm.accuracy)) % at \(NumberText.ratio(arm.ratio)) "
            + "(mean ± sd over \(arm.accuracies.count) seeds)"
        plot.addMarker(at: arm.ratio.mean, arm.accuracy.mean, style: style, radius: 6, title: title)
    }
}

/// The numbers of one arm over its seeds.
struct ArmFigures {
    let name: String
    let factors: [ReportInput.Fact]
    /// Mean test accuracy of generated networks, one a seed.
    let accuracies: [Double]
    /// The distance ratio that decides, one a seed.
    let ratios: [Double]
    /// The code RMS ratio, one a seed.
    let codeRatios: [Double]
    /// Mean test accuracy of the zoo, one a seed.
    let zooAccuracies: [Double]
    /// The verdicts that were reached.
    let verdicts: [Verdict]

    /// Gathers the rows of one arm.
    init(_ arm: ReportInput.Arm, summary: Summary) {
        let rows = summary.rows.filter { $0.arm == arm.name }
        let generated = rows.filter { $0.population == .generated }
        name = arm.name
        factors = arm.factors
        accuracies = generated.map(\.testAccuracy.mean)
        ratios = generated.compactMap { $0.decidingRatio }
        codeRatios = generated.compactMap(\.codeRMSRatio)
        zooAccuracies = rows.filter { $0.population == .zoo }.map(\.testAccuracy.mean)
        verdicts = arm.runs.compactMap(\.verdict)
    }

    var accuracy: SampleStatistics { SampleStatistics(accuracies) }
    var ratio: SampleStatistics { SampleStatistics(ratios) }

    /// The value of a factor as a number.
    func number(_ factor: String) -> Double? {
        factors.first { $0.name == factor }.flatMap { Double($0.value) }
    }
}
