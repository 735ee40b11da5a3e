import Basics

extension ShiftDetector {
    /// Refuses rows that allow no judgement; returns what a person should know.
    func check(_ sample: DetectorRows, path: String) throws -> [String] {
        guard sample.count >= DetectorSettings.leastSample else {
            throw DataError(
                .malformed, path: path,
                problem:
                    "has \(sample.count) \(sample.count == 1 ? "row" : "rows"), and nothing can be said about fewer "
                    + "than \(DetectorSettings.leastSample)",
                hint: "collect more rows: 20 to 50 are usual")
        }
        let keys = sample.comparable
        let (different, isExplained) = repeats(keys)
        if !keys.columns.isEmpty, different == 1 || (different < DetectorSettings.leastSample && !isExplained) {
            throw DataError(
                .malformed, path: path,
                problem: different == 1
                    ? "all \(sample.count) rows are the same"
                    : "the \(sample.count) rows are copies of \(different), and nothing can be said about fewer than "
                        + "\(DetectorSettings.leastSample)",
                hint: "is one record repeated, or is a column missing that tells rows apart?")
        }
        let repeats =
            isExplained
            ? []
            : [
                "\(path): \(keys.count - different) of \(keys.count) rows are copies of others; the p-value counts each as a "
                    + "draw of its own, and is too small where one record was entered several times"
            ]
        let shared = SharedRows(of: reference.comparable, in: keys)
        if shared.places.isEmpty { return repeats }
        let said = "\(shared.places.count) of \(sample.count) rows stand in the reference too (rows \(shared.lines))"
        guard !shared.isTooMany else {
            throw DataError(
                .malformed, path: path, problem: said,
                hint: "give rows that are new, or fit again with a reference that holds none of them")
        }
        return repeats + ["\(path): \(said), as often as the reference repeats itself"]
    }

    /// How many rows are different, and whether the reference repeats itself as often.
    private func repeats(_ rows: RawRows) -> (different: Int, isExplained: Bool) {
        func copies(_ rows: RawRows) -> Int { rows.count - Set((0..<rows.count).map { rows.key($0) }).count }
        guard !rows.columns.isEmpty else { return (rows.count, true) }
        let (own, known) = (copies(rows), reference.comparable)
        let share = Double(copies(known)) / Double(known.count)
        let expected = share * Double(rows.count)
        return (rows.count - own, Double(own) <= expected + 3 * max(1, expected * (1 - share)).squareRoot())
    }
}
