extension Summary {
    /// One judged population: the zoo, held-out fresh networks, the generated ones, or a baseline.
    public struct Row: Sendable, Equatable {
        /// The name of the arm; `main` where an experiment has a single one.
        public var arm: String
        /// The seed of the run.
        public var seed: UInt64
        /// `zoo`, `fresh`, `generated`, or a baseline such as `noise-0.01`, `average-4`, `gaussian-full`,
        /// `nearest-zoo`.
        public var what: String
        /// The same for people, for example "zoo + noise 0.01".
        public var label: String
        /// The number of networks.
        public var count: Int
        /// Test accuracy as a fraction, over all networks.
        public var testAccuracy: Spread
        /// Validation accuracy as a fraction, over all networks.
        public var validationAccuracy: Spread?
        /// How new the networks are; nil where novelty has no meaning.
        public var novelty: Novelty?
        /// The RMS of the codes divided by that of the zoo's codes; 1 where the spread matches.
        public var codeRMSRatio: Double?

        /// Describes one population; `label` is `what` where none is given.
        public init(
            arm: String, seed: UInt64, what: String, label: String? = nil, count: Int, testAccuracy: Spread,
            validationAccuracy: Spread? = nil, novelty: Novelty? = nil, codeRMSRatio: Double? = nil
        ) {
            self.arm = arm
            self.seed = seed
            self.what = what
            self.label = label ?? what
            self.count = count
            self.testAccuracy = testAccuracy
            self.validationAccuracy = validationAccuracy
            self.novelty = novelty
            self.codeRMSRatio = codeRMSRatio
        }
    }
}

extension Summary.Row: Codable {
    private enum CodingKeys: String, CodingKey {
        case arm, seed, what, label, n, novelty
        case testAccuracy = "test_accuracy"
        case validationAccuracy = "validation_accuracy"
        case codeRMSRatio = "code_rms_ratio"
    }

    /// Writes an object with keys in snake case; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(arm, forKey: .arm)
        try container.encode(seed, forKey: .seed)
        try container.encode(what, forKey: .what)
        try container.encode(label, forKey: .label)
        try container.encode(count, forKey: .n)
        try container.encode(testAccuracy, forKey: .testAccuracy)
        try container.encodeIfPresent(validationAccuracy, forKey: .validationAccuracy)
        try container.encodeIfPresent(novelty, forKey: .novelty)
        try container.encodeNumberIfPresent(codeRMSRatio, forKey: .codeRMSRatio)
    }

    /// Reads an object; `label` is `what` where it is absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        arm = try container.decode(String.self, forKey: .arm)
        seed = try container.decode(UInt64.self, forKey: .seed)
        what = try container.decode(String.self, forKey: .what)
        label = try container.decodeIfPresent(String.self, forKey: .label) ?? what
        count = try container.decode(Int.self, forKey: .n)
        testAccuracy = try container.decode(Spread.self, forKey: .testAccuracy)
        validationAccuracy = try container.decodeIfPresent(Spread.self, forKey: .validationAccuracy)
        novelty = try container.decodeIfPresent(Summary.Novelty.self, forKey: .novelty)
        codeRMSRatio = try container.decodeNumberIfPresent(forKey: .codeRMSRatio)
    }
}
