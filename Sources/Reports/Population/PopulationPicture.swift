/// What the picture of a population shows, as plain data: whoever has a population fills it in.
public struct PopulationPicture: Sendable, Equatable {
    /// The name of the file.
    public var name: String
    /// N, the number of networks.
    public var count: Int
    /// D, the number of weights of a network.
    public var parameters: Int
    /// The data set that the networks were trained on, where known.
    public var dataset: String?
    /// Recorded accuracies, the finite ones, in the order in which they are drawn.
    public var accuracies: [Accuracies] = []
    /// One recorded accuracy by the networks' split.
    public var bySplit: BySplit?
    /// The slots of the layout, in flattening order.
    public var slots: [Slot] = []
    /// What is recorded of the networks.
    public var columns: [Column] = []
    /// The file in names and texts.
    public var facts: [ReportInput.Fact] = []

    /// Starts a picture of `count` networks with `parameters` weights each.
    public init(name: String, count: Int, parameters: Int, dataset: String? = nil) {
        self.name = name
        self.count = count
        self.parameters = parameters
        self.dataset = dataset
    }

    /// The rows of a data set that an accuracy was measured on.
    public enum Rows: Sendable, Equatable { case training, validation, test }

    /// One recorded accuracy of all networks.
    public struct Accuracies: Sendable, Equatable {
        /// For people: "test accuracy".
        public var name: String
        /// What it was measured on; nil for accuracies of another kind.
        public var measured: Rows?
        /// Fractions, finite.
        public var values: [Double]

        /// Puts one together.
        public init(name: String, measured: Rows?, values: [Double]) {
            self.name = name
            self.measured = measured
            self.values = values
        }
    }

    /// One recorded accuracy of the networks of each split; finite fractions.
    public struct BySplit: Sendable, Equatable {
        /// For people: "test accuracy".
        public var name: String
        /// Of the networks that generators learn from.
        public var training: [Double]
        /// Of those that settings are chosen on.
        public var validation: [Double]
        /// Of those that take part in nothing.
        public var fresh: [Double]

        /// Puts one together.
        public init(name: String, training: [Double], validation: [Double], fresh: [Double]) {
            self.name = name
            self.training = training
            self.validation = validation
            self.fresh = fresh
        }
    }

    /// A slot of the layout with statistics over all sound networks; nil where there are none.
    public struct Slot: Sendable, Equatable {
        /// "layers.0.weight".
        public var name: String
        /// Extents.
        public var shape: [Int]
        /// Statistics over all elements of all networks.
        public var mean, deviation, minimum, maximum: Double?
        /// |w| at 5, 25, 50, 75 and 95 % of the elements.
        public var magnitudes: [Double]?

        /// Puts a slot together.
        public init(
            name: String, shape: [Int], mean: Double?, deviation: Double?, minimum: Double?, maximum: Double?,
            magnitudes: [Double]?
        ) {
            self.name = name
            self.shape = shape
            (self.mean, self.deviation, self.minimum, self.maximum) = (mean, deviation, minimum, maximum)
            self.magnitudes = magnitudes
        }
    }

    /// One value a network, in summary.
    public struct Column: Sendable, Equatable {
        /// "optimizer".
        public var name: String
        /// "real", "integer", "unsigned" or "text".
        public var kind: String
        /// Number of networks without a value.
        public var missing: Int
        /// Least, mean and greatest value; nil for text, or where all are missing.
        public var minimum, mean, maximum: Double?

        /// Puts a column together.
        public init(name: String, kind: String, missing: Int, minimum: Double?, mean: Double?, maximum: Double?) {
            self.name = name
            self.kind = kind
            self.missing = missing
            (self.minimum, self.mean, self.maximum) = (minimum, mean, maximum)
        }
    }
}
