import Basics
import Evaluation

/// A summary as text for a terminal: one table of all rows, then the verdict.
public enum TerminalSummary {
    /// Lines of text with a line feed at the end; columns are padded with spaces.
    public static func render(_ summary: Summary) -> String {
        let runs = summary.rows.map { Run(arm: $0.arm, seed: $0.seed) }.uniqued()
        var lines: [String] = []
        for run in runs {
            if runs.count > 1 {
                lines += (lines.isEmpty ? [] : [""]) + ["\(plain(run.arm)), seed \(run.seed)"]
            }
            lines += Self.lines(summary.rows(arm: run.arm, seed: run.seed))
        }
        if runs.isEmpty { lines.append("no results") }
        let word = summary.verdict.word.uppercased()
        lines += ["", "\(word): \(plain(summary.verdict.text))"]
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Run: Equatable {
        let arm: String
        let seed: UInt64
    }

    /// The table of some rows alone.
    public static func table(_ rows: [EvaluationRow]) -> String { lines(rows).joined(separator: "\n") + "\n" }

    private static func lines(_ rows: [EvaluationRow]) -> [String] {
        let head = ["networks", "n", "test accuracy %", "distance ratio", "median", "wrong-set IoU", "code RMS"]
        let body = rows.map { row in
            [
                plain(row.label), NumberText.count(row.count), NumberText.percent(row.testAccuracy),
                NumberText.ratio(row.novelty?.weightDistance),
                NumberText.ratio(row.novelty?.weightDistance?.median),
                NumberText.fixed(row.novelty?.wrongSets?.meanOfMax, digits: 3), NumberText.ratio(row.codeRMSRatio),
            ]
        }
        let widths = head.indices.map { column in
            ([head] + body).map { $0[column].count }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([head, rule] + body).map { line($0, widths: widths) }
    }

    private static func line(_ cells: [String], widths: [Int]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, pair in
            let space = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
            return column == 0 ? pair.0 + space : space + pair.0
        }
        let text = padded.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// Text without control characters, which could move a terminal's cursor or colour it.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { scalar in
                    scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                }))
    }
}

extension Verdict {
    /// The verdict in one to five words, for headings.
    var word: String {
        if diverged { return "Diverged" }
        if quality == .failed { return "Failed" }
        if collapsed { return "Collapsed" }
        switch (quality, novelty) {
        case (_, .copies): return "Copies"
        case (_, .nearCopies): return "Near-copies"
        case (.equal, .novel) where beatsBaselines: return "Good and new"
        case (.equal, .novel): return "A baseline does as well"
        default: return "New, but worse"
        }
    }
}
