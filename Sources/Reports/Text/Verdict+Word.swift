import Evaluation

extension Verdict {
    /// The verdict in one to six words, for headings.
    package var word: String {
        if let tally {
            if tally.good == tally.count { return "Good and new" }
            if tally.failed == tally.count { return "Failed" }
            return tally.good == 0 ? "None good and new" : "Mixed"
        }
        if diverged { return "Diverged" }
        if quality == .failed { return "Failed" }
        if collapsed { return "Collapsed" }
        switch (quality, novelty) {
        case (_, .copies): return "Copies"
        case (_, .nearCopies): return "Near-copies"
        case (.equal, .inBetween): return "Good, but between near-copies and new"
        case (_, .inBetween): return "Between near-copies and new, and worse"
        case (.equal, .novel) where underDispersed && beatsBaselines: return "Good and new, under-dispersed"
        case (.equal, .novel) where beatsBaselines: return "Good and new"
        case (.equal, .novel): return "A baseline does as well"
        default: return "New, but worse"
        }
    }
}
