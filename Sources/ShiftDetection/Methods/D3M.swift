import Basics
import Tensors

/// D3M: the most that any plausible network disagrees with the model on the sample.
///
/// Networks were drawn before the sample came, and those that agree with the model on T are asked: of their rates of
/// disagreement on Q the largest, or another quantile. Agreement is judged on T alone, never on P, so that P and Q are
/// exchangeable and the permutation test is exact.
///
/// Source: D3M: Reliably detecting model failures in deployment without labels, 2025, and its code. There the level comes
/// from bootstraps of the reference, here from permutations; there all draws of a variational last layer are asked, here
/// the share of them that agrees best, and the draws may as well be trained networks or generated ones.
public struct D3M: ShiftMethod {
    /// The networks that are asked.
    public var ensemble = EnsembleKind.lastLayer
    /// The share of them, those that agree with the model best on T.
    public var agreeing = 0.9
    /// Which quantile of their rates of disagreement: 1 is the largest, as published.
    public var quantile = 1.0

    /// Draws of the last layer, nine in ten of them, the largest disagreement.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("ensemble", .choice(EnsembleKind.allCases.map(\.rawValue)), "The networks that are asked"),
        ConfigKey(
            "agreeing", .number(above: 0, atMost: 1),
            "The share of them that is asked: those that agree with the model best on the training rows; 1: all"),
        ConfigKey("quantile", .number(above: 0, atMost: 1), "Quantile of their rates of disagreement; 1: the largest"),
    ]

    /// The ensemble that is asked.
    public var ensembles: Set<EnsembleKind> { [ensemble] }

    /// The rate of disagreement on each sample. Throws `DataError` where the ensemble was not fitted.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        guard let said = pool.ensembles[ensemble] else {
            throw DataError(
                .configuration, path: "d3m.ensemble", problem: "there is no \(ensemble.rawValue) ensemble to ask",
                hint: "fit it with the detector, or choose another one")
        }
        let disagreements = Disagreements(said, with: pool.predictions)
        let asked = agreeing(model, networks: disagreements.networks)
        let place = max(0, min(asked.count, Int((quantile * Double(asked.count)).rounded(.up))) - 1)
        try progress.report(0, of: samples.count)
        let values = parallelMap(samples.count) { index -> Double in
            let sample = samples[index]
            guard !sample.isEmpty, !asked.isEmpty else { return 0 }
            let counts = asked.map { disagreements.count(of: $0, in: sample) }.sorted()
            return Double(counts[place]) / Double(sample.count)
        }
        try progress.report(samples.count, of: samples.count)
        return values
    }

    /// The networks that contradict the model on T no more often than the last of the share does; all where T is not known.
    func agreeing(_ model: ShiftModel, networks: Int) -> [Int] {
        let said = model.training.flatMap { rows in
            rows.ensembles[ensemble]
                ?? rows.features.flatMap { features in model.ensembles[ensemble]?.probabilities(features) }
        }
        guard let said, let training = model.training, said.shape[0] == networks else { return Array(0..<networks) }
        let totals = Disagreements(said, with: training.predictions).totals
        let last = max(1, min(networks, Int((agreeing * Double(networks)).rounded(.up))))
        let limit = totals.sorted()[last - 1]
        return totals.indices.filter { totals[$0] <= limit }
    }
}
