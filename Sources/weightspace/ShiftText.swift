import Basics
import Foundation
import Laboratory
import Reports
import ShiftDetection

/// What a person reads of shift detection on a terminal.
enum ShiftText {
    /// What a fit says.
    static func fitted(_ outcome: ShiftFitOperation.Outcome, out: String) -> String {
        var table = TextTable(["fact", "value"])
        table.append(["reference rows", "\(outcome.referenceRows)"])
        table.append(["training rows", outcome.trainingRows.map { "\($0)" } ?? "-"])
        table.append(["columns", "\(outcome.columns.count)"])
        table.append(["classes", outcome.classes.joined(separator: ", ")])
        table.append(["model", outcome.model])
        for (metric, value) in outcome.performance.sorted(by: { $0.key < $1.key }) {
            table.append(["\(metric) on the reference", NumberText.percent(value, digits: 1) + " %"])
        }
        return "\(out): a detector\n" + table.text + found(outcome.power) + notes(outcome.notes)
    }

    /// How large a shift is found, in short: a line a size.
    private static func found(_ rows: [ShiftPower.Row]) -> String {
        var table = TextTable(["rows", "false alarms", "found: 10 points towards doubtful rows", "towards errors"])
        for size in Set(rows.map(\.rows)).sorted() {
            func share(_ origin: ShiftPower.Origin, _ drop: Double?) -> String {
                let row = rows.first { $0.rows == size && $0.origin == origin && $0.drop == drop && $0.cases > 0 }
                return row.map { NumberText.percent($0.different, digits: 0) + " %" } ?? "-"
            }
            table.append(["\(size)", share(.none, nil), share(.doubtful, 0.1), share(.errors, 0.1)])
        }
        return rows.isEmpty ? "" : "\n" + table.text
    }

    /// What a test says.
    static func tested(_ found: ShiftTest) -> String {
        let (verdict, shown) = (found.verdict, ShownShift(found))
        var text = folded(verdict.sentence) + "\n"
        if verdict.finding != .cannotSay { text += verdict.reasons.map(folded).joined() }
        for line in [verdict.meaning, verdict.assumption].compactMap({ $0 }) { text += folded(line) }
        text += table(shown.estimates) + table(shown.columns) + doubtful(found) + table(shown.others)
        return text + "\n" + found.advice.map { folded("next: \($0)") }.joined() + notes(found.notes)
    }

    private static func doubtful(_ found: ShiftTest) -> String {
        let rows = found.doubtful.rows
        let shown = rows.prefix(20).map { "\($0)" }.joined(separator: ", ") + (rows.count > 20 ? ", ..." : "")
        return "\n"
            + folded(
                "doubtful: \(rows.count) of \(found.sampleCount) rows, about \(max(1, found.sampleCount / 20)) expected"
                    + (rows.isEmpty ? "" : ": \(shown)"))
    }

    /// What many samples say.
    static func power(_ found: ShiftPowerOperation.Outcome) -> String {
        String(table(ShownShift.power(found.rows)).dropFirst()) + notes(found.notes)
    }

    /// One line a batch, as it comes.
    static func batch(_ batch: ShiftWatchOperation.Batch) -> String {
        let seen = batch.observation
        return "\(batch.file): \(seen.rows) rows, evidence \(evidence(seen.logEvidence)), most in \(seen.strongest)"
            + (seen.raisesAlarm ? ": ALARM\n" : "\n")
    }

    /// What a watch says in the end.
    static func watched(_ found: ShiftWatchOperation.Outcome) -> String {
        let first =
            found.batches.isEmpty ? "no batch that was not seen before (\(found.before) were)\n" : ""
        let bar = evidence(found.threshold)
        let last =
            found.alarm.map {
                "Alarm: the evidence reached \(bar) in batch \($0.batch), at row \($0.row) of all: the rows are no longer "
                    + "drawn like the reference."
            } ?? "No alarm: the evidence has not reached \(bar)."
        return first + folded(last) + notes(found.notes)
    }

    private static func evidence(_ logarithm: Double) -> String {
        logarithm > 13 ? "10^\(Int(logarithm / 2.302585))" : NumberText.significant(exp(logarithm))
    }

    /// What two tables say.
    static func compared(_ found: ShiftTwoSampleOperation.Outcome) -> String {
        let (test, shown) = (found.test, ShownShift.columns(found.columns))
        let p = NumberText.fixed(test.pValue, digits: 3)
        let text =
            "\(test.method.kind): p = \(p). If both tables were one, cut at random, a difference as large would be seen in "
            + "\(Int((test.pValue * Double(test.permutations.null.count + 1)).rounded())) of "
            + "\(test.permutations.null.count + 1) cuts."
        return folded(text) + table(shown) + notes(found.notes)
    }

    private static func table(_ cells: ShownShift.Cells) -> String {
        guard !cells.rows.isEmpty else { return "" }
        var table = TextTable(cells.columns)
        for row in cells.rows { table.append(row) }
        return "\n" + table.text
    }

    private static func notes(_ notes: [String]) -> String {
        notes.isEmpty ? "" : "\n" + notes.map { folded("note: \($0)") }.joined()
    }

    /// Lines of at most 80 characters.
    static func folded(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= 80 {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
