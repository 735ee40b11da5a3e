/// Whether the first row of a table names its columns, as its own words and the rows below it tell.
///
/// Names may be numbers: pandas calls columns 0, 1, 2, ... where nobody named them, and writes `label,0,1,2,...`. A row
/// is taken for a header where
/// - none of its cells is a number; or
/// - a cell is one of the usual names of a class, and no cell below it says the same; or
/// - its numbers count the columns (from 0 or from 1): at least five where all cells are numbers, at least three
///   beside words that do not occur again below them, or behind an empty first cell, the name of pandas' index.
enum TableHeader {
    /// Rows below the first that are looked at.
    static let sampledRows = 200

    /// Whether the row is a header; `below` gives the rows after it, as far as they are looked at.
    static func isHeader(_ row: [String], below: () throws -> [[String]]) rethrows -> Bool {
        let numbers = row.map { TableNumber.parseDouble(ArraySlice($0.utf8)) }
        let words = row.indices.filter { numbers[$0] == nil }
        if words.count == row.count { return true }
        let isClassNamed = words.contains { TableRoles.isUsualLabel(row[$0]) }
        let counting = counts(numbers.compactMap { $0 })
        if words.isEmpty { return counting && row.count >= 5 }
        let isIndexed = row[0].isEmpty && counting
        guard isClassNamed || isIndexed || (counting && row.count - words.count >= 3) else { return false }
        let rows = try below()
        return words.allSatisfy { column in
            !rows.contains { column < $0.count && $0[column] == row[column] }
        }
    }

    /// Whether numbers are 0, 1, 2, ... or 1, 2, 3, ...
    private static func counts(_ numbers: [Double]) -> Bool {
        guard let first = numbers.first, first == 0 || first == 1 else { return false }
        return numbers.indices.allSatisfy { numbers[$0] == first + Double($0) }
    }
}
