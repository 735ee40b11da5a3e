import Basics

/// Writes the picture of a zoo as one HTML file: accuracies, weights slot by slot, facts. Needs nothing else.
public struct PopulationReport {
    private let picture: PopulationPicture

    /// Takes what is to be shown.
    public init(_ picture: PopulationPicture) { self.picture = picture }

    /// The page; the same input gives the same text.
    public func html() -> String {
        let name = picture.name
        return HTMLReport.page(
            name, [HTMLReport.header(name, summary), accuracies(), weights(), otherColumns(), facts()])
    }

    private var summary: String {
        let trained = picture.dataset.map { ", trained on \($0)" } ?? ""
        return "A population of \(NumberText.count(picture.count)) networks with "
            + "\(NumberText.count(picture.parameters)) weights each\(trained)."
    }

    private func accuracies() -> String {
        let charts = PopulationCharts(picture: picture)
        let bySplit = charts.bySplit()
        let parts = Card.figure(
            "Accuracies", "As the file records them, all networks. At the right: mean ± standard deviation.",
            picture: charts.accuracies)
        guard let bySplit else { return parts }
        return parts
            + Card.figure(
                "\(bySplit.title), split by split",
                "Generators learn from the training networks; the fresh ones are the yardstick of novelty. "
                    + "The three should look alike.", picture: bySplit.picture)
    }

    private func weights() -> String {
        let rows = picture.slots.map { slot in
            SlotChart.Row(
                name: slot.name, quantiles: slot.magnitudes ?? [],
                largest: max(abs(slot.minimum ?? 0), abs(slot.maximum ?? 0)),
                note: "mean \(NumberText.significant(slot.mean, digits: 2)), "
                    + "sd \(NumberText.significant(slot.deviation, digits: 2))")
        }
        return Card.figure(
            "Weights, slot by slot",
            "Over all elements of all sound networks. Thin: 5 to 95 % of the magnitudes; thick: 25 to 75 %; dashed: "
                + "the median; dot: the largest. A dot far from its bar is worth a look: `zoo verify` names the network.",
            picture: { SlotChart(rows: rows, room: $0).picture() }) + table()
    }

    private func table() -> String {
        var table = HTMLTable([
            "Slot", "Shape", "Mean", "sd", "|w| 5 %", "25 %", "Median", "75 %", "95 %", "Least", "Largest",
        ])
        for slot in picture.slots {
            let magnitudes = slot.magnitudes ?? []
            let shares = (0..<5).map { magnitudes.indices.contains($0) ? magnitudes[$0] : nil }
            table.add(
                [slot.name, slot.shape.map(String.init).joined(separator: " × ")]
                    + ([slot.mean, slot.deviation] + shares + [slot.minimum, slot.maximum])
                    .map { NumberText.significant($0) })
        }
        return Card.section("Weights in numbers", "Quantiles are exact to 1 %.", table: table)
    }

    private func otherColumns() -> String {
        var table = HTMLTable(["Column", "Kind", "Missing", "Least", "Mean", "Largest"])
        for column in picture.columns {
            table.add(
                [
                    column.name, column.kind, NumberText.count(column.missing),
                ] + [column.minimum, column.mean, column.maximum].map { NumberText.significant($0, digits: 6) })
        }
        return Card.section("Facts of the networks", "One value a network.", table: table)
    }

    private func facts() -> String { HTMLTable.facts("The file", picture.facts) }
}
