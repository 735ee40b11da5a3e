import Basics
import Evaluation
import Foundation
import Generation
import Networks
import Reports
import Tensors

extension ExperimentRun {
    /// Zoo, data and generator in words.
    func facts(_ data: JudgingData, _ stored: GeneratorStore.Stored, _ drawing: SamplingFacts) -> [ReportInput.Fact] {
        let (train, validation, fresh) = (
            NumberText.count(data.rows.train.count), NumberText.count(data.rows.validation.count),
            NumberText.count(data.rows.fresh.count)
        )
        var facts: [ReportInput.Fact] = [
            .init(
                "networks",
                data.isOneRun
                    ? "\(train) checkpoints of one run to learn from, \(validation) of the same run for settings, "
                        + "\(fresh) fresh ones of other runs"
                    : "\(train) to learn from, \(validation) for settings, \(fresh) fresh"),
            .init("weights of a network", NumberText.count(data.zoo.layout.count)),
            .init(
                "data set",
                "\(data.zoo.header.dataset?.name ?? "?"), \(NumberText.count(data.test.labels.count)) test samples, \(data.classCount) classes, "
                    + "inputs \(data.zoo.header.dataset?.preparation.inWords ?? "?")"),
            .init("coordinates", space(stored.coordinates)),
            .init("net", "\(config.net.name); \(NumberText.count(stored.description.training.weights)) weights"),
            .init("process", process(stored.description)),
            .init("sampling", sampling(stored.description, drawing)),
        ]
        if data.recalibration != nil {
            let count = config.sampling.calibrationCount
            facts.append(
                .init("running statistics", "of made networks recomputed on up to \(count) training samples"))
        }
        if let finish = config.finish.summary(rows: data.training.count) {
            facts.append(.init("finish", "\(finish), of every population but the zoo"))
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
        let source = config.source.member.summary(std: NumberText.significant(description.sourceStd))
        return "\(config.process.kind), from \(source)"
    }

    private func sampling(_ description: GeneratorStore.Description, _ drawing: SamplingFacts) -> String {
        let method = config.sampling.method(of: config.process.member)
        let open = method == .implicit ? ", a step from checkpoint to checkpoint" : ", steps as it needs them"
        let steps = config.sampling.steps(of: config.process.member).map { ", \($0) intervals" } ?? open
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
        let lost = (try? samplingFacts())?.notFinite ?? 0
        if lost > 0, config.sampling.method(of: config.process.member) == .implicit {
            notes.append(
                "\(lost) of \(config.sampling.count) networks were left out, as an implicit step of theirs did not converge: "
                    + "more process.iterations, a larger process.tolerance or more sampling.steps may help")
        }
        if let ending = stored.description.training.ending { notes.append("training " + ending) }
        if let ending = stored.coordinates.training?.ending { notes.append("the autoencoder's training " + ending) }
        let areLearned = stored.coordinates.training != nil
        notes += stored.coordinates.reconstruction?.warnings(areLearned: areLearned) ?? []
        if let rise = loss.validationRise, config.training.patience == 0, !stored.hasDiverged { notes.append(rise) }
        return notes
    }
}

extension GeneratorStore.Stored {
    /// Whether a training left the finite numbers, or ended far above its start.
    var hasDiverged: Bool { description.training.divergedAt != nil || coordinates.training?.divergedAt != nil }
}

extension ExperimentRun {
    /// Zoo, fresh and generated networks in the plane of the zoo's first two components.
    func scatter(
        _ populations: [Population], _ data: JudgingData, _ codes: Tensor, _ coordinates: any Coordinates
    ) -> ReportInput.Scatter? {
        guard let plane = PrincipalCoordinates(fitting: codes, components: 2), plane.dimension == 2 else { return nil }
        let total = plane.variances.reduce(0, +) / plane.capturedVariance
        func group(_ kind: PopulationKind, _ codes: Tensor) -> ReportInput.Scatter.Group {
            let points = plane.encode(codes)
            return .init(
                kind, x: points.selected(axis: 1, 0).doubles, y: points.selected(axis: 1, 1).doubles)
        }
        let fresh = coordinates.encode(data.zoo.population(data.rows.fresh))
        let generated = populations.first { $0.kind == .generated }.flatMap(\.codes)
        let groups = [group(.zoo, codes), group(.fresh, fresh)] + (generated.map { [group(.generated, $0)] } ?? [])
        return .init(explained: plane.variances.map { $0 / total }, groups: groups)
    }

    /// Nearest-neighbour distances in four directions, in units of the fresh networks' own.
    static func directions(_ results: [EnsembleEvaluation.Result], unit: NoveltyUnit) -> [ReportInput.Direction] {
        func direction(
            _ name: String, _ result: EnsembleEvaluation.Result, _ neighbours: [Neighbour]
        ) -> ReportInput.Direction {
            let raw = neighbours.reduce(0) { $0 + $1.distance } / Double(max(neighbours.count, 1))
            return .init(
                name: name, result.row.population, distances: neighbours.map { unit.ratio($0.distance) }, rawMean: raw)
        }
        return results.flatMap { result -> [ReportInput.Direction] in
            let nearest = result.nearest
            return switch result.row.population {
            case .zoo: [direction("zoo → zoo", result, nearest.sampleToZoo)]
            case .fresh: [direction("fresh → zoo", result, nearest.sampleToZoo)]
            case .generated:
                [
                    direction("generated → zoo", result, nearest.sampleToZoo),
                    direction("generated → generated", result, nearest.sampleToSample),
                    direction("zoo → generated", result, nearest.zooToSample),
                ]
            case .selected, .reconstructed, .baseline: []
            }
        }
    }

    /// Training and validation loss as `metrics.jsonl` has them, also one that an earlier version began.
    func lossCurve() -> ReportInput.LossCurve {
        var curve = ReportInput.LossCurve()
        for line in MetricsLine.read(folder.file(TrainingStage.Subject.generator.log)) {
            switch line.what {
            case .loss(let loss):
                curve.steps.append(Double(line.step))
                curve.training.append(loss)
            case .validationLoss(let loss):
                curve.validationSteps.append(Double(line.step))
                curve.validation.append(loss)
            case .diverged: break
            }
        }
        return curve
    }

    /// What alignment did, for the report.
    func alignmentReport() throws -> ReportInput.Alignment {
        let facts = try alignmentFacts()
        var alignment = ReportInput.Alignment(
            method: config.align.enabled
                ? "weight matching" : "weight matching for baselines and novelty; the generator saw the zoo as it came")
        alignment.reference = facts.reference
        alignment.sweeps = facts.sweeps
        alignment.distanceBefore = facts.distanceBefore
        alignment.distanceAfter = facts.distanceAfter
        alignment.largestLogitDifference = facts.largestLogitDifference
        return alignment
    }
}
