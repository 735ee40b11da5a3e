import Evaluation

/// Histograms one below the other on a shared axis: a name at the left, bars, a note at the right; on a telephone's
/// width name and note stand above the bars.
struct RidgePlot {
    /// One histogram.
    struct Ridge {
        let name: String
        let style: SeriesStyle
        let values: [Double]
        let note: String
    }

    let ridges: [Ridge]
    let axis: Axis
    var rowHeight = 46.0
    var room = Room.page
    /// Number of bins; nil: as many as the room is wide enough for.
    var bins: Int?

    private var rows: RowFrame {
        RowFrame(room, height: rowHeight, names: ridges.map(\.name), notes: ridges.map(\.note))
    }
    var frame: Box { rows.frame }

    /// The finished picture.
    func picture(summary: String) -> String {
        var content = grid()
        for (index, ridge) in ridges.enumerated() {
            content += row(ridge, at: index)
        }
        return rows.picture(axis, content, summary: summary)
    }

    private func place(_ value: Double) -> Double {
        frame.x + min(max(axis.place(value), 0), 1) * frame.width
    }

    private func grid() -> String {
        var lines = ""
        for tick in axis.ticks(gap: min(0.5, 54 / frame.width)) {
            let x = place(tick.value)
            lines += SVG.line(
                from: Point(x: x, y: frame.y), to: Point(x: x, y: frame.bottom), styleClass: "grid")
            lines += SVG.text(
                tick.label, at: Point(x: room.middle(of: tick.label, at: x), y: frame.bottom + 17), styleClass: "tick",
                anchor: "middle")
        }
        return lines
    }

    private func row(_ ridge: Ridge, at index: Int) -> String {
        let style = ridge.style, rows = rows, bins = bins ?? (room == .page ? 90 : 50)
        let top = rows.top(of: index), base = top + rowHeight - 6
        let histogram = Histogram(ridge.values, axis: axis, bins: bins)
        var content = SVG.line(
            from: Point(x: frame.x, y: base), to: Point(x: frame.right, y: base), styleClass: "base")
        content += rows.labels(ridge.name, ridge.note, at: index, baseline: base - 8, styleClass: style.colourClass)
        guard histogram.tallest > 0 else {
            return content
                + SVG.text(
                    "not available", at: Point(x: frame.x + 8, y: base - 8), styleClass: "tick")
        }
        let step = frame.width / Double(bins)
        var bars = ""
        for (bin, count) in histogram.counts.enumerated() where count > 0 {
            let height = max(1.5, Double(count) / Double(histogram.tallest) * (rowHeight - 14))
            let left = frame.x + Double(bin) * step
            bars +=
                "M\(SVG.number(left)) \(SVG.number(base))v\(SVG.number(-height))h\(SVG.number(step - 0.7))"
                + "v\(SVG.number(height))z"
        }
        content += SVG.element("path", [("class", "bars \(style.colourClass)"), ("d", bars)])
        return content + mean(of: ridge.values, top: top, base: base)
    }

    /// A thin line at the mean.
    private func mean(of values: [Double], top: Double, base: Double) -> String {
        let mean = SampleStatistics(values).mean
        guard axis.place(mean).isFinite else { return "" }
        let x = place(mean)
        return SVG.line(from: Point(x: x, y: top + 4), to: Point(x: x, y: base + 3), styleClass: "mean")
    }
}

/// Counts of numbers in bins of equal length on an axis' scale.
struct Histogram: Sendable, Equatable {
    /// The number of values in each bin, from low to high.
    let counts: [Int]
    /// How many values could not be counted (not finite).
    let skipped: Int

    /// Counts `values`; those beyond the axis go into the first or last bin, so that the counts add up.
    init(_ values: [Double], axis: Axis, bins: Int) {
        precondition(bins > 0, "a histogram needs at least one bin, found \(bins)")
        var counts = [Int](repeating: 0, count: bins)
        var skipped = 0
        for value in values {
            let place = axis.place(value)
            guard place.isFinite else {
                skipped += 1
                continue
            }
            counts[min(bins - 1, max(0, Int(min(max(place, 0), 1) * Double(bins))))] += 1
        }
        self.counts = counts
        self.skipped = skipped
    }

    /// The tallest count.
    var tallest: Int { counts.max() ?? 0 }
}
