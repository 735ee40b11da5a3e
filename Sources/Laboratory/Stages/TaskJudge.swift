import Basics
import Evaluation
import Generation
import ModelZoo
import Networks
import Tensors

/// Measures on single tasks what networks made from a few examples are worth, beside rivals and controls.
///
/// Examples are training rows of the task, drawn by (seed, task); queries its test rows (of tasks for validation their
/// validation rows). All networks count: a contestant's accuracy on a task is the mean over its networks.
struct TaskJudge {
    let settings: TaskJudging
    let generator: Generator
    let config: ConditionsConfig
    let guidance: Double
    let tasks: ZooTasks
    let zoo: Zoo
    let seed: UInt64
    let initialization: Initialization
    private let classifier: Classifier
    private let finish: SupportFinish
    private let retrieval: ZooRetrieval
    private let free: ZooRetrieval
    private let average: Tensor

    /// Prepares the judging of a trained generator.
    ///
    /// - data: the aligned zoo, whose training networks' mean is the average.
    init(
        _ data: JudgingData, tasks: ZooTasks, generator: Generator, config: ExperimentConfig, settings: TaskJudging
    ) {
        (self.settings, self.generator, self.tasks) = (settings, generator, tasks)
        (self.config, guidance, zoo, seed) = (config.conditions, generator.guidance, data.zoo, UInt64(config.seed))
        initialization = config.zoo.recipe?.initialization ?? .heUniform
        classifier = Classifier(data.network)
        finish = SupportFinish(data.network, rate: settings.rate)
        let training = data.population.training
        retrieval = ZooRetrieval(data.network, population: training)
        average = training.mean(axes: [0], keepingDims: true)
        free = ZooRetrieval(
            data.network, population: generator.sample(0..<settings.networks, seed: UInt64(config.seed)).weights)
    }

    /// What a part of the tasks is called in tables.
    static func name(_ part: ZooTask.Purpose) -> String {
        switch part {
        case .training: "seen"
        case .validation: "validation"
        case .newCombination: "new combinations"
        case .newClasses: "new classes"
        }
    }

    /// Tasks of a part that are judged: at most `most`, drawn.
    func chosen(_ part: ZooTask.Purpose) -> [Int] {
        let all = tasks.tasks(part)
        var stream = RandomStream(seed: seed, purpose: "tasks.judged", index: UInt64(part.place))
        return stream.permutation(all.count).prefix(settings.most).sorted().map { all[$0] }
    }

    /// Networks [P, D] generated with examples as their condition; without any, where no condition is given.
    func generated(_ examples: LabelledExamples?, shape: [Int]) throws -> Tensor {
        guard let examples else {
            return try generator.asked(.none, guidance: guidance).sample(0..<settings.networks, seed: seed).weights
        }
        let set = try SupportSet(examples, shape: shape, config.support, path: "support set")
        return try generator.asked(Condition(support: set), guidance: guidance)
            .sample(0..<settings.networks, seed: seed).weights
    }

    /// So many examples a class of a task.
    func examples(_ task: Int, _ perClass: Int) throws -> LabelledExamples {
        var stream = RandomStream(seed: seed, purpose: "tasks.examples", index: UInt64(task))
        return try tasks.examples(of: task).drawn(perClass, &stream)
    }

