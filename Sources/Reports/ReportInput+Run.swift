extension ReportInput {
    /// One arm with one seed: what its pictures are drawn from.
    public struct Run: Sendable, Equatable, Codable {
        /// The seed that the rows carry.
        public var seed: UInt64
        /// The verdict over this run; nil where only the whole was judged.
        public var verdict: Summary.Verdict?
        /// The judged populations network by network, in the order of the rows.
        public var populations: [Population] = []
        /// The training of the generator.
        public var loss = LossCurve()
        /// Zoo, fresh and generated networks in the first two principal components.
        public var scatter: Scatter?
        /// Nearest-neighbour distances network by network, by direction, for example "zoo → generated".
        public var directions: [Direction] = []
        /// What alignment did.
        public var alignment: Alignment?
        /// The zoo and the data set in facts.
        public var facts: [Fact] = []
        /// What was spent.
        public var budget: Budget?

        /// Starts a run.
        public init(seed: UInt64) {
            self.seed = seed
        }
    }

    /// One judged population, network by network; both lists have the same order and length.
    public struct Population: Sendable, Equatable, Codable {
        /// As in `Summary.Row.what`.
        public var what: String
        /// As in `Summary.Row.label`.
        public var label: String
        /// Test accuracies as fractions.
        public var accuracies: [Double]
        /// Distances to the nearest zoo network (for zoo networks: another one), in units of a fresh network's.
        public var distances: [Double]

        /// Takes both lists.
        public init(what: String, label: String? = nil, accuracies: [Double], distances: [Double]) {
            self.what = what
            self.label = label ?? what
            self.accuracies = accuracies
            self.distances = distances
        }
    }

    /// The loss of the generator over its training; the lists of one curve have the same length.
    public struct LossCurve: Sendable, Equatable, Codable {
        /// The step of each recorded training loss.
        public var steps: [Double] = []
        /// The training loss.
        public var training: [Double] = []
        /// The step of each recorded held-out loss.
        public var heldOutSteps: [Double] = []
        /// The loss on held-out networks, where recorded.
        public var heldOut: [Double] = []

        /// Starts without records.
        public init() {}
    }

    /// Networks in a plane.
    public struct Scatter: Sendable, Equatable, Codable {
        /// Points by population: `zoo`, `fresh`, `generated`.
        public var groups: [Group] = []
        /// The share of the total variance along the two axes.
        public var explained: [Double] = []

        /// Starts without points.
        public init(explained: [Double] = [], groups: [Group] = []) {
            self.explained = explained
            self.groups = groups
        }

        /// One population; both lists have the same length.
        public struct Group: Sendable, Equatable, Codable {
            /// As in `Summary.Row.what`.
            public var what: String
            /// Along the first component.
            public var x: [Double]
            /// Along the second component.
            public var y: [Double]

            /// Takes both lists.
            public init(what: String, x: [Double], y: [Double]) {
                self.what = what
                self.x = x
                self.y = y
            }
        }
    }

    /// Nearest-neighbour distances in one direction, in units of a fresh network's distance from the zoo.
    public struct Direction: Sendable, Equatable, Codable {
        /// For people: "generated → zoo".
        public var name: String
        /// The population that gives the colour: `zoo`, `fresh`, `generated`.
        public var what: String
        /// One distance a network.
        public var distances: [Double]
        /// The mean distance in weights.
        public var rawMean: Double?

        /// Takes the distances.
        public init(name: String, what: String, distances: [Double], rawMean: Double? = nil) {
            self.name = name
            self.what = what
            self.distances = distances
            self.rawMean = rawMean
        }
    }
}
