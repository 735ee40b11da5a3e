import Basics

extension ShiftStudyReport {
    /// The page of a study: shares, estimates, a picture. It needs nothing else; the same figures give the same text.
    public func html(configuration: String) -> String {
        let kinds = Card.section(
            "Different",
            "Per cent of samples of \(sizesText) rows with p at most \(NumberText.significant(alpha)). A place"
                + " that is no worse may rightly be called different; what must stay near"
                + " \(NumberText.significant(alpha * 100)) is null, samples of the reference itself.",
            content: table(different))
        let harm = Card.section(
            "Harmful",
            "Per cent of samples that are different and whose \(metric) is estimated to have fallen by"
                + " \(NumberText.significant(margin)) or more, with the whole interval of the fall above 0. Decided"
                + " beforehand: \(decision). These shares are measured, and no level.", content: table(harmful))
        let truth = Card.section(
            "The fall of the model's \(metric)",
            "In points: from all labels of a place, and as it is estimated from samples without labels.",
            content: estimatesHTML())
        let facts = HTMLTable.facts(
            "The study",
            [
                .init("splits", "\(splits)"),
                .init("seconds to fit a split's ensembles", NumberText.significant(fitSeconds)),
                .init("altogether", NumberText.seconds(seconds)),
            ])
        let settings =
            "<details class=\"card\"><summary>Configuration</summary><pre>\(Markup.escape(configuration))</pre>"
            + "</details>"
        return HTMLReport.page(
            name, [HTMLReport.header(name, question), picture(), harm, kinds, truth, facts, settings])
    }

    private var sizesText: String { sizes.map(String.init).joined(separator: " / ") }

    private func table(_ rows: [Row]) -> String? {
        var table = HTMLTable(["Method"] + places + ["Seconds a sample"])
        for row in rows {
            table.add([row.name] + places.map { shares(row, $0) } + [NumberText.significant(row.seconds, digits: 2)])
        }
        return table.html()
    }

    private func estimatesHTML() -> String? {
        var table = HTMLTable(["Place", "Rows", "True", "Estimated", "sd", "Intervals that hold it, %"])
        for estimate in estimates { table.add(Self.cells(estimate)) }
        return table.html()
    }

    /// How often the decision says harmful: by the true fall, one line a size.
    private func picture() -> String {
        guard let decision = harmful.first else { return "" }
        let truths = Dictionary(estimates.map { ($0.place, $0.truth) }, uniquingKeysWith: { first, _ in first })
        let points = decision.cells.compactMap { cell -> (size: Int, place: String, x: Double, y: Double)? in
            guard let truth = truths[cell.place], let share = cell.share else { return nil }
            return (cell.size, cell.place, truth, share)
        }
        guard points.count > 1 else { return "" }
        var plot = Plot(
            width: 1080, height: 420,
            x: Axis(title: "true fall of the \(metric)", covering: points.map(\.x) + [margin], margin: 0.12),
            y: Axis(
                title: "share of samples called harmful", covering: [0, 1], margin: 0.02, limits: 0...1, label: .percent
            ))
        plot.addLine([(margin, 0), (margin, 1)], styleClass: "path s-zoo")
        for (index, size) in sizes.enumerated() {
            let style = SeriesStyle(line: index)
            let own = points.filter { $0.size == size }.sorted { $0.x < $1.x }
            plot.addLine(own.map { ($0.x, $0.y) }, styleClass: "line \(style.colourClass)")
            for point in own {
                plot.addMarker(
                    at: point.x, point.y, style: style, radius: 5.5,
                    title: "\(point.place), \(size) rows: \(NumberText.percent(point.y, digits: 0)) %")
            }
            if let last = own.last { plot.addLabel("\(size) rows", at: last.x, last.y, style: style, strong: true) }
        }
        if let size = sizes.last {
            for point in points where point.size == size {
                plot.addLabel(point.place, at: point.x, point.y, style: SeriesStyle(line: sizes.count - 1))
            }
        }
        return Card.figure(
            "Is what harms found?",
            "Each mark is a place; the line stands at the margin. Left of it nothing should be called harmful, right of it"
                + " everything.", picture: plot.picture(summary: "Share of samples called harmful by the true fall"))
    }
}
