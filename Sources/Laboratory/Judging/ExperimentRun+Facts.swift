import Basics
import Reports

extension ExperimentRun {
    /// Zoo, data and generator in words.
    func facts(_ data: JudgingData, _ stored: GeneratorStore.Stored, _ drawing: SamplingFacts) -> [ReportInput.Fact] {
        let (train, validation, fresh) = (data.rows.train.count, data.rows.validation.count, data.rows.fresh.count)
        var facts: [ReportInput.Fact] = [
            .init(
                "networks",
                data.isOneRun
                    ? "\(train) checkpoints of one run to learn from, \(validation) of the same run for settings, "
                        + "\(fresh) fresh ones of other runs"
                    : "\(train) to learn from, \(validation) for settings, \(fresh) fresh"),
            .init("weights of a network", "\(data.zoo.layout.count)"),
            .init(
                "data set",
                "\(data.zoo.header.dataset?.name ?? "?"), \(data.test.labels.count) test samples, \(data.classCount) classes"
            ),
            .init("coordinates", space(stored.coordinates)),
            .init("net", "\(config.generator.name); \(stored.description.training.weights) weights"),
            .init("process", process(stored.description)),
            .init("sampling", sampling(stored.description, drawing)),
        ]
        if data.recalibration != nil {
            let count = config.sampling.calibrationCount
            facts.append(
                .init("running statistics", "of made networks recomputed on up to \(count) training samples"))
        }
        if let doubt = data.doubt { facts.append(.init("doubt", doubt)) }
        if let ending = stored.description.training.ending { facts.append(.init("training", ending)) }
        if let ending = stored.coordinates.training?.ending {
            facts.append(.init("training of the autoencoder", ending))
        }
        return facts
    }

    private func space(_ fitted: CoordinatesStore.Description) -> String {
        guard let share = fitted.capturedVariance else { return "\(config.coordinates.shortName), \(fitted.dimension)" }
        let percent = "\((share * 1000).rounded() / 10) %"
        return "\(fitted.dimension) principal components, \(percent) of the total variance"
    }

    private func process(_ description: GeneratorStore.Description) -> String {
        let source =
            switch config.source {
            case .gaussian: "N(0, \(NumberText.significant(description.sourceStd))^2)"
            case .matched: "Gaussian weights, a mean and deviation a slot"
            case .initialization: "networks before their training"
            case .fitted: "the Gaussian of the training codes"
            case .perturbed: "training networks plus noise"
            }
        return "\(config.process.kind), from \(source)"
    }

    private func sampling(_ description: GeneratorStore.Description, _ drawing: SamplingFacts) -> String {
        let method = config.sampling.method(of: config.process)
        let steps = config.sampling.steps(of: config.process).map { ", \($0) intervals" } ?? ", steps as it needs them"
        let fixed = description.evaluations.map { ", \($0) evaluations" }
        let counted = drawing.evaluations.map { ", \(NumberText.significant($0)) evaluations on average" }
        return method.rawValue + steps + (fixed ?? counted ?? "")
    }

    /// What the verdict's reasons say beside the rows.
    func notes(_ data: JudgingData, _ stored: GeneratorStore.Stored, _ loss: ReportInput.LossCurve) -> [String] {
        var notes: [String] = []
        if data.isOneRun {
            notes.append(
                "all training networks are checkpoints of one run, so there is one trained network to learn from; "
                    + "networks of other runs lie at distance 1")
        }
        if let ending = stored.description.training.ending { notes.append("training " + ending) }
        if let ending = stored.coordinates.training?.ending { notes.append("the autoencoder's training " + ending) }
        notes += stored.coordinates.reconstruction?.warnings ?? []
        if let rise = loss.validationRise, config.training.patience == 0, !stored.hasDiverged { notes.append(rise) }
        return notes
    }
}

extension GeneratorStore.Stored {
    /// Whether a training left the finite numbers, or ended far above its start.
    var hasDiverged: Bool { description.training.divergedAt != nil || coordinates.training?.divergedAt != nil }
}
