import Basics
import Foundation

/// What a generator has seen of its conditions in training, and so can be asked: recorded with it.
public struct ConditionFacts: Codable, Sendable, Equatable {
    /// The labels, sorted; nil where none can be asked for.
    public var labels: [String]?
    /// The numbers, in the order of the settings; nil where none can be asked for.
    public var numbers: [Number]?
    /// The support sets; nil where none can be given.
    public var support: Support?

    /// What was seen of a number.
    public struct Number: Codable, Sendable, Equatable {
        /// What it is called.
        public var name: String
        /// Mean over the training networks that have it.
        public var mean: Double
        /// Standard deviation over them.
        public var std: Double
        /// The least.
        public var least: Double
        /// The greatest.
        public var most: Double
    }

    /// What was seen of support sets.
    public struct Support: Codable, Sendable, Equatable {
        /// Shape of an example: [F], or [channels, height, width].
        public var shape: [Int]
        /// C, the most classes.
        public var classes: Int

        /// The shape in a person's words.
        var words: String {
            shape.count == 1
                ? "rows of \(shape[0]) numbers" : "images of \(shape.map(String.init).joined(separator: "x"))"
        }
    }

    /// Looks at the training networks' conditions.
    ///
    /// Throws `DataError` where there is nothing to learn of a part: no network has it, a number is the same for all or
    /// not finite, or support sets do not fit together.
    public init(fitting conditions: [Condition], _ config: ConditionsConfig) throws {
        if let column = config.label.column {
            let found = Set(conditions.compactMap(\.label)).sorted()
            guard !found.isEmpty else { throw Self.missing("conditions.label.column", column) }
            labels = found
        }
        if config.number != .none {
            numbers = try config.number.columns.map { name in
                try Number(name, conditions.compactMap { $0.numbers[name] })
            }
        }
        if config.support != .none {
            support = try Support(fitting: conditions.compactMap(\.support), config.support)
        }
    }

    fileprivate static func missing(_ key: String, _ name: String) -> DataError {
        DataError(
            .configuration, path: key, problem: "no training network has \"\(name)\"",
            hint: "the conditions are columns of the zoo's networks")
    }
}

extension ConditionFacts.Number {
    fileprivate init(_ name: String, _ values: [Double]) throws {
        guard let least = values.min(), let most = values.max() else {
            throw ConditionFacts.missing("conditions.number.columns", name)
        }
        guard values.allSatisfy(\.isFinite) else {
            throw DataError(
                .malformed, path: name, problem: "a training network has a number that is not finite",
                hint: "leave the number out where it is not known")
        }
        guard least < most else {
            throw DataError(
                .configuration, path: "conditions.number.columns",
                problem: "\"\(name)\" is \(least) for all training networks, which leaves nothing to learn")
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        (self.name, self.mean, std, self.least, self.most) = (name, mean, square.squareRoot(), least, most)
    }
}

extension ConditionFacts.Support {
    fileprivate init(fitting sets: [SupportSet], _ config: SupportCondition) throws {
        guard let first = sets.first else {
            throw DataError(
                .configuration, path: "conditions.support.kind", problem: "no training network has a support set",
                hint: "a zoo of tasks has one for each network")
        }
        (shape, classes) = (first.exampleShape, sets.map(\.classes).reduce(2, max))
        guard !config.readsImages || shape.count == 3 else {
            throw DataError(
                .configuration, path: "conditions.support.kind", expected: "rows", found: "images, for \(words)")
        }
        if let most = config.settings?.classes {
            guard classes <= most else {
                throw DataError(
                    .configuration, path: "conditions.support.classes",
                    expected: "at least \(classes), which a training task has", found: "\(most)")
            }
            classes = most
        }
    }
}

extension ConditionFacts {
    /// Throws `DataError` where these are not what training with the settings records: foreign or damaged numbers.
    func check(against config: ConditionsConfig) throws {
        func refuse(_ problem: String) -> DataError {
            DataError(
                .malformed, path: "conditions", problem: problem, hint: "was it recorded with other settings?")
        }
        guard (labels != nil) == (config.label != .none),
            labels.map({ !$0.isEmpty && Set($0).count == $0.count }) ?? true
        else { throw refuse("the labels are not those of the settings") }
        guard numbers?.map(\.name) ?? [] == config.number.columns, (numbers ?? []).allSatisfy(\.isPossible) else {
            throw refuse("the numbers are not those of the settings")
        }
        guard (support != nil) == (config.support != .none),
            support.map({ $0.isPossible(images: config.support.readsImages) }) ?? true
        else { throw refuse("the support sets are not those of the settings") }
    }
}

extension ConditionFacts.Number {
    fileprivate var isPossible: Bool { mean.isFinite && std.isFinite && std > 0 && least < most }
}

extension ConditionFacts.Support {
    /// More features or classes than any encoder is made for.
    private static let most = (extent: 1 << 24, classes: 10_000)

    fileprivate func isPossible(images: Bool) -> Bool {
        let extents = shape.allSatisfy { (1...Self.most.extent).contains($0) }
        guard extents, shape.count == 3 || (shape.count == 1 && !images), (2...Self.most.classes).contains(classes)
        else {
            return false
        }
        return shape.reduce(1.0) { $0 * Double($1) } <= Double(Self.most.extent)
    }
}
