import Basics
import Evaluation
import Foundation

/// Everything that a report shows, as plain data: rows and verdict in `summary`, pictures' points in the runs.
///
/// Nothing here is required to be there or finite: a chart without data says that it is not available.
public struct ReportInput: Sendable, Equatable, Codable {
    /// The title, usually the experiment's name.
    public var title: String
    /// The question of the experiment: plain text, an empty line ends a paragraph.
    public var question = ""
    /// All rows of all arms and seeds, the verdict, and the timing.
    public var summary: Summary
    /// The arms; an experiment without a grid has one.
    public var arms: [Arm] = []
    /// The resolved configuration as YAML.
    public var configuration = ""
    /// What it ran on and with: versions, processor, kernel set, threads, git commit.
    public var environment: [Fact] = []
    private var version = ReportInput.version

    /// The version of `report.json` that this code writes and reads. Version 1 had no key for it.
    package static let version = 2

    /// Starts a report with only a title and its numbers.
    public init(title: String, summary: Summary) {
        self.title = title
        self.summary = summary
    }

    /// The rows of a run with its single networks; those of the summary where the run has none.
    func rows(of run: Run, arm: Arm) -> [EvaluationRow] {
        run.populations.isEmpty ? summary.rows(arm: arm.name, seed: run.seed) : run.populations
    }

    /// A name and a text beside it.
    public struct Fact: Sendable, Equatable, Codable {
        /// What it is.
        public var name: String
        /// What it says.
        public var value: String

        /// Takes both.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One point of the grid, run with one or several seeds.
    public struct Arm: Sendable, Equatable, Codable {
        /// The name that the rows carry.
        public var name: String
        /// The keys that tell this arm from the others, with their values, for example `h` and `512`.
        public var factors: [Fact] = []
        /// One run a seed.
        public var runs: [Run] = []

        /// Starts an arm.
        public init(name: String, factors: [Fact] = [], runs: [Run] = []) {
            self.name = name
            self.factors = factors
            self.runs = runs
        }
    }

    /// The report as JSON, from which `init(json:)` makes it again; numbers that are not finite are null.
    public func json() throws -> Data { try StoredJSON.data(of: self) }

    /// Reads what `json()` wrote; throws `DecodingError` for anything else.
    public init(json: Data) throws {
        self = try JSONDecoder().decode(Self.self, from: json)
    }
}

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
