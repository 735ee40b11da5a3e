import Evaluation
import Foundation

/// The result of an experiment in numbers, one row for each judged population: the content of `summary.json`.
///
/// Single networks are left out: they stand in `evaluation.json`. Everything that depends on the clock stands in
/// `timing` alone, so that two runs with the same seed differ nowhere else.
public struct Summary: Sendable, Equatable {
    /// The rows, in the order in which people read them: zoo, fresh, generated, baselines.
    public var rows: [EvaluationRow]
    /// What the rows amount to.
    public var verdict: Verdict
    /// Seconds (or other clock-dependent numbers) by name, for example `generator_seconds`.
    public var timing: [String: Double]
    /// Networks made from examples of tasks, beside rivals and controls: lines of every run, and of the seeds of an arm
    /// together; empty where none were made.
    public var tasks: [TaskRow] = []
    /// Numbers that were asked for beside what networks have, run by run.
    public var prompts: [PromptTable] = []

    /// SHA-256 of each run's settings, by `arm/seed-n`: limits of the verdict among them; empty where they are not known.
    public var settings: [String: String] = [:]

    /// Puts rows and verdict together.
    public init(rows: [EvaluationRow], verdict: Verdict, timing: [String: Double] = [:]) {
        self.rows = rows
        self.verdict = verdict
        self.timing = timing
    }

    /// The rows of one arm and seed, in order.
    public func rows(arm: String, seed: UInt64) -> [EvaluationRow] {
        rows.filter { $0.arm == arm && $0.seed == seed }
    }
}

extension Summary: Codable {
    /// The value of the key `format`.
    public static let format = "weightspace-summary"
    /// The version this code writes and reads.
    public static let version = 1

    private enum CodingKeys: String, CodingKey { case format, version, rows, verdict, timing, tasks, prompts, settings }

    /// Writes `{"format":"weightspace-summary","version":1,"rows":[...],"verdict":{...},"timing":{...}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(Self.version, forKey: .version)
        try container.encode(rows.map(\.withoutPoints), forKey: .rows)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(timing.mapValues { $0.isFinite ? $0 : nil }, forKey: .timing)
        if !tasks.isEmpty { try container.encode(tasks, forKey: .tasks) }
        if !prompts.isEmpty { try container.encode(prompts, forKey: .prompts) }
        if !settings.isEmpty { try container.encode(settings, forKey: .settings) }
    }

    /// Reads what `encode(to:)` writes; throws `DecodingError` for another format or version.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let format = try container.decode(String.self, forKey: .format)
        guard format == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container,
                debugDescription: "expected \(Self.format), found \(format)")
        }
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "expected version \(Self.version), found \(version)")
        }
        rows = try container.decode([EvaluationRow].self, forKey: .rows)
        verdict = try container.decode(Verdict.self, forKey: .verdict)
        tasks = try container.decodeIfPresent([TaskRow].self, forKey: .tasks) ?? []
        prompts = try container.decodeIfPresent([PromptTable].self, forKey: .prompts) ?? []
        settings = try container.decodeIfPresent([String: String].self, forKey: .settings) ?? [:]
        timing = try container.decode([String: Double?].self, forKey: .timing).mapValues { $0 ?? .nan }
    }

    /// The text of `summary.json`: sorted keys, numbers that are not finite as null, a line feed at the end.
    public func jsonText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension Array where Element: Equatable {
    /// The elements without repetitions, in order of first appearance.
    func uniqued() -> [Element] {
        var result: [Element] = []
        for element in self where !result.contains(element) { result.append(element) }
        return result
    }
}
