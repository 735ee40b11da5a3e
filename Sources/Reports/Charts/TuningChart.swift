import Basics
import Evaluation

/// What rises and what falls with the strength of a tuning: one of a row's numbers, of tuned and guided networks, between
/// the lines of what knows no strength.
struct TuningChart {
    let table: TuningTable
    let measure: Measure

    /// What a chart shows.
    enum Measure: CaseIterable {
        case reward, accuracy, novelty, diversity

        /// The axis' title.
        var title: String {
            switch self {
            case .reward: "reward"
            case .accuracy: "test accuracy"
            case .novelty: "novelty, fresh networks' = 1"
            case .diversity: "diversity, the zoo's = 1"
            }
        }

        /// Mean and standard deviation, the second NaN where there is none.
        func value(_ row: TuningRow) -> (mean: Double, sd: Double) {
            switch self {
            case .reward: (row.reward.mean, row.reward.sd)
            case .accuracy: (row.testAccuracy.mean, row.testAccuracy.sd)
            case .novelty: (row.novelty, .nan)
            case .diversity: (row.diversity, .nan)
            }
        }
    }

    private var curves: [(method: TuningRow.Method, rows: [TuningRow])] {
        [TuningRow.Method.tuned, .guidance].map { method in
            (
                method,
                table.rows.filter { $0.method == method && ($0.strength ?? 0) > 0 && measure.value($0).mean.isFinite }
                    .sorted { $0.strength ?? 0 < $1.strength ?? 0 }
            )
        }.filter { !$0.rows.isEmpty }
    }

    private var levels: [TuningRow] {
        table.rows.filter { $0.strength == nil && measure.value($0).mean.isFinite }
    }

    /// The picture; nil where no strength has the number.
    func picture(_ room: Room = .column) -> String? {
        let curves = curves
        let strengths = curves.flatMap { $0.rows.compactMap(\.strength) }
        guard !strengths.isEmpty else { return nil }
        let heights = (curves.flatMap(\.rows) + levels).map { measure.value($0).mean }
        var plot = Plot(
            room, height: 300,
            x: Axis(title: "strength", scale: .logarithmic, covering: strengths, margin: 0.15).marked(at: strengths),
            y: Axis(
                title: measure.title, covering: heights, margin: 0.15,
                label: measure == .accuracy ? .percent : .plain))
        for row in levels {
            let height = measure.value(row).mean, style = Self.style(row.method)
            plot.addLine(
                [(plot.x.range.lowerBound, height), (plot.x.range.upperBound, height)],
                styleClass: "path \(style.colourClass)")
            plot.addLabel(row.method.label(row.number), at: plot.x.inset(0.03), height, style: style)
        }
        for curve in curves {
            let style = Self.style(curve.method)
            plot.addLine(
                curve.rows.map { ($0.strength ?? 0, measure.value($0).mean) }, styleClass: "line \(style.colourClass)")
            for row in curve.rows {
                plot.addMarker(
                    at: row.strength ?? 0, measure.value(row).mean, style: style, radius: 5,
                    title: "\(row.method.label(row.number)), strength \(NumberText.significant(row.strength))")
            }
        }
        return plot.picture(summary: "\(measure.title) by the strength of the tuning")
    }

    /// The curves by their colours.
    func legend() -> [(styleClass: String, name: String)] {
        curves.map { ("line \(Self.style($0.method).colourClass)", $0.method.label(nil)) }
    }

    private static func style(_ method: TuningRow.Method) -> SeriesStyle {
        switch method {
        case .base: SeriesStyle(.zoo)
        case .tuned: SeriesStyle(.generated)
        case .guidance: SeriesStyle(line: 1)
        case .bestOf: SeriesStyle(.fresh)
        case .ascent: SeriesStyle(line: 2)
        }
    }
}
