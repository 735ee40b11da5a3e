extension ReportInput {
    /// What alignment did to the zoo.
    public struct Alignment: Sendable, Equatable, Codable {
        /// The method, for example "weight matching".
        public var method: String
        /// The index of the reference network, where there is one.
        public var reference: Int?
        /// The most sweeps that one network needed.
        public var sweeps: Int?
        /// The mean distance to the reference before.
        public var distanceBefore: Double?
        /// The mean distance to the reference after.
        public var distanceAfter: Double?
        /// The largest difference of any logit on data, before against after: the function is the same.
        public var largestLogitDifference: Double?

        /// Starts with the method; "none" where nothing was aligned.
        public init(method: String) {
            self.method = method
        }
    }

    /// What networks cost, in seconds: generated ones beside freshly trained ones.
    public struct Budget: Sendable, Equatable, Codable {
        /// Training the zoo; nil where it came from a file that does not say.
        public var zooTraining: Double?
        /// Aligning the zoo.
        public var alignment: Double?
        /// Fitting its coordinates and training the generator.
        public var generator: Double?
        /// Drawing all samples.
        public var sampling: Double?
        /// Judging everything.
        public var judging: Double?
        /// How many networks were drawn.
        public var sampleCount: Int?
        /// Training one fresh network at the rate of zoo training.
        public var freshNetwork: Double?

        /// Starts with nothing known.
        public init() {}

        /// Drawing one sample.
        public var oneSample: Double? {
            guard let sampling, let sampleCount, sampleCount > 0 else { return nil }
            return sampling / Double(sampleCount)
        }

        /// What has to be spent before the first sample: zoo, alignment, generator; nil if one is unknown.
        public var fixed: Double? {
            guard let zooTraining, let generator else { return nil }
            return zooTraining + (alignment ?? 0) + generator
        }

        /// After how many networks generating is cheaper than training; nil if unknown, infinite if never.
        public var breakEven: Double? {
            guard let fixed, let oneSample, let freshNetwork, fixed.isFinite, oneSample.isFinite,
                freshNetwork.isFinite
            else { return nil }
            let saved = freshNetwork - oneSample
            return saved > 0 ? (fixed / saved).rounded(.up) : .infinity
        }
    }
}
