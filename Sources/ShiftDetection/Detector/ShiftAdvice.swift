import Foundation

/// What a person may do next.
struct ShiftAdvice {
    let verdict: ShiftVerdict
    let columns: [ColumnShift]
    let power: [ShiftPower.Row]
    let alpha: Double
    /// The deciding metric on the sample by its own labels, where it has any.
    let truth: Double?
    /// How often the model is right on the sample's own labels; nil without any.
    var labelled: Labelled?

    /// Rows of the sample that have a label.
    struct Labelled {
        let right: Int
        let count: Int
        /// The accuracy on the reference.
        let reference: Double

        /// Whether so few right ones are too few for an accuracy that is lower than the reference's by a margin: P(X <= right)
        /// at most 0.05.
        func isLower(by margin: Double) -> Bool {
            let chance = max(0, reference - margin)
            guard chance > 0 else { return false }
            let logs = (log(chance), log(max(1 - chance, 1e-300)))
            let tail = (0...right).reduce(0.0) { sum, k in
                let ways = lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
                return sum + exp(ways + Double(k) * logs.0 + Double(count - k) * logs.1)
            }
            return tail <= 0.05
        }
    }

    var sentences: [String] {
        var sentences = [first]
        if let moved = columns.first(where: { $0.aspect == .missing && $0.holm <= alpha }) {
            sentences.append(
                "'\(moved.column)' is missing in \(percent(moved.sample)) of these rows and in \(percent(moved.reference)) of "
                    + "the reference: ask first whether the way it is recorded has changed.")
        }
        if let truth, let estimate = verdict.estimate {
            sentences.append(
                "The sample's own labels are better than any estimate: by them the \(estimate.metric.name) is "
                    + String(format: "%.2f", truth) + ", and it was " + String(format: "%.2f", estimate.reference.value)
                    + " on the reference.")
        }
        return sentences
    }

    private var first: String {
        if let labelled, labelled.isLower(by: verdict.margin) {
            return
                "Do not lean on the model for these rows: by their own labels it is right on \(labelled.right) of "
                + "\(labelled.count), and on the reference on \(percent(labelled.reference))."
        }
        switch verdict.finding {
        case .harmful:
            return
                "Do not lean on the model for these rows: have some of them labelled, the doubtful ones and others drawn "
                + "at random, and compare; if it is worse, train it anew with rows like these."
        case .different:
            return verdict.obstacle != nil
                ? harmUnknown
                : "The model may go on being used; look at the columns that moved most, and have 50 rows or more labelled "
                    + "where a mistake is dear."
        case .noEvidence:
            if let labelled, labelled.isLower(by: 0) {
                return "Have more rows labelled before you go on: by those that are, the model may be worse here."
            }
            return "Go on; " + found
        case .cannotSay:
            return "Nothing follows from this sample; see why above."
        }
    }

    private var harmUnknown: String {
        switch verdict.obstacle {
        case .noLabels, nil: "Label the reference rows, or some of these, before anything is said about harm."
        case .tooWide: "Collect more rows before anything is said about harm: 20 to 50 are usual."
        case .outsideReference: "Have some of these rows labelled before the model is used for them."
        }
    }

    private var found: String {
        let rows = power.filter { ($0.origin == .doubtful || $0.origin == .errors) && $0.cases > 0 }
        guard let best = rows.filter({ $0.different >= 0.8 }).min(by: { ($0.drop ?? 1) < ($1.drop ?? 1) }),
            let drop = best.drop
        else {
            return
                "keep in mind that \(verdict.rows) rows show large shifts only (`weightspace shift power` says which)."
        }
        return "of samples of this size that are drawn towards \(best.origin.words) until the accuracy is "
            + "\(String(format: "%.0f", drop * 100)) points lower, \(percent(best.different)) would have been called different."
    }

    private func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}
