import Basics

/// Accuracy against novelty with one marker an arm (the mean over its seeds), before the first run's baselines.
struct ArmsNoveltyChart {
    let arms: [ArmFigures]
    let background: [Summary.Row]
    var limits = Summary.Limits()

    /// The picture, or nil without an arm to draw.
    func picture() -> String? {
        let drawn = arms.enumerated().filter { $0.element.accuracy.mean.isFinite && $0.element.ratio.mean.isFinite }
        guard !drawn.isEmpty else { return nil }
        let rows = background.filter { row in
            row.what != "generated" && row.testAccuracy.mean.isFinite
                && VerdictJudge.ratio(row)?.isFinite ?? false
        }
        var plot = NoveltyChart.plot(
            distances: drawn.map(\.element.ratio.mean) + rows.compactMap { VerdictJudge.ratio($0) },
            accuracies: drawn.map(\.element.accuracy.mean) + rows.map(\.testAccuracy.mean), width: 1080,
            height: 540)
        NoveltyChart.addZones(to: &plot, reference: rows.first { $0.what == "zoo" }, limits: limits)
        let noise = rows.filter { SeriesStyle($0.what).family == .noise }
        plot.addLine(
            noise.map { (VerdictJudge.ratio($0) ?? .nan, $0.testAccuracy.mean) }, styleClass: "path s-noise")
        for row in rows {
            plot.addMarker(
                at: VerdictJudge.ratio(row) ?? .nan, row.testAccuracy.mean, style: SeriesStyle(row.what),
                radius: SeriesStyle(row.what).isMain ? 7 : 4, title: NoveltyChart.tooltip(row))
        }
        for (index, arm) in drawn { add(arm, index: index, to: &plot) }
        for (index, arm) in drawn {
            plot.addLabel(
                arm.name, at: arm.ratio.mean, arm.accuracy.mean, style: SeriesStyle(arm: index), strong: true)
        }
        for row in rows {
            plot.addLabel(
                row.what.replacing("-", with: " "), at: VerdictJudge.ratio(row) ?? .nan, row.testAccuracy.mean,
                style: SeriesStyle(row.what), strong: SeriesStyle(row.what).isMain)
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
        let title = "\(arm.name): \(NumberText.percent(arm.accuracy)) % at \(NumberText.ratio(arm.ratio)) "
            + "(mean ± sd over \(arm.accuracies.count) seeds)"
        plot.addMarker(at: arm.ratio.mean, arm.accuracy.mean, style: style, radius: 6, title: title)
    }
}
