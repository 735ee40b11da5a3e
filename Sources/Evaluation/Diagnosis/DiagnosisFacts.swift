/// What a run knows of itself when it is asked why its networks are bad, besides the judged rows.
public struct DiagnosisFacts: Sendable, Equatable {
    /// Accuracies with one set of running statistics and with another; nil for networks that have none.
    public var statistics: Statistics?
    /// Whether networks lie in one frame; nil where that was not measured.
    public var frame: Frame?
    /// How widely the scales of hidden units differ: the standard deviation of log s, s the factor that balances a unit's
    /// incoming and outgoing weights. Nil for networks without such units.
    public var scaleDeviation: Double?
    /// How much there was to learn from; nil where no generator is known.
    public var learning: Learning?

    /// Running statistics.
    public struct Statistics: Sendable, Equatable {
        /// Whose statistics were looked at.
        public enum Subject: Sendable { case zoo, generated }

        /// Zoo networks, whose own are right, or the networks that are judged, whose new ones are.
        public var subject: Subject
        /// Mean accuracy with the statistics that the networks came with.
        public var own: Double
        /// Mean accuracy with statistics taken anew on training rows.
        public var refreshed: Double
        /// How many training rows, at most.
        public var rows: Int

        /// Takes both accuracies.
        public init(of subject: Subject, own: Double, refreshed: Double, rows: Int) {
            (self.subject, self.own, self.refreshed, self.rows) = (subject, own, refreshed, rows)
        }
    }

    /// The order of units.
    public struct Frame: Sendable, Equatable {
        /// Mean distance of the networks from the reference as they came.
        public var before: Double
        /// The same after their units were matched to it.
        public var after: Double
        /// Whether what the generator saw has one order, or needs none.
        public var isUnified: Bool

        /// Takes both distances.
        public init(before: Double, after: Double, isUnified: Bool) {
            (self.before, self.after, self.isUnified) = (before, after, isUnified)
        }
    }

    /// What a generator learned from.
    public struct Learning: Sendable, Equatable {
        /// N, the networks.
        public var networks: Int
        /// K, the numbers of a code.
        public var dimensions: Int
        /// How many times its least the validation loss was at the end; nil where it had not risen.
        public var validationRise: Double?

        /// Takes what is known.
        public init(networks: Int, dimensions: Int, validationRise: Double? = nil) {
            (self.networks, self.dimensions, self.validationRise) = (networks, dimensions, validationRise)
        }
    }

    /// Nothing is known yet.
    public init() {}
}
