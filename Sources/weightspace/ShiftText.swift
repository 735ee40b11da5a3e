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
        table.append(["columns", columns(outcome)])
        table.append(["classes", outcome.classes.joined(separator: ", ")])
        table.append(["model", outcome.model])
        for (metric, value) in outcome.performance.sorted(by: { $0.key < $1.key }) {
            let name = PerformanceMetric(rawValue: metric)?.name ?? metric
            table.append(["\(name) on the reference", NumberText.percent(value, digits: 1) + " %"])
        }
        return "\(out): a detector\n" + table.text + found(outcome.power) + notes(outcome.notes)
    }

    /// How many columns there are of each kind, and which hold categories: a number that was read as text shows there.
    private static func columns(_ outcome: ShiftFitOperation.Outcome) -> String {
        let (all, texts) = (outcome.columns.count, outcome.categories)
        guard let first = texts.first else { return "\(all), all of numbers" }
        let named = texts.prefix(6).map { $0.printable(limit: 24) }.joined(separator: ", ")
        let more = texts.count > 6 ? " and \(texts.count - 6) more" : ""
        return texts.count == all && all == 1
            ? "1 of categories: \(first.printable(limit: 24))"
            : "\(all - texts.count) of numbers, \(texts.count) of categories: \(named)\(more)"
    }

    /// How large a shift is found, in short: a line a size.
    private static func found(_ rows: [ShiftPower.Row]) -> String {
        let size = rows.first?.rows
        let changed = rows.filter { $0.rows == size && $0.corruption != nil }.suffix(2).map(\.words)
        let names = changed.isEmpty ? ["towards doubtful rows", "towards errors"] : changed
        var table = TextTable(["rows", "as they are"] + names)
        for size in Set(rows.map(\.rows)).sorted() {
            func share(_ isWanted: (ShiftPower.Row) -> Bool) -> String {
                let row = rows.first { $0.rows == size && $0.cases > 0 && isWanted($0) }
                return row.map { NumberText.percent($0.different, digits: 0) + " %" } ?? "-"
            }
            let cells =
                changed.isEmpty
                ? [ShiftPower.Origin.doubtful, .errors].map { kind in share { $0.origin == kind && $0.drop == 0.1 } }
                : changed.map { words in share { $0.words == words } }
            table.append(["\(size)", share { $0.origin == .none }] + cells)
        }
        guard let most = rows.map(\.cases).max(), most > 0 else { return "" }
        let told =
            "Called different, of \(most) samples of the reference each, drawn as they are (false alarms) and "
            + (changed.isEmpty ? "towards rows of which the accuracy is 10 points lower" : "changed") + ":"
        return "\n" + folded(told) + "\n" + table.text
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
                "doubtful: \(rows.count) of \(found.sampleCount) rows" + (rows.isEmpty ? "" : " (\(shown))")
                    + ", about \(ShownShift.expected(found)) expected")
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
