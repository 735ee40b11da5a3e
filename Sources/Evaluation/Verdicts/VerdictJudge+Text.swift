extension VerdictJudge {
    /// One sentence with the figures that decide.
    var sentence: String {
        if diverged { return "The generator diverged; its \(generated.count) networks reach \(accuracies)." }
        if quality == .failed {
            let cause = generated.nonFinite > 0 ? "; \(brokenNetworks)" : ""
            return "The \(generated.count) generated networks do not work: they reach \(accuracies)\(cause)."
        }
        let parts = ["\(generated.count) generated networks \(standing) \(conjunction) \(closeness)"]
            + (collapsed ? [collapseClause] : []) + (generated.nonFinite > 0 ? [brokenNetworks] : []) + [rivalClause]
        return parts.joined(separator: "; ") + "."
    }

    /// The findings, one sentence each, without full stops.
    var reasons: [String] {
        let overlap = generated.wrongSets.meanOfMax
        let optional: [(Bool, String)] = [
            (diverged, "training or sampling left the finite numbers"),
            (generated.nonFinite > 0, brokenNetworks),
            (
                failsLikeTheZoo,
                "they fail on the same test inputs as zoo networks: mean largest wrong-set overlap "
                    + "\(Figures.number(overlap)) against \(Figures.number(fresh?.wrongSets.meanOfMax ?? .nan)) "
                    + "for fresh networks"
            ),
            (isShrunk, "they vary \(Figures.number(spread)) times as much as the zoo (RMS about the mean)"),
            (repeatsFew, "they repeat a few networks and leave out the rest of the zoo"),
        ]
        return ["mean test accuracy over all \(generated.count) generated networks: \(accuracies)", distanceReason]
            + optional.filter(\.0).map(\.1) + rivals.map { "\(describe($0)): at least as accurate and as novel" }
    }

    private var accuracies: String {
        "\(Figures.percent(generated.accuracy.mean)) against the zoo's \(Figures.percent(zoo.accuracy.mean))"
    }

    private var standing: String {
        let comparison = switch quality {
        case .equal: "are as accurate as the zoo"
        case .better: "are more accurate than the zoo"
        case .worse, .failed: "are less accurate than the zoo"
        }
        return comparison + " (\(Figures.percent(generated.accuracy.mean)) against "
            + "\(Figures.percent(zoo.accuracy.mean)))"
    }

    /// "and" where both halves are good or both bad, else "but".
    private var conjunction: String { (quality == .worse) == (novelty == .novel) ? "but" : "and" }

    private var closeness: String {
        guard distance.isFinite else { return "how far they lie from the zoo could not be measured" }
        let kind = switch novelty {
        case .copies: "copies"
        case .nearCopies: "near-copies"
        case .novel: "novel"
        }
        return "lie \(Figures.number(distance)) \(unitName) from their nearest zoo network: \(kind)\(closenessCause)"
    }

    /// Why networks count as copies although their mean distance does not say so.
    private var closenessCause: String {
        let shares = generated.novelty
        switch novelty {
        case .copies where distance >= limits.copies:
            return ", for \(Figures.percent(shares.share(below: limits.copies))) of them lie below "
                + Figures.number(limits.copies)
        case .nearCopies where distance >= limits.nearCopies:
            let share = shares.share(below: limits.nearCopies)
            if share > limits.toleratedShare {
                return ", for \(Figures.percent(share)) of them lie below \(Figures.number(limits.nearCopies))"
            }
            return ", for they fail on the same test inputs as zoo networks"
        default: return ""
        }
    }

    private var unitName: String {
        generated.novelty.unit.origin == .freshNetworks ? "fresh-network distances" : "zoo-to-zoo distances"
    }

    private var collapseClause: String {
        isShrunk
            ? "they have collapsed: they vary only \(Figures.number(spread)) times as much as the zoo"
            : "they have collapsed: they repeat a few networks and leave out the rest of the zoo"
    }

    private var brokenNetworks: String {
        let verb = generated.nonFinite == 1 ? "has" : "have"
        return "\(generated.nonFinite) of \(generated.count) generated networks \(verb) weights that are not finite"
    }

    private var distanceReason: String {
        guard distance.isFinite else { return "no distance to the zoo could be measured, so novelty is not claimed" }
        let (copies, near) = (limits.copies, limits.nearCopies)
        return "distance to the nearest zoo network, in \(unitName): mean \(Figures.number(distance)), "
            + "\(Figures.percent(generated.novelty.share(below: copies))) of the networks below \(copies) (copies), "
            + "\(Figures.percent(generated.novelty.share(below: near))) below \(near) (near-copies)"
    }

    private var rivalClause: String {
        if baselines.isEmpty { return "no baseline was measured" }
        guard let rival = rivals.first else { return "no baseline is both as accurate and as far from the zoo" }
        let far = rival.novelty.weightDistance.mean
        let place = far > distance + 1e-9 ? "further away" : "as far away"
        return "\(rival.label) are \(place) (\(Figures.number(far))) at \(Figures.percent(rival.accuracy.mean))"
    }

    private func describe(_ row: EvaluationRow) -> String {
        "\(row.label), \(Figures.percent(row.accuracy.mean)) at \(Figures.number(row.novelty.weightDistance.mean))"
    }
}
