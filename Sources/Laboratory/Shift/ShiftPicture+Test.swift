import Basics
import Reports
import ShiftDetection

extension ShiftPicture {
    /// The page of a judged sample.
    init(_ found: ShiftTest, name: String) {
        let verdict = found.verdict
        self.init(
            name: name, word: Self.word(verdict.finding), sentence: verdict.sentence,
            light: Self.light(verdict.finding),
            reasons: verdict.reasons + [verdict.meaning, verdict.assumption].compactMap { $0 },
            statistic: verdict.test?.permutations.statistic ?? .nan, null: verdict.test?.permutations.null ?? [],
            method: verdict.test?.method ?? "")
        (advice, notes) = (found.advice, found.notes)
        let shown = ShownShift(found)
        tables = [
            Table(
                title: "How good the model is", help: "Estimated without labels; with 90 % intervals.",
                columns: shown.estimates.columns, rows: shown.estimates.rows),
            Table(
                title: "Columns that moved most",
                help: "Values, and whether there is a value, apart. Holm's p-value allows for the number of columns.",
                columns: shown.columns.columns, rows: shown.columns.rows),
            Table(
                title: "Doubtful rows",
                help:
                    "The model is less sure of these than of all but a twentieth of the reference; the least sure first.",
                columns: ["rows of the sample", "of", "expected"],
                rows: [
                    [
                        found.doubtful.rows.prefix(50).map { "\($0)" }.joined(separator: ", "), "\(found.sampleCount)",
                        "\(found.sampleCount / 20)",
                    ]
                ]),
            Table(
                title: "Other methods", help: "They decide nothing: of many methods one finds something by chance.",
                columns: shown.others.columns, rows: shown.others.rows),
            Table(
                title: "What would have been found at this size",
                help: "Of samples that were drawn towards errors or doubtful rows of the reference.",
                columns: shown.power.columns, rows: shown.power.rows),
        ].filter { !$0.rows.isEmpty }
    }

    private static func word(_ finding: ShiftVerdict.Finding) -> String {
        switch finding {
        case .harmful: "Harmful"
        case .different: "Different, harm not shown"
        case .noEvidence: "No evidence of a shift"
        case .cannotSay: "Cannot say"
        }
    }

    private static func light(_ finding: ShiftVerdict.Finding) -> Light {
        switch finding {
        case .harmful: .red
        case .different, .cannotSay: .amber
        case .noEvidence: .green
        }
    }
}
