import Basics

/// The pictures of a study's page.
extension ShiftStudyReport {
    /// How often the decision says harmful: by the true fall, one marker a size.
    func fallPicture() -> String {
        guard let decision = harmful.first else { return "" }
        let truths = truths
        let points = decision.cells.compactMap { cell -> (size: Int, place: String, x: Double, y: Double)? in
            guard let truth = truths[cell.place], let share = cell.share else { return nil }
            return (cell.size, cell.place, truth, share)
        }
        guard points.count > 1 else { return "" }
        let legend = sizes.enumerated().map { index, size in
            "<span>\(Card.swatch(SeriesStyle(line: index)))\(size) rows</span>"
        }
        return Card.figure(
            "Is what harms found?",
            "Each mark is a place; the dashed line stands at the margin. Left of it nothing should be called harmful,"
                + " right of it everything.", legend: legend.joined(), picture: { fallPicture(points, $0) })
    }

    private func fallPicture(_ points: [(size: Int, place: String, x: Double, y: Double)], _ room: Room) -> String {
        var plot = Plot(
            room, height: 420,
            x: Axis(
                title: "true fall of the \(metric)", covering: points.map(\.x) + [margin], margin: 0.12,
                label: .percent), y: Self.shareAxis("samples called harmful"))
        plot.addLine([(margin, 0), (margin, 1)], styleClass: "path s-other")
        for (index, size) in sizes.enumerated() {
            for point in points where point.size == size {
                plot.addMarker(
                    at: point.x, point.y, style: SeriesStyle(line: index), radius: 5.5,
                    title: "\(point.place), \(size) rows: \(NumberText.percent(point.y, digits: 0)) %")
            }
        }
        // Steps of a shift that grows have a picture of their own, and too many names here.
        let steps = Set((severities ?? []).map(\.place))
        for point in points where point.size == sizes.last && !steps.contains(point.place) {
            plot.addLabel(point.place, at: point.x, point.y, style: SeriesStyle(line: sizes.count - 1))
        }
        return plot.picture(summary: "Share of samples called harmful by the true fall")
    }

    /// How often the decision says harmful, and how far the model falls, while a shift grows: one line a kind.
    func severityPicture() -> String {
        guard let steps = severities, let size = sizes.last, let decision = harmful.first, !steps.isEmpty else {
            return ""
        }
        let truths = truths
        let shares = Dictionary(
            decision.cells.filter { $0.size == size }.map { ($0.place, $0.share) },
            uniquingKeysWith: { first, _ in first })
        let title = "samples of \(size) rows called harmful"
        let fallAxis = Axis(
            title: "true fall of the \(metric)", covering: steps.compactMap { truths[$0.place] } + [0, margin],
            margin: 0.06, label: .percent)
        return Card.figure(
            "By how much is it damaged?",
            "Above how often the decision says harmful, below how much the model has lost in truth; dashed the level of"
                + " different, and the margin."
        ) { room in
            growth(room, steps, Self.shareAxis(title)) { shares[$0] ?? nil }.withLine(at: alpha)
                .picture(summary: "Share of samples called harmful by severity")
                + growth(room, steps, fallAxis) { truths[$0] }.withLine(at: margin)
                .picture(summary: "The true fall by severity")
        }
    }

    /// One line a kind of shift, along its amounts.
    private func growth(_ room: Room, _ steps: [Severity], _ y: Axis, value: (String) -> Double?) -> Plot {
        let amounts = steps.map(\.amount)
        var plot = Plot(
            room, height: 320,
            x: Axis(title: "severity", scale: .logarithmic, covering: amounts, margin: 0.1).marked(at: amounts), y: y)
        var lines: [String] = []
        for step in steps where !lines.contains(step.line) { lines.append(step.line) }
        var ends: [(name: String, x: Double, y: Double, style: SeriesStyle)] = []
        for (index, line) in lines.enumerated() {
            let style = SeriesStyle(line: index)
            let points = steps.filter { $0.line == line }.compactMap { step in
                value(step.place).map { (x: step.amount, y: $0, name: step.place) }
            }.sorted { $0.x < $1.x }
            plot.addLine(points.map { ($0.x, $0.y) }, styleClass: "line \(style.colourClass)")
            for point in points {
                plot.addMarker(
                    at: point.x, point.y, style: style, radius: 5,
                    title: "\(point.name): \(NumberText.percent(point.y, digits: 1)) %")
            }
            if let last = points.last { ends.append((line, last.x, last.y, style)) }
        }
        for end in ends { plot.addLabel(end.name, at: end.x, end.y, style: end.style, strong: true) }
        return plot
    }

    private var truths: [String: Double] {
        Dictionary(estimates.map { ($0.place, $0.truth) }, uniquingKeysWith: { first, _ in first })
    }

    private static func shareAxis(_ title: String) -> Axis {
        Axis(title: title, covering: [0, 1], margin: 0.02, limits: 0...1, label: .percent)
    }
}

extension Plot {
    /// The same with a dashed line across at a number.
    fileprivate func withLine(at value: Double) -> Plot {
        var plot = self
        plot.addLine([(x.range.lowerBound, value), (x.range.upperBound, value)], styleClass: "path s-other")
        return plot
    }
}
