import Basics
import Foundation
import Generation
import ModelZoo

/// What a person asks of new networks: a file of examples, numbers, a label, and how strongly.
public struct AskedCondition: Sendable, Equatable, Codable {
    /// Labelled examples: a table, IDX images, or a `.npz`.
    public var support: URL?
    /// The column of a table's classes; nil finds it.
    public var label: String?
    /// `name=value` each: a number that the run knows, or `label=...`.
    public var values: [String] = []
    /// The scale of guidance; nil for the run's own.
    public var guidance: Double?
    /// How many times as many networks are drawn, of which those nearest to the number asked for are kept; nil for all.
    public var select: Int?

    /// Nothing is asked.
    public init() {}

    /// Whether nothing is asked.
    var isEmpty: Bool { support == nil && values.isEmpty }

    /// What stands before `=` for a label.
    private static let labelKey = "label"

    /// Throws `.configuration` for options that mean nothing without others.
    func check() throws {
        if label != nil, support == nil {
            throw DataError(
                .configuration, path: "--label", expected: "a file of examples with it", found: "no --support",
                hint: "--label names the column of its classes; a label is asked for by --condition label=...")
        }
        if let select, !(2...100).contains(select) {
            throw DataError(
                .configuration, path: "--select", expected: "a whole number from 2 to 100", found: "\(select)")
        }
        guard let guidance else { return }
        if isEmpty {
            throw DataError(
                .configuration, path: "--guidance", expected: "something that is asked for with it",
                found: "neither --support nor --condition")
        }
        guard guidance.isFinite, (0...100).contains(guidance) else {
            throw DataError(
                .configuration, path: "--guidance", expected: "a number from 0 to 100", found: "\(guidance)")
        }
    }

    /// The condition for a generator that can be asked `facts`; throws `.configuration` for a value that is none, and where
    /// the run has no conditions.
    func condition(_ facts: ConditionFacts?, support: SupportSet?) throws -> Condition {
        guard let facts else {
            throw DataError(
                .configuration, path: self.support == nil ? "--condition" : "--support",
                problem: "the run's generator was trained without conditions: nothing can be asked of it",
                hint: "train one with conditions: in the experiment; `weightspace config EXPERIMENT` lists its keys")
        }
        var condition = Condition(support: support)
        for text in values {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw DataError(
                    .configuration, path: "--condition", expected: "name=value", found: text.printable(),
                    hint: facts.summary.isEmpty ? "" : "the run can be asked for \(facts.summary)")
            }
            if parts[0] == Self.labelKey {
                condition.label = parts[1]
            } else {
                guard let value = Double(parts[1]) else {
                    throw DataError(
                        .configuration, path: "--condition \(parts[0].printable())", expected: "a number",
                        found: parts[1].printable())
                }
                condition.numbers[Self.name(parts[0], facts)] = value
            }
        }
        return condition
    }

    /// The number by which `select` chooses networks; throws `.configuration` where it is not all that is asked for.
    static func selected(_ condition: Condition?) throws -> Double {
        guard let condition, condition.support == nil, condition.label == nil, condition.numbers.count == 1,
            let value = condition.numbers[PromptJudging.measured]
        else {
            throw DataError(
                .configuration, path: "--select", expected: "--condition \(PromptJudging.measured)=... alone with it",
                found: condition == nil ? "no --condition" : "something else that is asked for",
                hint: "networks are chosen by what can be measured of them once they are drawn")
        }
        return value
    }

    /// A number's name: as it is, or the only one that ends in it: `accuracy` for `validation_accuracy`.
    private static func name(_ short: String, _ facts: ConditionFacts) -> String {
        let names = (facts.numbers ?? []).map(\.name)
        if names.contains(short) { return short }
        let longer = names.filter { $0.hasSuffix("_" + short) }
        return longer.count == 1 ? longer[0] : short
    }
}
