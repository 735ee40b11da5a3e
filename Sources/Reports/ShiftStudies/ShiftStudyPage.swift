import Basics

extension ShiftStudyReport {
    /// The page of a study: shares, estimates, a picture. It needs nothing else; the same figures give the same text.
    public func html(configuration: String) -> String {
        let kinds = Card.section(
            "Different",
            "Per cent of samples of \(sizesText) rows with p at most \(NumberText.significant(alpha)). A place"
                + " that is no worse may rightly be called different; what must stay near"
                + " \(NumberText.significant(alpha * 100)) is null, samples of the reference itself.",
            table: table(different))
        let harm = Card.section(
            "Harmful",
            "Per cent of samples that are different and whose \(metric) is estimated to have fallen by"
                + " \(NumberText.significant(margin)) or more, with the whole interval of the fall above 0. Decided"
                + " beforehand: \(decision). These shares are measurements, not a level.", table: table(harmful))
        let truth = Card.section(
            "The fall of the model's \(metric)",
            "In points: from all labels of a place, and as it is estimated from samples without labels.",
            table: estimatesTable)
        let facts = HTMLTable.facts(
            "The study",
            [
                .init("splits", "\(splits)"),
                .init("seconds to fit a split's ensembles", NumberText.significant(fitSeconds)),
                .init("altogether", NumberText.seconds(seconds)),
            ])
        return HTMLReport.page(
            name,
            [
                HTMLReport.header(name, question), fallPicture(), severityPicture(), harm, kinds, truth, watch(), facts,
                HTMLReport.configuration(configuration),
            ])
    }

    private var sizesText: String { sizes.map(String.init).joined(separator: " / ") }

    private func table(_ rows: [Row]) -> HTMLTable {
        let grid = grid(rows, method: "Method", place: "Place", seconds: "Seconds a sample")
        var table = HTMLTable(grid.head)
        for line in grid.lines { table.add(line) }
        return table
    }

    private func watch() -> String {
        let grid = streamsGrid()
        guard !grid.lines.isEmpty else { return "" }
        var table = HTMLTable(grid.head)
        for line in grid.lines { table.add(line) }
        return Card.section("Streams that turn", streamsSentence, table: table)
    }

    private var estimatesTable: HTMLTable {
        var table = HTMLTable(["Place", "Rows", "True", "Estimated", "sd", "Intervals that hold it, %"])
        for estimate in estimates { table.add(Self.cells(estimate)) }
        return table
    }
}
