import Basics
import ModelZoo

/// The facts of all networks as the columns of a zoo file, in which some names mean something: what other people call
/// by those names is brought into that form, or goes by another name; every change is a note.
struct SettledColumns {
    private(set) var columns: ZooColumns
    private(set) var notes: [String] = []

    /// Settles columns that were read; `percent` says that accuracies are in per cent.
    ///
    /// Throws `.malformed` naming `place` for accuracies that are neither fractions nor per cent.
    init(_ columns: ZooColumns, percent: Bool, place: String) throws {
        self.columns = columns
        settleSplit()
        for name in Self.numbers { settleNumber(name) }
        for name in columns.names { try settleAccuracy(name, percent: percent, place: place) }
    }

    /// Names whose values must be numbers, since they are read as such.
    private static let numbers = ["seed", "epoch", "step"]

    private mutating func settleSplit() {
        guard let column = columns["split"] else { return }
        var isPlain = true
        let codes = (0..<columns.count).map { row -> Int64? in
            guard let value = ColumnValue(column, row: row) else { return -1 }
            if let number = value.number ?? Double(value.text) {
                return Int(exactly: number).flatMap { ZooSplit(rawValue: $0) }.map { Int64($0.rawValue) }
            }
            isPlain = false
            return ZooSplit(word: value.text).map { Int64($0.rawValue) }
        }
        guard codes.allSatisfy({ $0 != nil }) else {
            let other = Self.shown(column, where: { codes[$0] == nil })
            return rename("split", "which says \(other), and not train, validation or test (0, 1, 2)")
        }
        columns["split"] = .integer(codes.compactMap { $0 })
        if !isPlain { notes.append("split: train, validation and test are recorded as 0, 1 and 2") }
    }

    /// A fact that is to be a number and is text goes by another name.
    private mutating func settleNumber(_ name: String) {
        guard let column = columns[name], column.numbers == nil else { return }
        rename(name, "which says \(Self.shown(column, where: { _ in true })), no number")
    }

    private mutating func settleAccuracy(_ name: String, percent: Bool, place: String) throws {
        guard AccuracyName(name) != nil, let column = columns[name] else { return }
        guard let values = column.numbers else {
            return notes.append("\(name.printable()) is text, and is kept as text: no accuracies")
        }
        let known = values.filter { !$0.isNaN }
        guard let least = known.min(), let greatest = known.max() else { return }
        let areFractions = greatest <= 1 && !percent
        guard least >= 0, greatest <= 100 else {
            throw DataError(
                .malformed, path: place, expected: "\(name.printable()) from 0 to 1, or to 100 in per cent",
                found: "\(least < 0 ? least : greatest)")
        }
        guard !areFractions else {
            columns[name] = .real(values)
            return
        }
        // Of per cents few are 1 or less; of fractions none is more.
        guard percent || known.count(where: { $0 > 1 }) * 2 > known.count else {
            throw DataError(
                .malformed, path: place, expected: "\(name.printable()) as fractions, or in per cent",
                found: "values from \(least) to \(greatest)",
                hint: "--percent divides accuracies by 100")
        }
        if !percent, greatest > 50, let row = values.firstIndex(where: { $0 > 0 && $0 <= 1 }) {
            throw DataError(
                .malformed, path: place,
                problem:
                    "\(name.printable()) has \(values[row]) for network \(row) beside values up to \(greatest): some look "
                    + "like fractions and some like per cent",
                hint: "write all of them in one way; --percent says that all are in per cent")
        }
        columns[name] = .real(values.map { $0 / 100 })
        if !percent {
            notes.append(
                "\(name.printable()) was in per cent (up to \(NumberText.significant(greatest, digits: 5))) and is recorded as a fraction"
            )
        }
    }

    private mutating func rename(_ name: String, _ why: String) {
        var other = "source_\(name)"
        while columns[other] != nil { other += "_" }
        (columns[other], columns[name]) = (columns[name], nil)
        notes.append("the fact \(name), \(why), is recorded as \(other)")
    }

    /// The first few different values of the rows that are asked for.
    private static func shown(_ column: ZooColumn, where isWanted: (Int) -> Bool) -> String {
        var values: [String] = []
        for row in 0..<column.count where isWanted(row) {
            guard let text = ColumnValue(column, row: row)?.text, !values.contains(text) else { continue }
            values.append(text)
            if values.count > 4 { break }
        }
        return values.prefix(4).map { "\"\($0.printable(limit: 30))\"" }.joined(separator: ", ")
            + (values.count > 4 ? ", ..." : "")
    }
}
