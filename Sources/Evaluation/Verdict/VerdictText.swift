import Basics

/// A verdict in words: one sentence, and the reasons.
struct VerdictText {
    let judge: VerdictJudge
    let generated: EvaluationRow
    /// What the networks are as good as, or not.
    let yardstick: EvaluationRow
    let rival: EvaluationRow?
    let verdict: Verdict

    private var limits: VerdictLimits { judge.limits }
    private var newness: Newness { judge.newness(of: generated) }

    /// Whom the networks are compared with: "the zoo", "fresh networks".
    private var others: String { yardstick.population == .fresh ? "fresh networks" : "the zoo" }

    var sentence: String {
        let (own, usual) = (generated.testAccuracy, yardstick.testAccuracy)
        let possessive = yardstick.population == .fresh ? "fresh networks'" : "the zoo's"
        let figures =
            own.mean.isFinite && usual.mean.isFinite
            ? "\(percent(generated)) test accuracy against \(possessive) \(percent(yardstick))"
                + (judge.finish.map { ", both after the finish `\($0)`" } ?? "")
            : own.nonFinite > 0 ? "their outputs are not finite numbers" : "an accuracy that is not a number"
        if verdict.diverged {
            return generated.novelty == nil
                ? "The generator diverged: none of the networks that it drew is finite."
                : "The generator diverged: its networks reach \(figures)."
        }
        if verdict.quality == .failed { return "The generated networks do not work: \(figures)." }
        if verdict.collapsed { return "The generator collapsed: its networks hardly differ from each other." }
        let good = verdict.quality == .equal ? "as good as \(others)" : "worse than \(others)"
        return "The generated networks are \(good) (\(figures)) \(novelty)\(spread)\(rivalry)\(frontier)."
    }

    private var spread: String {
        guard verdict.underDispersed, let spread = generated.codeRMSRatio else { return "" }
        return "; they are under-dispersed, at \(NumberText.ratio(spread)) of the zoo's spread"
    }

    private var novelty: String {
        let isGood = verdict.quality == .equal
        let joint = isGood ? "but" : "and"
        guard let distance = newness[.weights] else { return "\(joint) how new they are was not measured" }
        let (novelty, measure) = newness.verdict(limits)
        switch novelty {
        case .copies: return "\(joint) they are copies: \(against(measure))"
        case .nearCopies where measure == .disagreement || measure == .wrongSets:
            return "\(joint) in their predictions they are near-copies of zoo networks"
        case .nearCopies: return "\(joint) they are near-copies: \(against(measure))"
        case .inBetween where measure == nil:
            return
                "and \(NumberText.ratio(distance)) of a fresh network's distance from the zoo; whether they are new in "
                + "function was not measured"
        case .inBetween: return "\(joint) between near-copies and new: \(against(measure))"
        case .novel:
            let function =
                newness[.contributions].map { ", \(NumberText.ratio($0)) by what their units contribute" } ?? ""
            return
                "\(isGood ? "and" : "but") new: \(NumberText.ratio(distance)) of a fresh network's distance from the zoo"
                + function
        }
    }

    /// What stands against novelty, in the measure that decides.
    private func against(_ measure: Newness.Measure?) -> String {
        guard let measure, let value = newness[measure] else { return "" }
        let ratio = NumberText.ratio(value)
        return switch measure {
        case .weights: "\(ratio) of a fresh network's distance from the zoo"
        case .contributions: "by what their units contribute \(ratio) of a fresh network's distance from the zoo"
        case .disagreement:
            "they predict otherwise than the nearest zoo network \(ratio) times as often as a fresh network"
        case .wrongSets: "more than fresh networks do they get the same test samples wrong as zoo networks"
        }
    }

    private var rivalry: String {
        guard let rival, let ratio = rival.decidingRatio else { return "" }
        let better = rival.testAccuracy.mean > generated.testAccuracy.meanOfAll + limits.baselineLoss
        return "; the baseline \(rival.label) is \(better ? "better" : "as good") "
            + "(\(percent(rival))) at \(NumberText.ratio(ratio))"
    }

