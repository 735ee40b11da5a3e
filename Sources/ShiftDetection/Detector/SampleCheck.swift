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
        if !keys.columns.isEmpty, Set((0..<keys.count).map { keys.key($0) }).count == 1 {
            throw DataError(
                .malformed, path: path, problem: "all \(sample.count) rows are the same",
                hint: "is one record repeated, or is a column missing that tells rows apart?")
        }
        let shared = SharedRows(of: reference.comparable, in: keys)
        if shared.places.isEmpty { return [] }
        let said = "\(shared.places.count) of \(sample.count) rows stand in the reference too (rows \(shared.lines))"
        guard !shared.isTooMany else {
            throw DataError(
                .malformed, path: path, problem: said,
                hint: "give rows that are new, or fit again with a reference that holds none of them")
        }
        return ["\(path): \(said), as often as the reference repeats itself"]
    }
}
