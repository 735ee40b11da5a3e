/// What the numbers amount to, in one sentence and a few words that programs can read.
public struct Verdict: Sendable, Equatable, Codable {
    /// How good generated networks are beside the zoo.
    public enum Quality: String, Sendable, Codable { case equal, worse, failed }

    /// How new generated networks are beside freshly trained ones.
    public enum Novelty: String, Sendable, Codable {
        case copies
        case nearCopies = "near-copies"
        case novel
    }

    /// The verdict for people, in one plain sentence.
    public var text: String
    /// How good the networks are.
    public var quality: Quality
    /// How new the networks are.
    public var novelty: Novelty
    /// Whether no baseline (noise, averages, Gaussians) is as new and as good.
    public var beatsBaselines: Bool
    /// Whether the samples have (nearly) become one network: they lie near each other.
    public var collapsed: Bool
    /// Whether the samples differ, but clearly less than the zoo's networks do.
    public var underDispersed: Bool
    /// Whether training or sampling left the finite numbers.
    public var diverged: Bool
    /// The reasons, one sentence each.
    public var reasons: [String]
    /// What became of each run, where the verdict is over several.
    public var tally: Tally?

    private enum CodingKeys: String, CodingKey {
        case text, quality, novelty, collapsed, diverged, reasons
        case underDispersed = "under_dispersed"
        case beatsBaselines = "beats_baselines"
        case tally = "runs"
    }

    /// Reads a verdict; one that an earlier version wrote knows nothing of under-dispersed samples.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            text: try container.decode(String.self, forKey: .text),
            quality: try container.decode(Quality.self, forKey: .quality),
            novelty: try container.decode(Novelty.self, forKey: .novelty),
            beatsBaselines: try container.decode(Bool.self, forKey: .beatsBaselines),
            collapsed: try container.decode(Bool.self, forKey: .collapsed),
            underDispersed: try container.decodeIfPresent(Bool.self, forKey: .underDispersed) ?? false,
            diverged: try container.decode(Bool.self, forKey: .diverged),
            reasons: try container.decode([String].self, forKey: .reasons))
        tally = try container.decodeIfPresent(Tally.self, forKey: .tally)
    }

    /// Takes a verdict that was reached elsewhere; `init(judging:)` reaches one.
    public init(
        text: String, quality: Quality, novelty: Novelty, beatsBaselines: Bool, collapsed: Bool = false,
        underDispersed: Bool = false, diverged: Bool = false, reasons: [String] = []
    ) {
        self.text = text
        self.quality = quality
        self.novelty = novelty
        self.beatsBaselines = beatsBaselines
        self.collapsed = collapsed
        self.underDispersed = underDispersed
        self.diverged = diverged
        self.reasons = reasons
    }

    /// Whether the result is bad in the sense of exit status 3: diverged, collapsed or failed.
    public var isBad: Bool { diverged || collapsed || quality == .failed }

    /// The colour of the verdict: green only for networks that are as good, new and as varied; over several runs that of
    /// all, where they agree.
    package var light: Light {
        if let tally { return tally.light }
        if isBad { return .red }
        return quality == .equal && novelty == .novel && beatsBaselines && !underDispersed ? .green : .amber
    }

    /// The three colours of a verdict.
    package enum Light: String, Sendable { case green, amber, red }
}

/// The limits by which a verdict is reached; charts shade the same regions.
public struct VerdictLimits: Sendable, Equatable {
    /// Generated networks are as good as the zoo if they lose at most this much mean accuracy.
    public var accuracyLoss = 0.01
    /// They fail if they keep less than this share of what the zoo has above chance.
    public var keptAboveChance = 0.5
    /// Below this ratio of a fresh network's distance a network is a copy.
    public var copies = 0.01
    /// From this ratio on a network is new; between the two it is a near-copy.
    public var novel = 0.5
    /// A baseline is as good as the generator if it loses at most this much mean accuracy against it.
    public var baselineLoss = 0.0025
    /// A baseline is as new as the generator from this share of its distance ratio on: ratios are medians of samples.
    public var baselineDistance = 0.95
    /// Samples are under-dispersed if the RMS of their codes falls below this ratio of the zoo's.
    public var narrowSpread = 0.5
    /// Under-dispersed samples have collapsed if they lie this near to each other, in units of the zoo's own distances;
    /// where distances say nothing, if the RMS of their codes falls below this ratio.
    public var near = 0.2
    /// Others have collapsed if each lies this near to another, in units of the zoo's own distances, ...
    public var repeated = 0.05
    /// ... while zoo networks lie this far from any of them. Both, because many samples near all of a small zoo are
    /// near each other too: that is copying, not collapse.
    public var missed = 0.5

    /// The limits that every report states.
    public init() {}
}

extension Verdict {
    /// Judges the rows of one arm and seed.
    ///
    /// Novelty goes by the median distance ratio (the mean where there is no median), and falls to near-copies
    /// where the wrong-set overlap with the zoo is more than half-way from a fresh network's to a copy's.
    /// `chance` is the accuracy of guessing, 1 / C. Without a generated row the verdict is failed.
    public init(
        judging rows: [EvaluationRow], chance: Double, diverged: Bool = false, limits: VerdictLimits = .init()
    ) {
        let judge = VerdictJudge(rows: rows, chance: chance, limits: limits)
        guard let generated = judge.generated, let zoo = judge.zoo else {
            self.init(
                text: "There is no verdict: the generated networks or the zoo were not judged.",
                quality: .failed, novelty: .copies, beatsBaselines: false, diverged: diverged,
                reasons: ["rows for \"zoo\" and \"generated\" are needed"])
            return
        }
        let quality = diverged ? .failed : judge.quality(of: generated, beside: zoo)
        let novelty = judge.novelty(of: generated)
        let rival = judge.rival(of: generated)
        // How new a population is that was not measured cannot be more than a baseline's.
        let isAhead = rival == nil && generated.decidingRatio != nil && quality != .failed
        let collapsed = judge.hasCollapsed(generated)
        self.init(
            text: "", quality: quality, novelty: novelty, beatsBaselines: isAhead, collapsed: collapsed,
            underDispersed: !collapsed && judge.isNarrow(generated), diverged: diverged)
        reasons = judge.reasons(generated: generated, zoo: zoo, rival: rival, verdict: self)
        text = judge.sentence(generated: generated, zoo: zoo, rival: rival, verdict: self)
    }
}