    /// All measurements of one task; `other` is a task whose examples are a control.
    func measured(_ task: Int, _ part: ZooTask.Purpose, other: Int?) throws -> [TaskMeasurements.Score] {
        let queries = try tasks.queries(of: task)
        let shape = try tasks.data.split(task).train.sampleShape
        return try settings.examples.sorted().flatMap { perClass -> [TaskMeasurements.Score] in
            let examples = try examples(task, perClass)
            func entry(_ contestant: TaskContestant, _ accuracy: Double, steps: Int = 0) -> TaskMeasurements.Score {
                .init(
                    tasks: Self.name(part), task: task, examples: perClass, contestant: contestant, steps: steps,
                    accuracy: accuracy)
            }
            let own = try generated(examples, shape: shape)
            var entries = try networks(own, examples, task).flatMap { contestant, weights in
                try settings.steps.sorted().flatMap { steps in
                    let after = try finish(weights, steps: steps, on: examples)
                    let alone = entry(contestant, mean(after, queries), steps: steps)
                    guard contestant == .generated else { return [alone] }
                    return [alone, entry(.ensemble, together(after, queries), steps: steps)]
                }
            }
            entries += ExampleRule.allCases.map { rule in
                let predictions = rule.predictions(examples, queries: queries.inputs)
                return entry(TaskContestant(rule), Classifier.accuracy(predictions, queries.labels))
            }
            let trained = tasks.networks(of: task)
            if !trained.isEmpty { entries.append(entry(.trained, mean(zoo.population(trained), queries))) }
            guard perClass == settings.controls else { return entries }
            return try entries
                + controls(examples, queries, task, other: other, shape: shape).map { entry($0.key, $0.accuracy) }
        }
    }

    /// All that is a network, before any step on the examples.
    private func networks(
        _ generated: Tensor, _ examples: LabelledExamples, _ task: Int
    ) throws -> [(TaskContestant, Tensor)] {
        func row(_ retrieval: ZooRetrieval) -> Tensor {
            retrieval.population.gathered(axis: 0, retrieval.nearest(to: examples).map(Int32.init))
        }
        let seeds = (0..<settings.networks).map { seed &+ UInt64(1_000_000 + task * settings.networks + $0) }
        let own = ZooRetrieval(classifier.network, population: generated)
        return [
            (.generated, generated), (.bestGenerated, row(own)), (.unconditional, free.population),
            (.bestUnconditional, row(free)), (.retrieval, row(retrieval)),
            (.scratch, initialization.population(zoo.layout, seeds: seeds)),
            (.average, average),
        ]
    }

    /// Networks generated from examples that say something else.
    private func controls(
        _ examples: LabelledExamples, _ queries: LabelledExamples, _ task: Int, other: Int?, shape: [Int]
    ) throws -> [(key: TaskContestant, accuracy: Double)] {
        var stream = RandomStream(seed: seed, purpose: "tasks.controls", index: UInt64(task))
        let pair = stream.permutation(examples.classes).prefix(2)
        let shuffled = examples.shufflingLabels(&stream)
        let swapped = examples.swapping(pair[0], pair[1])
        // A single shuffle says something, which networks follow: all its shifts together say nothing.
        let shifts = try (0..<examples.classes).map { shift in
            mean(try generated(shuffled.shiftingLabels(by: shift), shape: shape), queries)
        }
        var found = [
            (TaskContestant.shuffledLabels, shifts.reduce(0, +) / Double(shifts.count)),
            (.swappedLabels, mean(try generated(swapped, shape: shape), queries.swapping(pair[0], pair[1]))),
            (.noExamples, mean(try generated(nil, shape: shape), queries)),
        ]
        if let other {
            let foreign = try self.examples(other, settings.controls)
            found.append((.otherTask, mean(try generated(foreign, shape: shape), queries)))
        }
        return found.map { (key: $0.0, accuracy: $0.1) }
    }

    /// Mean accuracy of networks [P, D]; outputs that are not numbers are never right.
    private func mean(_ weights: Tensor, _ queries: LabelledExamples) -> Double {
        let all = classifier.accuracies(weights, inputs: queries.inputs, labels: queries.labels)
        return all.reduce(0) { $0 + ($1.isNaN ? 0 : $1) } / Double(max(all.count, 1))
    }

    /// Accuracy of networks [P, D] as one classifier, by their mean probabilities.
    private func together(_ weights: Tensor, _ queries: LabelledExamples) -> Double {
        let said = classifier.network(Parameters(layout: classifier.network.layout, flat: weights), queries.inputs, nil)
            .softmax()
        return EnsembleOutputs(said.floats, count: weights.shape[0], classes: queries.classes)
            .averageAccuracy(labels: queries.labels)
    }
}

extension ZooTask.Purpose {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
