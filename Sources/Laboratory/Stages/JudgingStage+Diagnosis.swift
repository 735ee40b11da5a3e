import Evaluation
import Foundation
import Generation
import Networks
import Reports

extension ExperimentRun {
    /// Looks at every known cause of bad networks, with its number from this run.
    ///
    /// - learned: the zoo as the generator saw it.
    func diagnosis(
        _ data: JudgingData, learned: ZooPopulation, dimensions: Int, loss: ReportInput.LossCurve, rows: [EvaluationRow]
    ) throws -> Diagnosis {
        var facts = DiagnosisFacts()
        facts.statistics = data.statisticsFacts(count: config.sampling.calibrationCount)
        let alignment = try alignmentFacts()
        let needsNoOrder =
            config.net.member is NeuronTransformer.Config || config.coordinates.member is GraphLatentConfig
        facts.frame = .init(
            before: alignment.distanceBefore, after: alignment.distanceAfter,
            isUnified: config.align.enabled || needsNoOrder)
        facts.scaleDeviation = learned.scaleDeviation
        facts.learning = .init(
            networks: learned.rows.train.count, dimensions: dimensions, validationRise: loss.validationRiseFactor)
        return Diagnosis(facts, rows: rows)
    }
}

extension ExperimentRun {
    /// What is certified of a run's networks, as `evaluate` certifies anybody's.
    func certificate(_ judge: Judge, _ rows: [EvaluationRow], _ populations: [Population]) throws -> Certificate {
        var certificate = Certificate(rows)
        certificate.budget = ErrorBudget(rows)
        if let generated = populations.first(where: { $0.kind == .generated }) {
            certificate.diversity = try judge.diversity(of: generated)
            certificate.gain = judge.gain(of: generated)
        }
        return certificate
    }
}

extension JudgingData {
    /// The most zoo networks that a diagnosis runs.
    private static let most = 100

    /// What the zoo's training networks are worth with statistics that are taken anew as generated networks' are; nil
    /// where there are none.
    func statisticsFacts(count: Int) -> DiagnosisFacts.Statistics? {
        guard let recalibration else { return nil }
        let rows = Array(rows.train.prefix(Self.most))
        let weights = zoo.population(rows)
        return .init(
            of: .zoo, own: meanAccuracy(weights, zoo.bufferTensor(rows)),
            refreshed: meanAccuracy(weights, recalibration(weights)), rows: count)
    }
}

extension ZooPopulation {
    /// The most networks whose scales are looked at.
    private static let mostScaled = 100

    /// The standard deviation of log s over the hidden units of up to 100 training networks, s the factor that balances a
    /// unit's incoming and outgoing weights; nil where no scale is free, or a network has no normal form.
    var scaleDeviation: Double? {
        let form = ScaleNormalization(layout: zoo.layout)
        let logs = rows.train.prefix(Self.mostScaled).flatMap { row -> [Double] in
            guard let normal = try? form.normalForm(Array(zoo.row(row))) else { return [] }
            return normal.element.scales.enumerated().flatMap { group, factors in
                let dead = Set(normal.deadUnits[group])
                return (factors ?? []).enumerated().filter { !dead.contains($0.offset) }.map { log(abs($0.element)) }
            }
        }
        let statistics = SampleStatistics(logs)
        return statistics.sd > 0 ? statistics.sd : nil
    }
}
