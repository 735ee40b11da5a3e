import Basics

/// The estimators of performance without labels, one line each: `estimator:`.
public enum AccuracyEstimatorFamily: ConfigFamily {
    /// Two-number calibration first.
    public static let standard: ConfigKinds<any AccuracyEstimator> = [
        ConfigKind(
            "logistic", LogisticPerformance.self, "expected performance, probabilities calibrated by two numbers"
        ) { $0 },
        ConfigKind(
            "cbpe", IsotonicPerformance.self, "expected performance, probabilities calibrated by isotonic regression"
        ) { $0 },
        ConfigKind("average-confidence", AverageConfidence.self, "expected performance, probabilities as they are") {
            $0
        },
        ConfigKind("atc", ThresholdedConfidence.self, "share of rows whose confidence reaches a threshold") { $0 },
        ConfigKind("agreement", EnsembleAgreement.self, "agreement of an ensemble with the model in use") { $0 },
        ConfigKind("dis2", DisagreementDiscrepancy.self, "a bound from a critic that learns to disagree") { $0 },
    ]
}
