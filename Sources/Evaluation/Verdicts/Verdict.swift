/// What the measurements amount to, in one sentence and a few words that programs can read.
public struct Verdict: Sendable, Equatable {
    /// How good the generated networks are beside the zoo, by mean test accuracy over all of them.
    public enum Quality: String, Sendable, Equatable {
        /// Within the tolerance.
        case equal
        /// Above the zoo by more than the tolerance.
        case better
        /// Below the zoo by more than the tolerance.
        case worse
        /// So far below the zoo that the networks are of no use.
        case failed
    }

    /// How new the generated networks are, in units of fresh networks' distance from the zoo.
    public enum Class: String, Sendable, Equatable {
        /// Zoo networks again; also where nothing could be measured, for novelty has to be shown.
        case copies
        /// Each tied to one zoo network.
        case nearCopies = "near-copies"
        /// As independent of the zoo's networks as fresh ones are, up to a factor of two.
        case novel
    }

    /// How good.
    public let quality: Quality
    /// How new.
    public let novelty: Class
    /// Whether the samples vary far less than the zoo, or repeat a few networks.
    public let collapsed: Bool
    /// Whether training or sampling left the finite numbers.
    public let diverged: Bool
    /// Whether the networks work and no baseline is at least as accurate (within a tolerance) and at least as novel.
    public let beatsBaselines: Bool
    /// `what` of the baselines that are at least as accurate and at least as novel, most novel first.
    public let rivals: [String]
    /// One plain sentence.
    public let text: String
    /// The findings behind it, one sentence each.
    public let reasons: [String]

    /// Whether the result is bad in the sense of exit status 3.
    public var isBad: Bool { diverged || collapsed || quality == .failed }

    /// Judges measured rows; a pure function of its arguments.
    ///
    /// - baselines: those with which the generator has to compete (fresh networks are none); chance: the accuracy of
    ///   guessing, 1 / C; diverged: whether training or sampling left the finite numbers.
    public init(
        generated: EvaluationRow, zoo: EvaluationRow, fresh: EvaluationRow? = nil, baselines: [EvaluationRow],
        chance: Double, diverged: Bool = false, limits: Limits = Limits()
    ) {
        let judge = VerdictJudge(
            generated: generated, zoo: zoo, fresh: fresh, baselines: baselines, chance: chance,
            diverged: diverged, limits: limits)
        let rivals = judge.rivals
        quality = judge.quality
        novelty = judge.novelty
        collapsed = judge.collapsed
        self.diverged = diverged
        beatsBaselines = rivals.isEmpty && judge.quality != .failed && !diverged
        self.rivals = rivals.map(\.what)
        text = judge.sentence
        reasons = judge.reasons
    }
}
