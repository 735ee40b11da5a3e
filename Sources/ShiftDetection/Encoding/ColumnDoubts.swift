import Basics

/// What a person should know of columns before rows are compared by them: numbers of rows, dates, numbers with decimal
/// commas, single values.
public struct ColumnDoubts: Sendable, Equatable {
    /// What is to be said, a sentence each.
    public let notes: [String]

    /// Looks at the columns of a table that an encoding was fitted to.
    public init(_ table: Table, _ encoding: TableEncoding, path: String) {
        let columns = encoding.columns.compactMap { table[$0.name] }
        let constant = encoding.columns.filter(\.isConstant).map(\.name)
        let numbered = columns.filter(Self.namesRows).map(\.name)
        let commas = columns.filter(Self.hasDecimalCommas).map(\.name)
        let varied = columns.filter { !Self.hasDecimalCommas($0) && Self.isNearlyUnique($0) }.map(\.name)
        func sentence(_ names: [String], _ one: String, _ many: String) -> [String] {
            guard let first = names.first else { return [] }
            let said =
                names.count == 1
                ? "column '\(first.printable())' \(one)" : "columns \(TableEncoding.list(names)) \(many)"
            return ["\(path): \(said)"]
        }
        let ignore = "--ignore " + (numbered + varied).joined(separator: ",").printable(limit: 200)
        notes =
            sentence(
                constant, "holds one value in every row: a sample's is compared with it, and nothing else reads it",
                "hold one value each in every row: a sample's are compared with them, and nothing else reads them")
            + sentence(
                numbered, "counts the rows, as a patient's number does: leave it out with \(ignore)",
                "count the rows, as a patient's number does: leave them out with \(ignore)")
            + sentence(
                varied, "has another text in nearly every row, as names and dates do: leave it out with \(ignore)",
                "have another text in nearly every row, as names and dates do: leave them out with \(ignore)")
            + sentence(
                commas, "holds numbers with decimal commas, which were read as texts: write them with points",
                "hold numbers with decimal commas, which were read as texts: write them with points")
    }

    /// Rows from which on it is no chance that whole numbers rise from row to row.
    private static let leastRows = 20

    /// Whether whole numbers rise from row to row, or are all of a range, each once: a row's number.
    private static func namesRows(_ column: Table.Column) -> Bool {
        guard case .integers(let values) = column.values, values.count >= leastRows else { return false }
        let known = values.compactMap { $0 }
        guard known.count == values.count, let first = known.min(), let last = known.max(),
            Set(known).count == known.count
        else { return false }
        let (width, isTooWide) = last.subtractingReportingOverflow(first)
        return zip(known, known.dropFirst()).allSatisfy { $0 < $1 } || (!isTooWide && width == Int64(known.count) - 1)
    }

    /// Whether texts are as good as different in every row.
    private static func isNearlyUnique(_ column: Table.Column) -> Bool {
        guard case .categories(let codes, let names) = column.values else { return false }
        let known = codes.count { $0 >= 0 }
        return known >= leastRows && Double(names.count) > 0.5 * Double(known)
    }

    /// Whether all texts are numbers with a comma for a point.
    private static func hasDecimalCommas(_ column: Table.Column) -> Bool {
        guard case .categories(_, let names) = column.values, !names.isEmpty else { return false }
        return names.contains { $0.contains(",") } && names.allSatisfy(Self.isDecimal)
    }

    /// Whether a text is a number with at most one comma in place of the point, and no point.
    private static func isDecimal(_ text: String) -> Bool {
        guard !text.contains("."), text.count(where: { $0 == "," }) <= 1 else { return false }
        return TableNumber.parseDouble(ArraySlice(text.replacing(",", with: ".").utf8)) != nil
    }
}
