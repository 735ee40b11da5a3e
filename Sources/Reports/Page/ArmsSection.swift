import Basics
import Evaluation

/// The overview of an experiment with several arms or seeds.
struct ArmsSection {
    let input: ReportInput

    /// The section's HTML.
    func html() -> String {
        let arms = input.arms.map { ArmFigures($0, summary: input.summary) }
        let first = input.summary.rows.first
        let background = first.map { input.summary.rows(arm: $0.arm, seed: $0.seed) } ?? []
        var parts = Card.figure(
            "How good, and how new: all arms",
            "One mark an arm: the mean over its seeds, with the standard deviation of accuracy over seeds. "
                + "Zoo, fresh networks and baselines are those of the first run.",
            legend: Card.legend(background.map { SeriesStyle($0.population) }.uniqued()),
            picture: ArmsNoveltyChart(arms: arms, background: background).picture)
        if let chart = FactorChart(arms: arms) {
            parts += Card.figure(
                "Accuracy by \(chart.factor)", "Mean ± standard deviation over seeds.", picture: chart.picture)
        }
        return parts + Card.section("Arms", "Mean ± standard deviation over seeds.", table: table(arms))
    }

    /// The factors in which the arms differ; of a single arm all.
    private var differing: [String] {
        let names = input.arms.first?.factors.map(\.name) ?? []
        func values(_ name: String) -> Set<String?> {
            Set(input.arms.map { arm in arm.factors.first { $0.name == name }?.value })
        }
        return input.arms.count < 2 ? names : names.filter { values($0).count > 1 }
    }

    private func table(_ arms: [ArmFigures]) -> HTMLTable {
        let factors = differing
        var table = HTMLTable(
            ["Arm"] + factors + [
                "Seeds", "Zoo accuracy, %", "Generated accuracy, %", "Distance ratio", "Code RMS", "Verdict",
            ])
        for (index, arm) in arms.enumerated() {
            let name =
                Card.named(SeriesStyle(arm: index), "<a href=\"#arm-\(index)\">\(Markup.escape(arm.name))</a>")
            let values = factors.map { factor in arm.factors.first { $0.name == factor }?.value ?? NumberText.missing }
            let texts =
                values + [
                    NumberText.count(arm.accuracies.count), NumberText.percent(SampleStatistics(arm.zooAccuracies)),
                    NumberText.percent(arm.accuracy), NumberText.ratio(arm.ratio),
                    NumberText.ratio(SampleStatistics(arm.codeRatios)),
                ]
            let lights = arm.verdicts.map { "<span class=\"light \($0.light.rawValue)\"></span>" }.joined()
            let words = arm.verdicts.map { $0.word }.uniqued().joined(separator: ", ")
            let verdict =
                words.isEmpty
                ? NumberText.missing : "<span class=\"words verdict-word\">\(lights)\(Markup.escape(words))</span>"
            let cells = texts.enumerated().map { index, text in
                index < values.count ? HTMLTable.Cell(words: text) : HTMLTable.Cell(text)
            }
            table.rows.append(([HTMLTable.Cell(html: name)] + cells + [HTMLTable.Cell(html: verdict)], ""))
        }
        return table
    }
}
