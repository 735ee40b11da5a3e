import Basics

/// ATC: the share of rows whose confidence reaches a threshold that leaves as many reference rows below it as the model
/// is wrong about.
///
/// The threshold is the reference's sorted confidence number w, counted from 0, w the rows that are wrong; rows at it
/// count as right, in the reference as in the sample. Where all are wrong no row reaches it. Rows that tie at the
/// threshold are all counted as right, as no order of theirs is better than another.
///
/// Source: Garg, Balakrishnan, Lipton, Neyshabur, Sedghi, Leveraging unlabeled data to predict out-of-distribution
/// performance, 2022. Their code finds the threshold with <= and applies it with >=, one row off where rows tie.
public struct ThresholdedConfidence: AccuracyEstimator {
    /// Nothing can be set.
    public init() {}
    /// An empty table.
    public static let keys: [ConfigKey] = []

    /// Finds the threshold.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        let wrong = reference.isRight.count { !$0 }
        let sorted = reference.rows.confidences.sorted()
        return Fitted(threshold: wrong < sorted.count ? sorted[wrong] : .infinity)
    }

    struct Fitted: FittedAccuracy {
        let threshold: Double

        func value(of sample: ShiftRows) -> Double {
            let confidences = sample.confidences
            return Double(confidences.count { $0 >= threshold }) / Double(confidences.count)
        }
    }
}
