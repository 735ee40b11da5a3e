import Basics
import Evaluation

/// One run in full: pictures first, then tables.
struct RunSection {
    let run: ReportInput.Run
    let rows: [EvaluationRow]

    /// The section's HTML.
    func html() -> String {
        [pictures(), results(), directions(), details()].joined(separator: "\n")
    }

    private func pictures() -> String {
        let novelty = NoveltyChart(rows: rows)
        let loss = LossChart(loss: run.loss)
        let scatter = ScatterChart(scatter: run.scatter ?? .init())
        return Card.figure(
            "How good, and how new",
            "Each small mark is one network, each large one a mean. Further right is newer, higher is better. "
                + "Zoo networks are measured against the rest of the zoo.",
            picture: novelty.picture(), legend: Card.legend(novelty.legend()))
            + Card.figure(
                "Test accuracy, network by network",
                "All networks count. At the right: mean ± standard deviation.",
                picture: HistogramCharts.accuracies(run))
            + Card.figure(
                "Nearest neighbours, network by network",
                "Where generated networks stand left of fresh ones, they lean on zoo networks. "
                    + "At the right: mean ± standard deviation.",
                picture: HistogramCharts.distances(run))
            + "<div class=\"pair\">"
            + Card.figure(
                "Training the generator", "The smoothed line averages the logarithm of the loss.",
                picture: loss.picture(), legend: Card.legend(lines: loss.legend()))
            + Card.figure(
                "The two widest directions of the zoo", "Rings are zoo networks: marks inside lean on them.",
                picture: scatter.picture(), legend: Card.legend(scatter.legend())) + "</div>"
    }

    private func results() -> String {
        Card.section(
            "Results",
            "Mean ± standard deviation over all networks. Distances are to the nearest zoo network, weights with "
                + "permutations and scales normalised; ratios in units of a fresh network's distance. "
                + "IoU: overlap of wrong answers with zoo networks, over all pairs and for the closest.",
            content: ResultsTable(rows: rows).html())
    }

    private func directions() -> String {
        var table = HTMLTable(["Direction", "n", "Ratio, mean ± sd", "Median", "Smallest", "Largest", "In weights"])
        for direction in run.directions {
            let spread = SampleStatistics(direction.distances)
            table.add([
                direction.name, NumberText.count(direction.distances.count), NumberText.ratio(spread),
                NumberText.ratio(spread.median), NumberText.ratio(spread.min), NumberText.ratio(spread.max),
                NumberText.ratio(direction.rawMean),
            ])
        }
        return Card.section(
            "Nearest neighbours by direction", "1 = a fresh network's distance from the zoo.",
            content: table.html())
    }

    private func details() -> String {
        "<div class=\"pair\">" + HTMLTable.facts("Alignment", CostFacts.alignment(run.alignment))
            + HTMLTable.facts("What it cost, and when it pays", CostFacts.budget(run.budget)) + "</div>"
            + HTMLTable.facts("Zoo and data", run.facts)
    }
}
