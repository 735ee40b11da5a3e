import Basics
import Evaluation

/// A summary as text for a terminal: one table, then the verdict.
public enum TerminalSummary {
    /// The verdict of one run, for the table of several.
    public struct RunVerdict: Sendable {
        let arm: String
        let verdict: Verdict

        /// Says which arm a verdict belongs to.
        public init(arm: String, _ verdict: Verdict) {
            self.arm = arm
            self.verdict = verdict
        }
    }

    /// Lines of text with a line feed at the end, columns padded with spaces: of one run all its populations, of several
    /// an arm a row.
    public static func render(_ summary: Summary, verdicts: [RunVerdict] = []) -> String {
        let runs = summary.rows.map { Run(arm: $0.arm, seed: $0.seed) }.uniqued()
        let body = runs.isEmpty ? "no results\n" : runs.count > 1 ? arms(summary, verdicts) : table(summary.rows)
        let word = summary.verdict.word.uppercased()
        return "\(body)\n\(word): \(summary.verdict.text.printableLines.replacing("\n", with: " "))\n"
    }

    private struct Run: Equatable {
        let arm: String
        let seed: UInt64
    }

    /// The table of some rows alone.
    public static func table(_ rows: [EvaluationRow]) -> String {
        var table = TextTable([
            "networks", "n", "test accuracy %", "distance ratio", "median", "wrong-set IoU", "code RMS",
        ])
        for row in rows {
            table.append([
                row.label, NumberText.count(row.count), NumberText.percent(row.testAccuracy),
                NumberText.ratio(row.novelty?.weightDistance), NumberText.ratio(row.novelty?.weightDistance?.median),
                NumberText.fixed(row.novelty?.wrongSets?.meanOfMax, digits: 3), NumberText.ratio(row.codeRMSRatio),
            ])
        }
        return table.text
    }

    /// One row an arm: mean and standard deviation over its seeds.
    private static func arms(_ summary: Summary, _ verdicts: [RunVerdict]) -> String {
        let rows = summary.rows
        var table = TextTable(["arm", "seeds", "zoo %", "generated %", "distance ratio", "code RMS", "verdict"])
        for arm in rows.map(\.arm).uniqued() {
            let own = rows.filter { $0.arm == arm }
            let generated = own.filter { $0.population == .generated }
            func statistics(_ values: [Double]) -> SampleStatistics? { values.isEmpty ? nil : SampleStatistics(values) }
            let zoo = own.filter { $0.population == .zoo }.map(\.testAccuracy.mean)
            table.append([
                arm, NumberText.count(own.map(\.seed).uniqued().count), NumberText.percent(statistics(zoo)?.mean),
                NumberText.percent(statistics(generated.map(\.testAccuracy.meanOfAll))),
                NumberText.ratio(statistics(generated.compactMap(\.decidingRatio))),
                NumberText.ratio(statistics(generated.compactMap(\.codeRMSRatio))?.mean),
                words(verdicts.filter { $0.arm == arm }.map(\.verdict.word)),
            ])
        }
        return table.text + "mean ± standard deviation over seeds; everything else is in the report\n"
    }

    /// The words of an arm's verdicts, those that several seeds share once with their number.
    private static func words(_ all: [String]) -> String {
        let distinct = all.uniqued()
        guard distinct.count > 1 else { return distinct.first ?? NumberText.missing }
        return distinct.map { word in "\(word) (\(all.count { $0 == word }))" }.joined(separator: "; ")
    }
}
