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
        return TaskTable.text(summary) + summary.prompts.map(PromptText.text).joined()
            + "\(body)\n\(sentence(summary.verdict))"
    }

    /// A verdict in a line of its own.
    public static func sentence(_ verdict: Verdict) -> String {
        "\(verdict.word.uppercased()): \(verdict.text.printableLines.replacing("\n", with: " "))\n"
    }

    private struct Run: Equatable {
        let arm: String
        let seed: UInt64
    }

    /// The table of some rows alone; finished rows have two columns more.
    public static func table(_ rows: [EvaluationRow]) -> String {
        let finish = rows.lazy.compactMap { $0.finished?.finish }.first
        let finished = finish.map { ["after \($0), %", "its ratio"] } ?? []
        var table = TextTable(
            ["networks", "n", "test accuracy %"] + finished
                + ["distance ratio", "median", "contribution", "wrong-set IoU", "code RMS"])
        for row in rows {
            let after =
                finish == nil
                ? []
                : [
                    NumberText.percent(row.finished?.testAccuracy),
                    NumberText.ratio(row.finished?.novelty?.weightDistance?.mean),
                ]
            table.append(
                [row.label, NumberText.count(row.count), NumberText.percent(row.testAccuracy)] + after + [
                    NumberText.ratio(row.novelty?.weightDistance),
                    NumberText.ratio(row.novelty?.weightDistance?.median),
                    NumberText.ratio(row.novelty?.contributionDistance?.middle),
                    NumberText.fixed(row.novelty?.wrongSets?.meanOfMax, digits: 3), NumberText.ratio(row.codeRMSRatio),
                ])
        }
        return table.text
    }

    /// One row an arm: mean and standard deviation over its seeds; two columns more where rows have a finish.
    private static func arms(_ summary: Summary, _ verdicts: [RunVerdict]) -> String {
        let rows = summary.rows
        let finish = rows.lazy.compactMap { $0.finished?.finish }.first
        let finished = finish.map { ["after \($0), %", "fresh after it, %"] } ?? []
        var table = TextTable(
            ["arm", "seeds", "zoo %", "generated %"] + finished + ["distance ratio", "code RMS", "verdict"])
        func statistics(_ values: [Double]) -> SampleStatistics? { values.isEmpty ? nil : SampleStatistics(values) }
        for arm in rows.map(\.arm).uniqued() {
            let own = rows.filter { $0.arm == arm }
            let generated = own.filter { $0.population == .generated }
            let zoo = own.filter { $0.population == .zoo }.map(\.testAccuracy.mean)
            let after = [generated, own.filter { $0.population == .fresh }].map { rows in
                NumberText.percent(statistics(rows.compactMap { $0.finished?.testAccuracy.meanOfAll }))
            }
            table.append(
                [
                    arm, NumberText.count(own.map(\.seed).uniqued().count), NumberText.percent(statistics(zoo)?.mean),
                    NumberText.percent(statistics(generated.map(\.testAccuracy.meanOfAll))),
                ] + (finish == nil ? [] : after) + [
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
