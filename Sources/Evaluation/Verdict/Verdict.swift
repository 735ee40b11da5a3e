/// What the numbers amount to, in one sentence and a few words that programs can read.
public struct Verdict: Sendable, Equatable, Codable {
    /// How good generated networks are beside the zoo.
    public enum Quality: String, Sendable, Codable { case equal, worse, failed }

    /// How new generated networks are beside freshly trained ones, the least first.
    public enum Novelty: String, Sendable, Codable, CaseIterable, Comparable {
        case copies
        case nearCopies = "near-copies"
        case inBetween = "in-between"
        case novel

        /// Whether the first is less new.
        public static func < (left: Novelty, right: Novelty) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// The verdict for people, in one plain sentence.
    public var text: String
    /// How good the networks are.
    public var quality: Quality
    /// How new the networks are.
    public var novelty: Novelty
    /// Whether no baseline (noise, averages, Gaussians) is as new and as good; false for copies and near-copies.
    public var beatsBaselines: Bool
    /// Whether the samples have (nearly) become one network: they lie near each other.
    public var collapsed: Bool
    /// Whether the samples differ, but clearly less than the zoo's networks do.
    public var underDispersed: Bool
    /// Whether training or sampling left the finite numbers.
    public var diverged: Bool
    /// The reasons, one sentence each.
    public var reasons: [String]
    /// The generated and fresh networks and all baselines, nearest to the zoo first, by accuracy and distance; empty where
    /// the verdict is over several runs, and in files of earlier versions.
    public var frontier: [FrontierPoint] = []
    /// The finish after which populations were compared; nil where they were compared as they are.
    public var finish: String?
    /// What became of each run, where the verdict is over several.
    public var tally: Tally?

    private enum CodingKeys: String, CodingKey {
        case text, quality, novelty, collapsed, diverged, reasons, frontier, finish
        case underDispersed = "under_dispersed"
        case beatsBaselines = "beats_baselines"
        case tally = "runs"
    }

    /// Reads a verdict; one that an earlier version wrote knows nothing of under-dispersed samples, of the frontier, or of
    /// finishes.
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
        frontier = try container.decodeIfPresent([FrontierPoint].self, forKey: .frontier) ?? []
        finish = try container.decodeIfPresent(String.self, forKey: .finish)
        tally = try container.decodeIfPresent(Tally.self, forKey: .tally)
    }

    /// Writes an object with keys in snake case; a frontier, a finish and a tally only where there is one.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(text, forKey: .text)
        try container.encode(quality, forKey: .quality)
        try container.encode(novelty, forKey: .novelty)
        try container.encode(beatsBaselines, forKey: .beatsBaselines)
        try container.encode(collapsed, forKey: .collapsed)
        try container.encode(underDispersed, forKey: .underDispersed)
        try container.encode(diverged, forKey: .diverged)
        try container.encode(reasons, forKey: .reasons)
        if !frontier.isEmpty { try container.encode(frontier, forKey: .frontier) }
        try container.encodeIfPresent(finish, forKey: .finish)
        try container.encodeIfPresent(tally, forKey: .tally)
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

extension Verdict {
    /// Judges the rows of one arm and seed.
    ///
    /// Where the generated and the fresh networks were measured after a finish, every row is taken after that finish, and
    /// as it is only where it has none. Novelty is the least of four measures, each beside the fresh networks' (the zoo's own
    /// where there are none): distance in weights (the median ratio, the mean where there is no median), distance by what
    /// units contribute, disagreement with the nearest zoo network, and wrong sets; what was not measured is not claimed. A
    /// rival is as new from 0.9 of the generated networks' distance *and* disagreement on. `chance` is the accuracy of
    /// guessing, 1 / C. Without a generated row the verdict is failed.
    public init(
        judging rows: [EvaluationRow], chance: Double, diverged: Bool = false, limits: VerdictLimits = .init()
    ) {
        let judge = VerdictJudge(rows: rows, chance: chance, limits: limits)
        guard let generated = judge.generated, let yardstick = judge.yardstick else {
            self.init(
                text: "There is no verdict: the generated networks or the zoo were not judged.",
                quality: .failed, novelty: .copies, beatsBaselines: false, diverged: diverged,
                reasons: ["rows for \"zoo\" and \"generated\" are needed"])
            return
        }
        let quality = diverged ? .failed : judge.quality(of: generated, beside: yardstick)
        let novelty = judge.newness(of: generated).verdict(limits).novelty
        let rival = judge.rival(of: generated)
        // How new a population is that was not measured cannot be more than a baseline's.
        let isAhead = rival == nil && novelty > .nearCopies && quality != .failed
        let collapsed = judge.hasCollapsed(generated)
        self.init(
            text: "", quality: quality, novelty: novelty, beatsBaselines: isAhead, collapsed: collapsed,
            underDispersed: !collapsed && judge.isNarrow(generated), diverged: diverged)
        (frontier, finish) = (judge.frontier, judge.finish)
        let text = VerdictText(judge: judge, generated: generated, yardstick: yardstick, rival: rival, verdict: self)
        (reasons, self.text) = (text.reasons, text.sentence)
    }
}
