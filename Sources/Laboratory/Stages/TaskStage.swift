import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors

extension JudgingConfig {
    /// Throws `DataError` where a zoo's networks cannot be asked this.
    func check(_ data: JudgingData, path: String) throws {
        func refuse(_ expected: String, _ found: String, _ hint: String = "") -> DataError {
            DataError(.malformed, path: path, expected: expected, found: found, hint: hint)
        }
        switch self {
        case .ensemble, .prompts:
            guard data.tasks == nil else {
                throw refuse(
                    "a zoo of one task with judging.kind: \(kind)", "one of \(data.tasks?.parts.count ?? 0) tasks",
                    "set judging.kind: tasks")
            }
            guard case .prompts(let settings) = self, !settings.selections.isEmpty else { return }
            _ = try PromptSelection(data, key: "judging.selections")
        case .tasks:
            guard let tasks = data.tasks else {
                throw refuse(
                    "a zoo of many tasks with judging.kind: tasks", "one of one task", "set judging.kind: ensemble")
            }
            guard data.zoo.layout.bufferCount == 0 else {
                throw refuse("networks without running statistics with judging.kind: tasks", "some with")
            }
            guard !tasks.tasks(.training).isEmpty else { throw refuse("training tasks", "none") }
        }
    }
}

extension ExperimentRun {
    /// Judges networks made from a few examples: of new tasks beside rivals and controls, of seen tasks beside their own.
    func judgeTasks(_ settings: TaskJudging) throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            try config.judging.check(data, path: folder.file("aligned.h5").path)
            guard let tasks = data.tasks else { return }
            let stored = try GeneratorStore(run: folder.url).read(config, layout: data.zoo.layout)
            let judge = TaskJudge(
                data, tasks: tasks, generator: stored.generator, config: config, settings: settings)
            var measurements = TaskMeasurements(classes: data.classCount)
            let chosen = ZooTask.Purpose.allCases.map { (part: $0, tasks: judge.chosen($0)) }
            let (progress, total) = (progress("judging tasks"), chosen.reduce(0) { $0 + $1.tasks.count })
            for (part, own) in chosen {
                for (place, task) in own.enumerated() {
                    try progress.report(measurements.taskCount, of: total)
                    let other = own.count > 1 ? own[(place + 1) % own.count] : nil
                    measurements.append(try judge.measured(task, part, other: other))
                }
            }
            try progress.report(total, of: total)
            var report = ReportInput.Run(seed: seed)
            report.populations = try seenRows(judge, data, tasks, chosen[0].tasks)
            report.tasks = measurements
            report.loss = lossCurve()
            report.alignment = try alignmentReport()
            report.facts = taskFacts(data, tasks, stored, settings)
            var result = RunResult(
                report: report, chance: 1 / Double(data.classCount), isDiverged: stored.hasDiverged,
                notes: taskNotes(stored, report.loss))
            result.doubt = data.doubt
            try writer.write("evaluation.json", String(decoding: try result.json(), as: UTF8.self) + "\n")
        }
    }

    /// Networks for seen tasks beside their training and fresh networks: as good, and new?
    ///
    /// Each network is judged on rows of its own task: as many test rows a class as every task has, what it says of them
    /// counted from their class on. So the labels are equal for all, and two networks of one task agree where they say the
    /// same.
    private func seenRows(
        _ judge: TaskJudge, _ data: JudgingData, _ tasks: ZooTasks, _ seen: [Int]
    ) throws -> [EvaluationRow] {
        let panel = try TaskPanel(tasks, network: data.network, classes: data.classCount)
        let frame = try SymmetryFrame(
            reference: Array(data.zoo.row(alignmentFacts().reference)), layout: data.zoo.layout)
        func judged(_ weights: Tensor, _ owners: [Int]) throws -> JudgedPopulation {
            JudgedPopulation(
                networks: try frame.place(weights), predictions: try panel.predictions(weights, of: owners))
        }
        let fresh = data.rows.fresh.filter { seen.contains(tasks.taskOf[$0]) }
        let owners = { (rows: [Int]) in rows.map { tasks.taskOf[$0] } }
        let evaluation = EnsembleEvaluation(
            frame: frame, zoo: try judged(data.population.training, owners(data.rows.train)),
            fresh: fresh.isEmpty ? nil : try judged(data.zoo.population(fresh), owners(fresh)),
            labels: Array(repeating: 0, count: panel.count), arm: arm, seed: seed)
        let most = judge.settings.examples.max() ?? 1
        let made = try seen.map { task in
            try judge.generated(judge.examples(task, most), shape: tasks.data.split(task).train.sampleShape)
        }
        guard !made.isEmpty else { return [] }
        let generated = Tensor.concatenate(made, axis: 0)
        let own = seen.flatMap { Array(repeating: $0, count: judge.settings.networks) }
        guard generated.isFinite else {
            return [evaluation.judgeZoo().row, EvaluationRow(arm: arm, seed: seed, lost: own.count, of: .generated)]
        }
        return [evaluation.judgeZoo(), evaluation.judgeFresh()].compactMap { $0?.row }
            + [evaluation.judge(try judged(generated, own), as: .generated).row]
    }

    private func taskNotes(_ stored: GeneratorStore.Stored, _ loss: ReportInput.LossCurve) -> [String] {
        var notes = ["zoo, fresh and generated networks here are of seen tasks, each judged on its own"]
        if let ending = stored.description.training.ending { notes.append("training " + ending) }
        if let ending = stored.coordinates.training?.ending { notes.append("the autoencoder's training " + ending) }
        let areLearned = stored.coordinates.training != nil
        return notes + (stored.coordinates.reconstruction?.warnings(areLearned: areLearned) ?? [])
    }

    /// Zoo, tasks and generator in words.
    private func taskFacts(
        _ data: JudgingData, _ tasks: ZooTasks, _ stored: GeneratorStore.Stored, _ settings: TaskJudging
    ) -> [ReportInput.Fact] {
        let counts = ZooTask.Purpose.allCases.map { "\(NumberText.count(tasks.tasks($0).count)) \(TaskJudge.name($0))" }
        return [
            .init("tasks", counts.joined(separator: ", ")),
            .init(
                "networks",
                "\(NumberText.count(data.rows.train.count)) to learn from, \(NumberText.count(data.rows.fresh.count)) fresh"
            ),
            .init("weights of a network", NumberText.count(data.zoo.layout.count)),
            .init("coordinates", "\(config.coordinates.shortName), \(stored.coordinates.dimension)"),
            .init("net", "\(config.net.name); \(NumberText.count(stored.description.training.weights)) weights"),
            .init("can be asked for", stored.description.conditions?.summary ?? "nothing"),
            .init("networks for each support set", "\(settings.networks)"),
            .init(
                "further training", "Adam, rate \(NumberText.significant(settings.rate)), all examples in every step"),
        ]
    }
}

