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
    /// rows beside the table are of networks asked for the highest value. Selections draw more, and keep those whose own
    /// validation accuracy is nearest; the networks without a selection are the first ones, whatever is drawn after them.
    func judgePrompts(_ settings: PromptJudging) throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            let stored = try GeneratorStore(run: folder.url).read(config, layout: data.zoo.layout)
            guard let name = config.conditions.number.columns.first,
                let known = data.zoo.columns.numbers(name).map({ all in data.rows.train.map { all[$0] } })
            else { return }
            let values = Self.spaced(known.filter(\.isFinite), count: settings.values)
            try config.judging.check(data, path: folder.file("aligned.h5").path)
            let judge = try Judge(data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed))
            let (progress, guidance) = (progress("judging what was asked for"), stored.generator.guidance)
            var measurements = try PromptMeasurements(data, settings)
            for (index, value) in values.enumerated() {
                try progress.report(index, of: values.count)
                let weights = try stored.generator.asked(Condition(numbers: [name: value]), guidance: guidance)
                    .sample(0..<settings.drawn, seed: seed).weights
                measurements.append(value, weights)
            }
            try progress.report(values.count, of: values.count)
            var report = ReportInput.Run(seed: seed)
            report.populations = try (judge.judgeZoo() + measurements.most.map { try judge.judge($0) }).map(\.row)
            report.prompts = measurements.table(name)
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

/// What networks have that were asked for one value after another: the first ones, and those of each selection.
private struct PromptMeasurements {
    /// One way of taking networks from those that were drawn.
    private struct Column {
        /// One in how many is taken; 1: the first ones.
        let oneIn: Int
        var asked: [PromptAnswers.Asked] = []
        /// Networks that were asked for the highest value yet, where they are finite.
        var most: Population?
    }

    private let data: JudgingData
    private let networks: Int
    private let selection: PromptSelection?
    private var columns: [Column]

    init(_ data: JudgingData, _ settings: PromptJudging) throws {
        (self.data, networks) = (data, settings.networks)
        selection = settings.selections.isEmpty ? nil : try PromptSelection(data, key: "judging.selections")
        columns = ([1] + settings.selections).map { Column(oneIn: $0) }
    }

    /// Takes in the networks [P, D] that were drawn for a value, higher than those before it.
    mutating func append(_ value: Double, _ weights: Tensor) {
        let accuracies = Classifier(data.network).accuracies(
            weights, buffers: data.recalibration?(weights), inputs: data.test.inputs, labels: data.test.labels)
        let distances = selection?.distances(of: weights, from: value) ?? []
        for index in columns.indices {
            let oneIn = columns[index].oneIn
            let drawn = Array(distances.prefix(oneIn * networks))
            let places = oneIn == 1 ? Array(0..<networks) : drawn.placesOfLeast(networks)
            columns[index].asked.append(
                .init(value, achieved: places.map { accuracies[$0].isNaN ? 0 : accuracies[$0] }))
            let own = weights.gathered(axis: 0, places.map(Int32.init))
            guard own.isFinite else { continue }
            let most = "asked for the most"
            columns[index].most =
                oneIn == 1
                ? Population(kind: .generated, label: most, weights: own)
                : Population(kind: .selected(oneIn: oneIn), label: "\(most), nearest 1 in \(oneIn)", weights: own)
        }
    }

    /// Those asked for the highest value, of each way of taking them.
    var most: [Population] { columns.compactMap(\.most) }

    /// What was asked and achieved.
    func table(_ name: String) -> PromptTable {
        PromptTable(
            name: name, PromptAnswers(columns[0].asked),
            selections: columns.dropFirst().map { .init(oneIn: $0.oneIn, PromptAnswers($0.asked)) })
    }
}
