import Foundation

/// What a person may do next.
struct ShiftAdvice {
    let verdict: ShiftVerdict
    let columns: [ColumnShift]
    let power: [ShiftPower.Row]
    let alpha: Double
    /// The deciding metric on the sample by its own labels, where it has any.
    let truth: Double?

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
        switch verdict.finding {
        case .harmful:
            return
                "Do not lean on the model for these rows: have some of them labelled, the doubtful ones and others drawn "
                + "at random, and compare; if it is worse, train it anew with rows like these."
        case .different:
            return verdict.estimate == nil
                ? "Label the reference rows, or some of these, before anything is said about harm."
                : "The model may go on being used; look at the columns that moved most, and have 50 rows or more labelled "
                    + "where a mistake is dear."
        case .noEvidence:
            return "Go on; " + found
        case .cannotSay:
            return "Nothing follows from this sample; see why above."
        }
    }

    private var found: String {
        let rows = power.filter { $0.origin == .doubtful || $0.origin == .errors }.filter { $0.cases > 0 }
        guard let best = rows.filter({ $0.different >= 0.8 }).min(by: { ($0.drop ?? 1) < ($1.drop ?? 1) }),
            let drop = best.drop
        else {
            return
                "keep in mind that \(verdict.rows) rows show large shifts only (`weightspace shift power` says which)."
        }
        return "of samples of this size that are drawn towards \(best.origin.words) until the model is worse by "
            + "\(percent(drop)), \(percent(best.different)) would have been called different."
    }

    private func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}