/// Rows of every task on which its networks are compared with others.
struct TaskPanel {
    private let tasks: ZooTasks
    private let classifier: Classifier
    private let classes: Int
    private let perClass: Int

    /// Prepares the panel: as many test rows a class as every task has.
    init(_ tasks: ZooTasks, network: any Network, classes: Int) throws {
        var least = Int.max
        for task in tasks.parts.indices {
            let queries = try tasks.queries(of: task)
            for label in 0..<Int32(queries.classes) { least = min(least, queries.labels.count { $0 == label }) }
        }
        (self.tasks, classifier, self.classes, perClass) = (tasks, Classifier(network), classes, least)
    }

    /// Rows of the panel.
    var count: Int { perClass * classes }

    /// For each network of a task what it says of the task's rows, counted from their class on: 0 is right, C what is none.
    func predictions(_ weights: Tensor, of owners: [Int]) throws -> [[Int32]] {
        var found = [[Int32]](repeating: [], count: owners.count)
        let classes = Int32(classes)
        for (task, places) in Dictionary(grouping: owners.indices, by: { owners[$0] }).sorted(by: { $0.key < $1.key }) {
            let queries = try tasks.queries(of: task)
            let rows = (0..<queries.classes).flatMap { label in
                queries.labels.indices.filter { queries.labels[$0] == Int32(label) }.prefix(perClass)
            }
            let own = queries.selecting(rows)
            let said = classifier.predictions(weights.gathered(axis: 0, places.map(Int32.init)), inputs: own.inputs)
            for (place, predictions) in zip(places, said) {
                found[place] = zip(predictions, own.labels).map { $0 < 0 ? classes : ($0 - $1 + classes) % classes }
            }
        }
        return found
    }
}
