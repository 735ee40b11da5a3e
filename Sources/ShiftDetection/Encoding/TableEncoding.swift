import Basics
import Tensors

/// How the columns of a table become features, learnt once: columns are matched by name.
///
/// Kinds, categories, means and deviations are those of the rows that it was fitted to. A number stays what it is, up to
/// single precision; a category that was not there becomes none of the known ones.
public struct TableEncoding: Codable, Sendable, Equatable {
    /// The columns in the order in which they become features.
    public let columns: [ColumnEncoding]

    /// The kinds to read the columns as, by name.
    public var kinds: [String: Table.Kind] {
        Dictionary(columns.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    }

    /// Features in a row.
    public var width: Int { columns.reduce(0) { $0 + $1.width } }

    /// What stands for a category that was not there when the encoding was fitted.
    public static let unseen = -1.0

    /// Learns from the columns of a table, all but those of these names.
    ///
    /// Throws `DataError` (malformed), naming all of them, for columns without a value, or with one value alone unless
    /// `keepsConstants`; for two columns of one name; and for words among numbers.
    public init(
        fitting table: Table, except others: Set<String>, impute: Imputation?, keepsConstants: Bool = false,
        path: String
    ) throws {
        let used = table.columns.filter { !others.contains($0.name) }
        if let twice = Dictionary(grouping: used, by: \.name).filter({ $0.value.count > 1 }).keys.min() {
            throw DataError(
                .malformed, path: path, problem: "several columns are named '\(twice.printable())'",
                hint: "give each a name of its own, or leave them out with --ignore '\(twice.printable())'")
        }
        let useless = used.compactMap { column in
            ColumnEncoding.problem(column).map { (name: column.name, problem: $0) }
        }.filter { !keepsConstants || $0.problem != .constant }
        if let first = useless.first { throw Self.useless(useless.map(\.name), first.problem, path) }
        for column in used { try ColumnEncoding.refuseMixed(column, path) }
        columns = used.map { ColumnEncoding(fitting: $0, impute: impute) }
    }

    private static func useless(_ names: [String], _ problem: ColumnEncoding.Problem, _ path: String) -> DataError {
        let more = names.count - 1
        let others =
            more == 0
            ? "" : more == 1 ? ", and one more is of no use either" : ", and \(more) more are of no use either"
        return DataError(
            .malformed, path: path, problem: "column '\(names[0].printable())' \(problem.rawValue)\(others)",
            hint:
                "leave \(more == 0 ? "it" : "them") out with --ignore '\(names.joined(separator: ",").printable(limit: 2000))'"
        )
    }

    /// A table's columns as the encoding knows them, and what a person should know about that.
    ///
    /// - except: columns that have another role, which are not named among the extra ones.
    /// - Throws `DataError` (malformed) for a column that is not there.
    public func read(_ table: Table, except others: Set<String>, path: String) throws -> (
        rows: RawRows, notes: [String]
    ) {
        try Self.refuseTwins(table, among: Set(columns.map(\.name)), path)
        let there = Set(table.columns.map(\.name))
        let missing = columns.map(\.name).filter { !there.contains($0) }
        guard missing.isEmpty else { throw Self.lacking(missing, among: table.columns.map(\.name), path) }
        var notes: [String] = []
        let extra = table.columns.map(\.name).filter { name in
            !others.contains(name) && !columns.contains { $0.name == name }
        }
        if !extra.isEmpty {
            notes.append("\(path): columns that the reference does not have are ignored: \(Self.list(extra))")
        }
        var values: [[Double]] = []
        for column in columns {
            guard let read = table[column.name] else { continue }
            let (numbers, unseen) = Self.numbers(read, column)
            if !unseen.isEmpty {
                notes.append(
                    "\(path): column '\(column.name.printable())' has categories that the reference does not have, "
                        + "counted as none of its own: \(Self.list(unseen))")
            }
            values.append(numbers)
        }
        return (RawRows(columns: values, count: table.rowCount), notes)
    }

    /// Throws `DataError` (malformed) where two columns have one of these names: nobody knows which is meant.
    public static func refuseTwins(_ table: Table, among names: Set<String>, _ path: String) throws {
        var seen: Set<String> = []
        for name in table.columns.map(\.name) where names.contains(name) && !seen.insert(name).inserted {
            throw DataError(
                .malformed, path: path, problem: "several columns are named '\(name.printable())'",
                hint: "give each a name of its own")
        }
    }

    /// The features [n, d] of rows, in single precision.
    ///
    /// Throws `DataError` (malformed) for a missing value where nothing was said to stand for it.
    public func features(_ rows: RawRows, path: String) throws -> Tensor {
        for (column, values) in zip(columns, rows.columns) where column.fill == nil && !column.isConstant {
            let missing = values.count { $0.isNaN }
            guard missing == 0 else {
                throw DataError(
                    .malformed, path: path,
                    problem: "column '\(column.name.printable())' has \(missing) missing "
                        + (missing == 1 ? "value" : "values"),
                    hint:
                        "say what stands for them with `shift fit --impute median` (or mean), or leave the column out "
                        + "with --ignore")
            }
        }
        var flat: [Float] = []
        flat.reserveCapacity(rows.count * width)
        for row in 0..<rows.count {
            for (column, values) in zip(columns, rows.columns) { column.append(values[row], to: &flat) }
        }
        return Tensor(flat, shape: [rows.count, width])
    }

    /// The rows' columns as a person knows them, before they become features.
    public func columns(of rows: RawRows) -> [ShiftColumn] {
        zip(columns, rows.columns).map { column, values in
            switch column.content {
            case .number:
                ShiftColumn(name: column.name, values: .numbers(values.map { $0.isNaN ? nil : $0 }))
            case .categories(let names):
                ShiftColumn(
                    name: column.name,
                    values: .categories(
                        values.map { $0.isNaN ? nil : $0 == Self.unseen ? "another one" : names[Int($0)] }))
            }
        }
    }

    /// A column's values as the encoding counts them, and the categories that it does not know.
    private static func numbers(_ column: Table.Column, _ encoding: ColumnEncoding) -> ([Double], unseen: [String]) {
        guard case .categories(let known) = encoding.content, case .categories(let codes, let names) = column.values
        else {
            return (column.numbers.map(RawRows.kept), [])
        }
        let places = Dictionary(known.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
        let values = codes.map { $0 < 0 ? .nan : places[names[Int($0)]] ?? unseen }
        return (values, names.filter { places[$0] == nil })
    }

    private static func lacking(_ missing: [String], among names: [String], _ path: String) -> DataError {
        let near = missing.first.flatMap { Nearest.match($0, among: names) }
        return DataError(
            .malformed, path: path,
            problem: (missing.count == 1 ? "there is no column " : "there are no columns ")
                + missing.prefix(10).map { "'\($0.printable(limit: 40))'" }.joined(separator: ", ")
                + (missing.count > 10 ? " and \(missing.count - 10) more" : "") + ", which the reference has",
            hint: near.map { "is it '\($0.printable(limit: 40))' there? columns are matched by name" }
                ?? "columns are matched by name, so both files need the same header; a class that the reference has and a "
                + "sample does not is named with `shift fit --label`")
    }

    static func list(_ names: [String]) -> String {
        names.prefix(8).map { $0.printable(limit: 40) }.joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}

/// Rows of a table as numbers, column by column: a category's place among the known ones, -1 for an unknown one, NaN for a
/// missing value.
public struct RawRows: Sendable, Equatable {
    /// Each column's values, one a row.
    public let columns: [[Double]]
    /// Number of rows.
    public let count: Int

    /// Holds columns; traps unless each has a value a row.
    public init(columns: [[Double]], count: Int) {
        precondition(
            columns.allSatisfy { $0.count == count }, "raw rows: columns of \(columns.map(\.count)), \(count) rows")
        (self.columns, self.count) = (columns, count)
    }

    /// A number as it is kept: in single precision, so that what was equal before a detector was written is equal after.
    static func kept(_ value: Double) -> Double {
        value.isNaN ? .nan : Double(Float(min(max(value, -largest), largest)))
    }
    private static let largest = Double(Float.greatestFiniteMagnitude)

    /// The rows at these places, in this order.
    public func selecting(_ places: [Int]) -> RawRows {
        RawRows(columns: columns.map { column in places.map { column[$0] } }, count: places.count)
    }

    /// A row's values, equal where rows are equal; missing values are equal to each other.
    func key(_ row: Int) -> [UInt64] { columns.map { $0[row].isNaN ? .max : ($0[row] + 0).bitPattern } }
}
