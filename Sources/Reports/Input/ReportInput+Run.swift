import Basics
import Evaluation

extension ReportInput {
    /// One arm with one seed: what its pictures are drawn from.
    public struct Run: Sendable, Equatable, Codable {
        /// The seed that the rows carry.
        public var seed: UInt64
        /// The verdict over this run; nil where only the whole was judged.
        public var verdict: Verdict?
        /// The judged populations with their single networks, in the order of the summary.
        public var populations: [EvaluationRow] = []
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
        /// What can be certified of the generated networks besides the verdict.
        public var certificate: Certificate?
        /// What networks made from examples of single tasks are worth; nil where none were made.
        public var tasks: TaskMeasurements?
        /// Numbers that were asked for beside what networks have; nil where none were.
        public var prompts: PromptTable?
        /// The known causes of bad networks, each with its number.
        public var diagnosis: Diagnosis?
        /// What tuning the generator to a reward gave, where it was tuned.
        public var tuning: TuningTable?

        /// Starts a run.
        public init(seed: UInt64) {
            self.seed = seed
        }
    }

    /// The loss of the generator over its training; the lists of one curve have the same length.
    public struct LossCurve: Sendable, Equatable, Codable {
        /// The step of each recorded training loss.
        public var steps: [Double] = []
        /// The training loss.
        public var training: [Double] = []
        /// The step of each recorded loss on validation networks.
        public var validationSteps: [Double] = []
        /// The loss on validation networks, where recorded.
        public var validation: [Double] = []

        private enum CodingKeys: String, CodingKey { case steps, training, validationSteps, validation }

        /// Starts without records.
        public init() {}

        /// Reads a curve; null becomes NaN.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            steps = try container.decodeNumbers(forKey: .steps)
            training = try container.decodeNumbers(forKey: .training)
            validationSteps = try container.decodeNumbers(forKey: .validationSteps)
            validation = try container.decodeNumbers(forKey: .validation)
        }
    }

    /// Networks in a plane.
    public struct Scatter: Sendable, Equatable, Codable {
        /// Points by population: zoo, fresh and generated networks.
        public var groups: [Group] = []
        /// The share of the total variance along the two axes.
        public var explained: [Double] = []

        private enum CodingKeys: String, CodingKey { case groups, explained }

        /// Starts without points.
        public init(explained: [Double] = [], groups: [Group] = []) {
            self.explained = explained
            self.groups = groups
        }

        /// Reads the points; null becomes NaN.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            groups = try container.decode([Group].self, forKey: .groups)
            explained = try container.decodeNumbers(forKey: .explained)
        }

        /// One population; both lists have the same length.
        public struct Group: Sendable, Equatable, Codable {
            /// What they are.
            public var population: PopulationKind
            /// Along the first component.
            public var x: [Double]
            /// Along the second component.
            public var y: [Double]

            private enum CodingKeys: String, CodingKey {
                case population = "what"
                case x, y
            }

            /// Puts a group together.
            public init(_ population: PopulationKind, x: [Double], y: [Double]) {
                self.population = population
                self.x = x
                self.y = y
            }

            /// Reads a group; null becomes NaN.
            public init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                population = try container.decode(PopulationKind.self, forKey: .population)
                x = try container.decodeNumbers(forKey: .x)
                y = try container.decodeNumbers(forKey: .y)
            }
        }
    }

    /// Nearest-neighbour distances in one direction, in units of a fresh network's distance from the zoo.
    public struct Direction: Sendable, Equatable, Codable {
        /// For people: "generated → zoo".
        public var name: String
        /// The population that gives the colour.
        public var population: PopulationKind
        /// One distance a network.
        public var distances: [Double]
        /// The mean distance in weights.
        public var rawMean: Double?

        private enum CodingKeys: String, CodingKey {
            case name, distances, rawMean
            case population = "what"
        }

        /// Puts a direction together.
        public init(name: String, _ population: PopulationKind, distances: [Double], rawMean: Double? = nil) {
            self.name = name
            self.population = population
            self.distances = distances
            self.rawMean = rawMean
        }

        /// Reads a direction; null becomes NaN.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            population = try container.decode(PopulationKind.self, forKey: .population)
            distances = try container.decodeNumbers(forKey: .distances)
            rawMean = try container.decodeNumberIfPresent(forKey: .rawMean)
        }
    }
}

extension ReportInput.LossCurve {
    /// Whether the validation loss was least well before the end, and has risen since: more steps would not help.
    package var hasOverfitted: Bool { rise.map { $0.index < validation.count * 3 / 4 } ?? false }

    /// How many times its least the validation loss is at the end; nil where it has not risen.
    package var validationRiseFactor: Double? { rise?.factor }

    /// What a validation loss that has risen since its least means; nil where it has not.
    package var validationRise: String? {
        guard let rise else { return nil }
        return
            "the validation loss was least at step \(NumberText.fixed(validationSteps[rise.index] + 1, digits: 0)) and is "
            + "\(NumberText.significant(rise.factor)) times that at the end: the net has begun to learn its networks by heart; "
            + "training.patience keeps the weights of that step"
    }

    /// Where the validation loss was least, and how many times that it is at the end; nil where that is less than a
    /// tenth more, or where the training loss has not fallen: a net learns nothing by heart then.
    private var rise: (index: Int, factor: Double)? {
        guard trainingFell, let last = validation.last, let least = validation.min(), least > 0, last > least * 1.1,
            let index = validation.firstIndex(of: least)
        else { return nil }
        return (index, last / least)
    }

    /// Whether the mean training loss of the last tenth of the records is below that of the first.
    private var trainingFell: Bool {
        let width = max(1, training.count / 10)
        return training.suffix(width).reduce(0, +) < training.prefix(width).reduce(0, +)
    }
}
