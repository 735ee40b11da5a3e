import Basics

/// The share of predictions in which the networks of an ensemble agree with the model in use, minus what that share is
/// off on the reference.
///
/// Networks that differ in their seeds alone disagree about as often as they err, if the ensemble is calibrated; what the
/// reference shows to be off is taken away unless `corrected` is false.
///
/// Source: Jiang, Nagarajan, Baek, Kolter, Assessing generalization of SGD via disagreement, 2022.
public struct EnsembleAgreement: AccuracyEstimator {
    /// The networks that are asked.
    public var ensemble = EnsembleKind.trained
    /// Whether what is off on the reference is taken away.
    public var corrected = true

    /// The trained ensemble, corrected.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("ensemble", .choice(EnsembleKind.allCases.map(\.rawValue)), "The networks that are asked"),
        ConfigKey("corrected", .flag, "Whether what the agreement is off on the reference is taken away"),
    ]

    /// The one that is asked.
    public var ensembles: Set<EnsembleKind> { [ensemble] }

    /// Measures the agreement on the reference.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        let right = PerformanceMetric.accuracy.value(of: reference.rows, labels: reference.labels)
        let off = corrected ? right - Fitted.agreement(reference.rows, ensemble) : 0
        return Fitted(ensemble: ensemble, off: off)
    }

    private struct Fitted: FittedAccuracy {
        let ensemble: EnsembleKind
        let off: Double

        func value(of sample: ShiftRows) -> Double {
            min(max(Self.agreement(sample, ensemble) + off, 0), 1)
        }

        static func agreement(_ rows: ShiftRows, _ ensemble: EnsembleKind) -> Double {
            guard let said = rows.ensembles[ensemble] else {
                preconditionFailure("ensemble agreement: rows without the ensemble \(ensemble.rawValue)")
            }
            let (votes, predictions) = (said.argmax(), rows.predictions)
            let agreed = votes.indices.count { votes[$0] == predictions[$0 % predictions.count] }
            return Double(agreed) / Double(votes.count)
        }
    }
}
