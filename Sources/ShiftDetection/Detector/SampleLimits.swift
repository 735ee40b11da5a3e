/// What limits what can be said of a sample that can be judged.
///
/// Three steps, and none of them is passed over in silence: rows that allow no judgement at all are refused
/// (`ShiftDetector.check`); where nothing can be said about *different* the verdict is *cannot say*; where something can,
/// and nothing about harm, it is *different* with a ``HarmObstacle``. What only weakens a statement is a sentence below it.
struct SampleLimits {
    /// Why nothing is said about harm, besides what the estimate itself shows.
    let obstacle: HarmObstacle?
    /// Sentences for a person.
    let reasons: [String]

    /// The share of rows outside the reference's outputs above which nothing is said about harm.
    static let mostOutside = 0.5
    /// The share above which a person is told.
    static let toldOutside = 0.1

    /// Looks at a sample beside the reference rows that estimates rest on; `smallest` is the smallest size that the detector
    /// was fitted for.
    init(of sample: ShiftRows, beside reference: ShiftRows, smallest: Int) {
        let (outside, total) = (sample.outsideCount(of: reference), sample.count)
        let share = Double(outside) / Double(max(total, 1))
        obstacle = share > Self.mostOutside ? .outsideReference(rows: outside) : nil
        var reasons: [String] = []
        if share > Self.toldOutside {
            reasons.append(
                "Of \(outside) of the \(total) rows the model is surer than of any reference row: what is estimated of them "
                    + "goes beyond what the reference shows.")
        }
        if total < smallest {
            reasons.append(
                "\(total) rows are fewer than the \(smallest) that the detector was fitted for: only large shifts show."
            )
        }
        self.reasons = reasons
    }
}
