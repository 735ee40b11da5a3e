import Basics
import Evaluation

/// One run in full: pictures first, then tables.
struct RunSection {
    let run: ReportInput.Run
    let rows: [EvaluationRow]

    /// The section's HTML.
    func html() -> String {
        [
            tasks(), prompts(), why(), tuning(), novelty(), certificate(), networks(), training(), results(),
            directions(), details(),
        ].joined(
            separator: "\n")
    }

    /// The same of networks that nobody here has trained a generator for.
    func judgement() -> String {
        [why(), novelty(), certificate(), networks(), results(), directions(), HTMLTable.facts("Files", run.facts)]
            .joined(
                separator: "\n")
    }

    /// Networks made from examples of tasks.
    private func tasks() -> String {
        guard let tasks = run.tasks else { return "" }
        return TaskTable.tables(tasks.rows(arm: "", seed: run.seed)).map { $0.card() }.joined()
    }

    /// Numbers that were asked for.
    private func prompts() -> String { run.prompts.map(PromptText.card) ?? "" }

    /// The causes of bad networks, where they are worse than the zoo.
    private func why() -> String {
        guard let diagnosis = run.diagnosis, let verdict = run.verdict, verdict.quality != .equal else { return "" }
        return DiagnosisSection(diagnosis: diagnosis).html()
    }

    private func tuning() -> String { run.tuning.map { TuningSection(table: $0).html() } ?? "" }

    private func certificate() -> String { run.certificate.map { CertificateSection(certificate: $0).html() } ?? "" }

    private func novelty() -> String {
        let novelty = NoveltyChart(rows: rows)
        let frontier = FrontierChart(rows: rows)
        return Card.figure(
            "How good, and how new",
            "Each small mark is one network, each large one a mean. Further right is newer, higher is better. "
                + "Zoo networks are measured against the rest of the zoo.",
            legend: Card.legend(novelty.legend()), picture: novelty.picture)
            + (frontier.frontier.isEmpty ? "" : picture(of: frontier))
    }

    private func picture(of frontier: FrontierChart) -> String {
        Card.figure(
            "The frontier",
            "Every row's mean accuracy at its median distance. The stepped line is what baselines reach: above and to the "
                + "right of it is what no trivial method gives. Small marks are networks before the finish.",
            legend: Card.legend(lines: frontier.legend()), picture: frontier.picture)
    }

    private func networks() -> String {
        Card.figure(
            "Test accuracy, network by network",
            "All networks count. At the right: mean ± standard deviation.",
            picture: { HistogramCharts.accuracies(run, $0) })
            + Card.figure(
                "Nearest neighbours, network by network",
                "Where generated networks stand left of fresh ones, they lean on zoo networks. "
                    + "At the right: mean ± standard deviation.",
                picture: { HistogramCharts.distances(run, $0) })
    }

    private func training() -> String {
        let loss = LossChart(loss: run.loss)
        let scatter = ScatterChart(scatter: run.scatter ?? .init())
        return "<div class=\"pair\">"
            + Card.figure(
                "Training the generator", "The smoothed line averages the logarithm of the loss.",
                widest: .column, legend: Card.legend(lines: loss.legend()), picture: loss.picture)
            + Card.figure(
                "The two widest directions of the zoo", "Rings are zoo networks: marks inside lean on them.",
                widest: .column, legend: Card.legend(scatter.legend()), picture: scatter.picture) + "</div>"
    }

    private func results() -> String {
        let results = ResultsTable(rows: rows)
        return Card.section(
            "Results",
            "Mean ± standard deviation over all networks. The distance ratio is that to the nearest zoo network in units of a "
                + "fresh network's.", table: results.performance)
            + Card.section(
                "How new, in every measure",
                "Distances to the nearest zoo network in units of a fresh network's, after permutations and scales were "
                    + "normalised; the column In weights is without that. IoU: overlap of wrong answers with zoo networks, "
                    + "over all pairs and for the closest.", table: results.novelty)
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
            table: table)
    }

    private func details() -> String {
        "<div class=\"pair\">" + HTMLTable.facts("Alignment", CostFacts.alignment(run.alignment))
            + HTMLTable.facts("What it cost, and when it pays", CostFacts.budget(run.budget)) + "</div>"
            + HTMLTable.facts("Zoo and data", run.facts)
    }
}

/// Alignment and budget as names and texts.
enum CostFacts {
    /// What alignment did.
    static func alignment(_ alignment: ReportInput.Alignment?) -> [ReportInput.Fact] {
        guard let alignment else { return [] }
        var facts = [ReportInput.Fact("Method", alignment.method)]
        if let reference = alignment.reference {
            facts.append(.init("Reference", "network \(reference)"))
        }
        if let sweeps = alignment.sweeps {
            facts.append(.init("Sweeps, at most", NumberText.count(sweeps)))
        }
        if alignment.distanceBefore != nil || alignment.distanceAfter != nil {
            let before = NumberText.significant(alignment.distanceBefore)
            let after = NumberText.significant(alignment.distanceAfter)
            facts.append(.init("Mean distance to the reference", "\(before) → \(after)"))
        }
        if let difference = alignment.largestLogitDifference {
            facts.append(
                .init("Largest difference of a logit, before to after", NumberText.significant(difference, digits: 2)))
        }
        return facts
    }

    /// What was spent, as far as it is known, and after how many networks generating pays.
    static func budget(_ budget: ReportInput.Budget?) -> [ReportInput.Fact] {
        guard let budget else { return [] }
        let samples = budget.sampleCount.map { " of \(NumberText.count($0)) networks" } ?? ""
        let facts: [ReportInput.Fact] = [
            .init("Training the zoo", NumberText.seconds(budget.zooTraining)),
            .init("Aligning it", NumberText.seconds(budget.alignment)),
            .init("Training the generator", NumberText.seconds(budget.generator)),
            .init("Sampling" + samples, NumberText.seconds(budget.sampling)),
            .init("Judging", NumberText.seconds(budget.judging)),
            .init("One generated network", NumberText.seconds(budget.oneSample)),
            .init("One freshly trained network", NumberText.seconds(budget.freshNetwork)),
            .init("Generating pays after, all of it counted", breakEven(budget)),
        ]
        return facts.filter { $0.value != NumberText.missing }
    }

    /// "1,234 networks", "never", or not available.
    static func breakEven(_ budget: ReportInput.Budget) -> String {
        guard let count = budget.breakEven, (0..<1e15).contains(count) else {
            return budget.breakEven == .infinity ? "never: a sample costs more than training" : "not available"
        }
        return "\(NumberText.count(Int(count))) networks"
    }
}
