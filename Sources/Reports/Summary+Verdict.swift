extension Summary {
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

        /// One plain sentence.
        public var text: String
        /// How good the networks are.
        public var quality: Quality
        /// How new the networks are.
        public var novelty: Novelty
        /// Whether no baseline (noise, averages, Gaussians) is as new and as good.
        public var beatsBaselines: Bool
        /// Whether the samples have (nearly) become one network.
        public var collapsed: Bool
        /// Whether training or sampling left the finite numbers.
        public var diverged: Bool
        /// The reasons, one sentence each.
        public var reasons: [String]

        private enum CodingKeys: String, CodingKey {
            case text, quality, novelty, collapsed, diverged, reasons
            case beatsBaselines = "beats_baselines"
        }

        /// Takes a verdict that was reached elsewhere; `init(judging:)` reaches one.
        public init(
            text: String, quality: Quality, novelty: Novelty, beatsBaselines: Bool, collapsed: Bool = false,
            diverged: Bool = false, reasons: [String] = []
        ) {
            self.text = text
            self.quality = quality
            self.novelty = novelty
            self.beatsBaselines = beatsBaselines
            self.collapsed = collapsed
            self.diverged = diverged
            self.reasons = reasons
        }

        /// Whether the result is bad in the sense of exit status 3: diverged, collapsed or failed.
        public var isBad: Bool { diverged || collapsed || quality == .failed }

        /// The colour of the verdict: green only for networks that are as good and new.
        var light: Light {
            if isBad { return .red }
            return quality == .equal && novelty == .novel && beatsBaselines ? .green : .amber
        }

        /// The three colours of a verdict.
        enum Light: String, Sendable { case green, amber, red }
    }
}
