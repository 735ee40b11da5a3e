import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors

extension ExperimentRun {
    /// Asks for evenly spaced values of the one number that the generator knows, and measures what networks have.
    ///
    /// Asked is the training networks' column, say their validation accuracy; what is achieved is measured on test rows. The
    /// rows beside the table are of networks asked for the highest value.
    func judgePrompts(_ settings: PromptJudging) throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            let stored = try GeneratorStore(run: folder.url).read(config, layout: data.zoo.layout)
            guard let name = config.conditions.number.columns.first,
                let known = data.zoo.columns.numbers(name).map({ all in data.rows.train.map { all[$0] } })
            else { return }
            let values = Self.spaced(known.filter(\.isFinite), count: settings.values)
            let judge = try Judge(data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed))
            let (progress, guidance) = (progress("judging what was asked for"), stored.generator.guidance)
            var (asked, best) = ([PromptTable.Asked](), [Population]())
            for (index, value) in values.enumerated() {
                try progress.report(index, of: values.count)
                let weights = try stored.generator.asked(Condition(numbers: [name: value]), guidance: guidance)
                    .sample(0..<settings.networks, seed: seed).weights
                let accuracies = Classifier(data.network).accuracies(
                    weights, buffers: data.recalibration?(weights), inputs: data.test.inputs, labels: data.test.labels)
                asked.append(.init(value, achieved: accuracies.map { $0.isNaN ? 0 : $0 }))
                if weights.isFinite {
                    best = [Population(kind: .generated, label: "asked for the most", weights: weights)]
                }
            }
            try progress.report(values.count, of: values.count)
            var report = ReportInput.Run(seed: seed)
            report.populations = try (judge.judgeZoo() + best.map { try judge.judge($0) }).map(\.row)
            report.prompts = PromptTable(name: name, asked)
            report.loss = lossCurve()
            report.alignment = try alignmentReport()
            report.facts = [
                .init(
                    "networks",
                    "\(NumberText.count(data.rows.train.count)) to learn from, \(NumberText.count(data.rows.fresh.count)) fresh"
                ),
                .init("net", "\(config.net.name); \(NumberText.count(stored.description.training.weights)) weights"),
                .init("can be asked for", stored.description.conditions?.summary ?? "nothing"),
                .init("guidance", NumberText.significant(guidance)),
            ]
            var result = RunResult(
                report: report, chance: 1 / Double(data.classCount), isDiverged: stored.hasDiverged,
                notes: stored.description.training.ending.map { ["training " + $0] } ?? [])
            result.doubt = data.doubt
            try writer.write("evaluation.json", String(decoding: try result.json(), as: UTF8.self) + "\n")
        }
    }

    /// Evenly spaced values between the 2nd and the 98th percentile.
    static func spaced(_ known: [Double], count: Int) -> [Double] {
        let sorted = known.sorted()
        guard let last = sorted.indices.last else { return [] }
        let low = sorted[Int((0.02 * Double(last)).rounded())], high = sorted[Int((0.98 * Double(last)).rounded())]
        return (0..<count).map { low + (high - low) * Double($0) / Double(max(count - 1, 1)) }
    }
}
