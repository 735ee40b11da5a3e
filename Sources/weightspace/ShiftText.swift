import Basics
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
        return "\(out): a detector\n" + table.text + notes(outcome.notes)
    }

    /// What a test says.
    static func tested(_ found: ShiftTest) -> String {
        let verdict = found.verdict
        var text = folded(verdict.sentence) + "\n"
        for reason in verdict.reasons { text += folded(reason) }
        for line in [verdict.meaning, verdict.assumption].compactMap({ $0 }) { text += folded(line) }
        if !found.estimates.isEmpty {
            var table = TextTable(["estimate", "this sample", "reference", "with its labels"])
            for (place, estimate) in found.estimates.enumerated() {
                table.append([
                    estimate.metric.name, interval(estimate.sample), interval(estimate.reference),
                    found.truth.isEmpty ? "" : NumberText.fixed(found.truth[place], digits: 2),
                ])
            }
            text += "\n" + table.text
        }
        return text + notes(found.notes)
    }

    private static func interval(_ found: AccuracyInterval) -> String {
        func two(_ value: Double) -> String { NumberText.fixed(value, digits: 2) }
        return "\(two(found.value)) (\(two(found.low)) to \(two(found.high)))"
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
