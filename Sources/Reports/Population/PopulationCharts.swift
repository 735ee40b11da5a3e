import Basics
import Evaluation

/// The histograms of a zoo's recorded accuracies.
struct PopulationCharts {
    let picture: PopulationPicture

    /// Every recorded accuracy over all networks, one below the other on one axis; nil without numbers.
    func accuracies(_ room: Room = .page) -> String? {
        Self.picture(
            room,
            picture.accuracies.map { Part(name: $0.name, look: Self.look(of: $0.measured), values: $0.values) },
            title: "accuracy", summary: "Histograms of recorded accuracies")
    }

    /// The test accuracy (or, where there is none, the validation accuracy) by the split of the networks; nil where
    /// there are not two splits.
    func bySplit() -> (title: String, picture: (Room) -> String?)? {
        guard let divided = picture.bySplit else { return nil }
        let parts: [Part] = [
            Part(name: "training networks", look: .zoo, values: divided.training),
            Part(name: "validation networks", look: .average, values: divided.validation),
            Part(name: "fresh networks", look: .fresh, values: divided.fresh),
        ].filter { !$0.values.isEmpty }
        guard parts.count >= 2 else { return nil }
        return (
            divided.name.prefix(1).uppercased() + divided.name.dropFirst(),
            { Self.picture($0, parts, title: divided.name, summary: "Histograms of \(divided.name) by split") }
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
        _ room: Room, _ parts: [Part], title: String, summary: String
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
        return RidgePlot(ridges: ridges, axis: axis, room: room).picture(summary: summary)
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
    var room = Room.page
    private let rowHeight = 24.0

    init(rows: [Row], room: Room = .page) {
        (self.rows, self.room) = (rows, room)
        places = RowFrame(room, height: rowHeight, names: rows.map(\.name), notes: rows.map(\.note))
    }

    private let places: RowFrame
    var frame: Box { places.frame }

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
        return places.picture(axis, content, summary: "Magnitudes of weights in \(rows.count) slots")
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
                + SVG.text(
                    tick.label, at: Point(x: room.middle(of: tick.label, at: x), y: frame.bottom + 17),
                    styleClass: "tick",
                    anchor: "middle")
        }.joined()
    }

    private func drawn(_ row: Row, at index: Int, on axis: Axis) -> String {
        let middle = places.top(of: index) + rowHeight / 2
        var content = places.labels(
            row.name, row.note, at: index, baseline: middle + 4, styleClass: "s-zoo", shortened: Self.shortened)
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
    static func shortened(_ name: String, within width: Double) -> String {
        var (head, tail) = (name.prefix(name.count / 2), name.dropFirst(name.count / 2))
        var text = name
        while TextWidth.of(text, size: 12) > width, tail.count > 2 {
            if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
            text = head + "…" + tail
        }
        return text
    }
}
