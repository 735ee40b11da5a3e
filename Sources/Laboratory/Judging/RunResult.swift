import Basics
import Foundation
import Reports

/// What a run amounts to: rows for the summary and everything its report draws.
struct RunResult: Codable {
    var rows: [Summary.Row]
    var report: ReportInput.Run
    var chance: Double
    /// Whether a training left the finite numbers, or ended far above its start.
    var isDiverged: Bool
    /// What else the verdict's reasons should say, a sentence each.
    var notes: [String]
    /// Seconds by stage: the only part that depends on the clock.
    var timing: [String: Double] = [:]

    /// Reads what the judging stage wrote.
    init(reading url: URL) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        self = try StoredJSON.read(Self.self, url, decoder: decoder, expected: "what a run measured")
    }

    init(rows: [Summary.Row], report: ReportInput.Run, chance: Double, isDiverged: Bool, notes: [String]) {
        self.rows = rows
        self.report = report
        self.chance = chance
        self.isDiverged = isDiverged
        self.notes = notes
    }

    /// Puts in what stands for drawn networks none of which is finite: never right, and at no distance.
    mutating func insertLost(_ count: Int, at place: Int) {
        let (what, label) = ("generated", "generated networks")
        let never = Array(repeating: 0.0, count: count)
        rows.insert(
            Summary.Row(
                arm: rows.first?.arm ?? "main", seed: report.seed, what: what, label: label, count: count,
                testAccuracy: Spread(of: never)), at: place)
        let nowhere = Array(repeating: Double.nan, count: count)
        report.populations.insert(
            ReportInput.Population(what: what, label: label, accuracies: never, distances: nowhere), at: place)
        isDiverged = true
    }

    var verdict: Summary.Verdict {
        var verdict = Summary.Verdict(judging: rows, chance: chance, diverged: isDiverged)
        if let advice = Self.advice(verdict) { verdict.text += " " + advice }
        verdict.reasons += notes
        return verdict
    }

    /// What to try after a bad result.
    private static func advice(_ verdict: Summary.Verdict) -> String? {
        if verdict.diverged { return "Try a lower training.rate, a training.warmUp, or training.clip: 1." }
        if verdict.collapsed {
            return "Try more training.steps, a wider net, a source as wide as the codes, or other coordinates."
        }
        if verdict.quality == .failed {
            return "Try more networks to learn from, a wider net with more training.steps, aligned networks "
                + "(align.enabled), or a net that needs no order (generator: {kind: neuron-transformer})."
        }
        return nil
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(self)
    }
}
