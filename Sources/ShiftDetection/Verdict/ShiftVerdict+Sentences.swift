import Foundation

extension ShiftVerdict {
    /// The decision as one sentence for a person.
    public var sentence: String {
        switch finding {
        case .harmful:
            let word = isClearlyHarmful ? "Clearly harmful" : "Harmful"
            return
                "\(word): these \(rows) rows are drawn differently from the reference (\(pText)), and \(performance)."
        case .different:
            let start = "these \(rows) rows are drawn differently from the reference (\(pText))"
            if let obstacle {
                return "Different, harm cannot be judged: \(start), and \(obstacle.words(rows: rows))."
            }
            return "Different, harm not shown: \(start), but \(performance)."
        case .noEvidence:
            return
                "No evidence of a shift: rows drawn like the reference differ as much in \(share) samples (\(pText))."
        case .cannotSay:
            return "Cannot say: \(reasons.first ?? "the data do not allow a decision")"
        }
    }

    /// What the p-value means, and on what that rests.
    public var meaning: String? {
        test.map { test in
            let said =
                "If the \(rows) rows were drawn like the reference, a difference as large would be seen in \(share)"
            switch test.level {
            case .exact: return "\(said) samples; that is exact, given the models fixed beforehand."
            case .nestedSplits: return "\(said) samples, about: the method learns anew from each sample."
            }
        }
    }

    /// What the estimate of performance takes for granted; nil without one.
    public var assumption: String? {
        estimate.map { estimate in
            "The \(estimate.metric.name) is estimated without labels: equal outputs are taken to be right as often as in"
                + " the reference, and where that has changed no method without labels sees it."
                + (finding == .harmful || finding == .different
                    ? " The interval is chance alone: at other sites, where that changes too, it often misses." : "")
        }
    }

    private var pText: String { test.map { "p = \(Self.text($0.permutations.pValue))" } ?? "" }

    /// "3 in 1,000" of the null.
    private var share: String {
        guard let test else { return "" }
        let (p, of) = (test.permutations.pValue, test.permutations.null.count + 1)
        return "\(Int((p * Double(of)).rounded())) of \(of)"
    }

    private var performance: String {
        guard let estimate else { return "" }
        let (sample, reference) = (estimate.sample, Self.text(estimate.reference.value, 2))
        if estimate.isBound {
            let word = estimate.isVacuous ? ", which is no more than guessing reaches" : ""
            return "the model's \(estimate.metric.name) there is only known to be at least"
                + " \(Self.text(sample.low, 2))\(word) (reference: \(reference))"
        }
        let interval = "\(Self.text(sample.value, 2)) (\(Self.text(sample.low, 2)) to \(Self.text(sample.high, 2)))"
        return "the model's \(estimate.metric.name) there is estimated at \(interval), \(comparison(estimate))"
    }

    private func comparison(_ estimate: PerformanceEstimate) -> String {
        let reference = "the reference's \(Self.text(estimate.reference.value, 2))"
        let drop = (estimate.drop.value * 100).rounded() / 100
        if drop == 0 { return "the same as \(reference)" }
        let said = "\(Self.text(abs(drop), 2)) \(drop > 0 ? "below" : "above") \(reference)"
        guard finding == .different, drop > 0 else { return said }
        return estimate.drop.low <= 0
            ? "\(said), which chance explains"
            : "\(said), less than the margin of \(Self.text(margin, 2))"
    }

    private static func text(_ value: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", value) }
}
