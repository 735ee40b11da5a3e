import Basics
import Reports
import ShiftDetection

extension ShiftPicture {
    /// The page of a judged sample.
    init(_ found: ShiftTest, name: String) {
        let verdict = found.verdict
        self.init(
            name: name, word: Self.word(verdict), sentence: verdict.sentence,
            light: Self.light(verdict.finding),
            reasons: verdict.reasons + [verdict.meaning, verdict.assumption].compactMap { $0 },
            statistic: verdict.test?.permutations.statistic ?? .nan, null: verdict.test?.permutations.null ?? [],
            method: verdict.test?.method ?? "")
        (advice, notes) = (found.advice, found.notes)
        let shown = ShownShift(found)
        tables = [
            Self.table(
                "How good the model is", "Estimated without labels; with 90 % intervals of chance alone.",
                shown.estimates),
            Self.table(
                "Columns that moved most",
                "Values, and whether there is a value, apart. Holm's p-value allows for the number of columns.",
                shown.columns),
            Self.table(
                "Doubtful rows",
                "The model is less sure of these than of all but a twentieth of the reference; the least sure first.",
                shown.doubtful),
            Self.table(
                "Other methods", "They decide nothing: of many methods one finds something by chance.", shown.others),
            Self.table(
                "What would have been found at this size",
                "Of samples of the reference that were drawn towards errors or doubtful rows, or changed.", shown.power),
        ].filter { !$0.rows.isEmpty }
    }

    private static func table(_ title: String, _ help: String, _ cells: ShownShift.Cells) -> Table {
        Table(title: title, help: help, columns: cells.columns, rows: cells.rows)
    }

    private static func word(_ verdict: ShiftVerdict) -> String {
        switch verdict.finding {
        case .harmful: "Harmful"
        case .different: verdict.obstacle == nil ? "Different, harm not shown" : "Different, harm cannot be judged"
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