    /// At most three baselines that are nearer to the zoo and more accurate.
    private var frontier: String {
        guard verdict.novelty > .nearCopies else { return "" }
        let named = judge.moreAccurate(than: generated).prefix(3).map(point)
        return named.isEmpty ? "" : "; more accurate, but less new: \(named.joined(separator: ", "))"
    }

    /// A row as a point: "average of 2 aligned (94.86 % at 0.65)".
    private func point(_ row: EvaluationRow) -> String {
        "\(row.label) (\(percent(row)) at \(NumberText.ratio(judge.newness(of: row).distance ?? .nan)))"
    }

    var reasons: [String] {
        var reasons = [
            "mean test accuracy \(percent(generated)) over all \(generated.count) generated networks, "
                + "\(percent(yardstick)) over \(others)"
        ]
        if let finish = judge.finish { reasons.append("every population is compared after the finish `\(finish)`") }
        if !judge.unfinishedRivals.isEmpty {
            reasons.append("compared without it: " + judge.unfinishedRivals.map(\.label).joined(separator: ", "))
        }
        reasons += noveltyReasons
        if let rival { reasons.append("baseline as new and as good: \(rival.label)") }
        if verdict.novelty > .nearCopies {
            let better = judge.moreAccurate(than: generated).map(point)
            if !better.isEmpty { reasons.append("more accurate, but less new: " + better.joined(separator: ", ")) }
        }
        let lost = generated.testAccuracy.nonFinite
        if lost > 0 {
            reasons.append(
                "the outputs of \(lost) of \(generated.count) networks are not finite numbers; these networks count as never "
                    + "right")
        }
        if verdict.collapsed { reasons.append("the samples have collapsed: they hardly differ from each other") }
        if verdict.underDispersed, let spread = generated.codeRMSRatio {
            reasons.append(
                "the samples are under-dispersed: their codes spread \(NumberText.ratio(spread)) times as wide as the "
                    + "zoo's; as wide counts what is at least \(NumberText.ratio(limits.narrowSpread))")
        }
        if verdict.diverged {
            reasons.append("training or sampling left the finite numbers, or the training loss exploded")
        }
        return reasons
    }

    private var noveltyReasons: [String] {
        var reasons: [String] = []
        let (copies, near, new) = (limits.copies, limits.nearCopies, limits.novel)
        if let ratio = newness[.weights] {
            reasons.append(
                "median distance to the nearest zoo network: \(NumberText.ratio(ratio)) of a fresh network's; copies below "
                    + "\(NumberText.ratio(copies)), near-copies below \(NumberText.ratio(near)), new from "
                    + NumberText.ratio(new))
        } else {
            reasons.append("the distance to the nearest zoo network was not measured, so novelty is not claimed")
        }
        if let ratio = newness[.contributions] {
            reasons.append(
                "the same by what units contribute on training rows: \(NumberText.ratio(ratio)), with the same limits")
        }
        if let ratio = newness[.disagreement] {
            reasons.append(
                "they predict otherwise than the nearest zoo network \(NumberText.ratio(ratio)) times as often as fresh "
                    + "networks; near-copies below \(NumberText.ratio(near)), new from "
                    + NumberText.ratio(limits.novelDisagreement))
        }
        if let ratio = newness[.wrongSets], limits.novelty(ratio, by: .wrongSets) < .novel {
            reasons.append("they get the same test samples wrong as zoo networks do (wrong-set overlap)")
        }
        let missing = newness.missing.filter { $0 != .weights }.map(Self.name)
        if !missing.isEmpty, newness[.weights] != nil {
            reasons.append("not measured, so that new is not claimed: " + missing.joined(separator: ", "))
        }
        return reasons
    }

    private static func name(_ measure: Newness.Measure) -> String {
        switch measure {
        case .weights: "the distance in weights"
        case .contributions: "the distance by what units contribute"
        case .disagreement: "disagreement beside fresh networks"
        case .wrongSets: "wrong-set overlap beside fresh networks"
        }
    }

    private func percent(_ row: EvaluationRow) -> String {
        row.testAccuracy.meanOfAll.isFinite
            ? NumberText.percent(row.testAccuracy.meanOfAll) + " %"
            : row.testAccuracy.nonFinite > 0 ? "that is not a number" : "that is not known"
    }
}
