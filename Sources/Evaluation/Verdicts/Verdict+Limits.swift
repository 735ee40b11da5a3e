extension Verdict {
    /// The limits by which a verdict is reached. Accuracies are fractions, distances in fresh-network units.
    public struct Limits: Sendable, Equatable {
        /// Up to this difference of mean accuracy generated networks and zoo are equal.
        public var accuracyTolerance = 0.01
        /// From this loss of mean accuracy on, generated networks have failed.
        public var failureLoss = 0.1
        /// They have also failed if they keep less than this share of what the zoo has above chance.
        public var keptAboveChance = 0.5
        /// Below this distance a network is a copy: the hundredth part of the way to any other network, less than what
        /// rounding, a solver's step size or a training step moves.
        public var copies = 0.01
        /// Below this distance a network is a near-copy. Zoo networks lie about 1 from each other, so that by the
        /// triangle inequality a network within 0.5 of one zoo network is nearer to it than to any other; the midpoint
        /// of two lies at 0.5.
        public var nearCopies = 0.5
        /// An ensemble is novel only if at most this share of its networks lies below `nearCopies`; it is one of
        /// copies if more than half lie below `copies`. The mean alone would let a few far networks hide many copies.
        public var toleratedShare = 0.1
        /// Networks that fail on the same inputs as a zoo network are near-copies whatever their weights: this is the
        /// share of the way from a fresh network's largest wrong-set overlap to full overlap.
        public var functionalOverlap = 0.5
        /// Below this RMS ratio of the codes (of the weights, where codes are unknown) the samples have collapsed.
        public var collapse = 0.5
        /// They have also collapsed onto few networks if a sample lies from its nearest other sample less than this
        /// share of the zoo networks' distance from each other, while the zoo is not covered. (Samples that are many
        /// and near-copies of *all* zoo networks lie near each other, too; they cover the zoo.)
        public var repetition = 0.05
        /// The zoo is covered if the mean distance from a zoo network to its nearest sample is at most this share of
        /// the zoo networks' distance from each other.
        public var coverage = 0.5
        /// A baseline is as accurate as the generated networks if it loses at most this much against them.
        public var baselineTolerance = 0.0025

        /// The limits that every report states.
        public init() {}
    }
}
