import Basics
import Evaluation

/// The histograms of a zoo's recorded accuracies.
struct PopulationCharts {
    let picture: PopulationPicture

    /// Every recorded accuracy over all networks, one below the other on one axis; nil without numbers.
    func accuracies() -> String? {
        Self.picture(
            picture.accuracies.map { Part(name: $0.name, look: Self.look(of: $0.measured), values: $0.values) },
            title: "accuracy", summary: "Histograms of recorded accuracies")
    }

    /// The test accuracy (or, where there is none, the validation accuracy) by the split of the networks; nil where
    /// there are not two splits.
    func bySplit() -> (title: String, picture: String?)? {
        guard let divided = picture.bySplit else { return nil }
        let parts: [Part] = [
            Part(name: "training networks", look: .zoo, values: divided.training),
            Part(name: "validation networks", look: .average, values: divided.validation),
            Part(name: "fresh networks", look: .fresh, values: divided.fresh),
        ].filter { !$0.values.isEmpty }
        guard parts.count >= 2 else { return nil }
        return (
            divided.name.prefix(1).uppercased() + divided.name.dropFirst(),
            Self.picture(parts, title: divided.name, summary: "Histograms of \(divided.name) by split")
        )
    }

    private struct Part {
        let name: String
        let look: SeriesStyle.Family
        let values: [Double]
    }

    private static func look(of rows: PopulationPicture.Rows?) -> SeriesStyle.Family {
        switch rows {
        case .training: .zoo
        case .validation: .average
        case .test: .generated
        case nil: .other
        }
    }

    private static func picture(
        _ parts: [Part], title: String, summary: String
    ) -> String? {
        guard !parts.isEmpty else { return nil }
        let axis = Axis(
            title: "\(title) (the scale widens towards 100 %)", scale: .accuracyShare,
            covering: parts.flatMap(\.values), margin: 0.05, limits: 0...1, label: .percent)
        let ridges = parts.map { part in
            RidgePlot.Ridge(
                name: part.name, style: SeriesStyle(family: part.look), values: part.values,
                note: NumberText.percent(SampleStatistics(part.values)) + " %")
        }
        return RidgePlot(ridges: ridges, axis: axis).picture(summary: summary)
    }
}

/// The magnitudes of a population's weights, one row a slot: whiskers from 5 to 95 %, a bar from 25 to 75 %, a line at
/// the median and a mark at the largest.
struct SlotChart {
    /// One slot.
    struct Row {
        let name: String
        /// |w| at 5, 25, 50, 75 and 95 % of the elements.
        let quantiles: [Double]
        let largest: Double
        let note: String
    }

    let rows: [Row]
    var width = 1080.0
    var rowHeight = 24.0
    var nameWidth = 230.0
    var noteWidth = 170.0

    private var frame: Box {
        Box(
            x: nameWidth, y: 8, width: width - nameWidth - noteWidth,
            height: rowHeight * Double(max(1, rows.count)))
    }

    private var axis: Axis {
        Axis(
            title: "magnitude of a weight", scale: .logarithmic,
            covering: rows.flatMap { $0.quantiles + [$0.largest] }, margin: 0.02)
    }

    /// The finished picture, or nil without a slot that has numbers.
    func picture() -> String? {
        guard rows.contains(where: { $0.quantiles.count == 5 && $0.largest > 0 }) else { return nil }
        let axis = axis
        var content = grid(axis)
        for (index, row) in rows.enumerated() { content += drawn(row, at: index, on: axis) }
        content += SVG.text(
            axis.title, at: Point(x: frame.x + frame.width / 2, y: frame.bottom + 38), styleClass: "axis-title",
            anchor: "middle")
        return SVG.picture(
            width: width, height: frame.bottom + 48, summary: "Magnitudes of weights in \(rows.count) slots",
            content: content)
    }

    /// Where a magnitude lies; zero, which a logarithm has no place for, at the left edge.
    private func place(_ value: Double, _ axis: Axis) -> Double {
        let share = axis.place(value)
        return frame.x + (share.isFinite ? min(max(share, 0), 1) : 0) * frame.width
    }

    private func grid(_ axis: Axis) -> String {
        axis.ticks(gap: min(0.5, 58 / frame.width)).map { tick in
            let x = place(tick.value, axis)
            return SVG.line(from: Point(x: x, y: frame.y), to: Point(x: x, y: frame.bottom), styleClass: "grid")
                + SVG.text(tick.label, at: Point(x: x, y: frame.bottom + 17), styleClass: "tick", anchor: "middle")
        }.joined()
    }

    private func drawn(_ row: Row, at index: Int, on axis: Axis) -> String {
        let middle = frame.y + (Double(index) + 0.5) * rowHeight
        var content = SVG.text(
            shortened(row.name), at: Point(x: frame.x - 12, y: middle + 4), styleClass: "label s-zoo", anchor: "end")
        content += SVG.text(row.note, at: Point(x: frame.right + 12, y: middle + 4), styleClass: "tick")
        guard row.quantiles.count == 5 else { return content }
        let x = row.quantiles.map { place($0, axis) }
        content += SVG.line(
            from: Point(x: x[0], y: middle), to: Point(x: x[4], y: middle), styleClass: "whisker s-zoo")
        content += SVG.rectangle(
            Box(x: x[1], y: middle - 6, width: max(1, x[3] - x[1]), height: 12), styleClass: "bars s-zoo", radius: 2)
        content += SVG.line(
            from: Point(x: x[2], y: middle - 8), to: Point(x: x[2], y: middle + 8), styleClass: "mean")
        let mark = Marker.path(.circle, at: Point(x: place(row.largest, axis), y: middle), radius: 3)
        return content + SVG.element("path", [("class", "mark s-generated"), ("d", mark)])
    }

    /// A long name without its middle: its beginning and its end say which slot it is.
    func shortened(_ name: String) -> String {
        var (head, tail) = (name.prefix(name.count / 2), name.dropFirst(name.count / 2))
        var text = name
        while TextWidth.of(text, size: 12) > nameWidth - 16, tail.count > 2 {
            if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
            text = head + "…" + tail
        }
        return text
    }
}
