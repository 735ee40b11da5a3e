/// A plain table for standard output: columns aligned, columns of numbers to the right, a line under the head.
public struct TextTable: Sendable {
    private let head: [String]
    private var rows: [[String]] = []

    /// A table with the given column titles.
    public init(_ head: [String]) {
        self.head = head
    }

    /// Adds a row; missing cells are empty, cells beyond the head are dropped.
    public mutating func append(_ row: [String]) {
        rows.append(Array((row + Array(repeating: "", count: head.count)).prefix(head.count)))
    }

    /// The lines, each ended by a line feed, no spaces at their ends.
    public var text: String {
        let columns = head.indices.map { column in rows.map { $0[column] } }
        let widths = head.indices.map { column in (columns[column] + [head[column]]).map(\.count).max() ?? 0 }
        let right = columns.map { cells in
            cells.contains { !Self.isBlank($0) } && cells.allSatisfy { Self.isBlank($0) || Self.isNumber($0) }
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([head, rule] + rows).map { row in
            let line = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return right[column] ? space + row[column] : row[column] + space
            }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    private static func isBlank(_ cell: String) -> Bool { ["", "-", "–", "n/a"].contains(cell) }

    private static func isNumber(_ cell: String) -> Bool {
        if ["nan", "inf", "-inf"].contains(cell) { return true }
        let number = #/[-+]?[.0-9][0-9.,]*(e[-+]?[0-9]+)?( ?%)?( ?(±|\+-) ?[0-9.]+( ?%)?)?( [a-zA-Z]{1,3})?/#
        return cell.wholeMatch(of: number) != nil
    }
}
