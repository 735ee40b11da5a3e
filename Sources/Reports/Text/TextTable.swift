import Basics

/// A plain table for standard output, as wide as the terminal, or 80 columns where that is not known: columns aligned,
/// columns of numbers to the right, a line under the head.
///
/// A column in which nothing stands is left out. Where a table would be too wide, its widest columns are folded between
/// words, never inside a number.
public struct TextTable: Sendable {
    private let head: [String]
    private var rows: [[String]] = []

    private static let gap = "  "

    /// A table with the given column titles.
    public init(_ head: [String]) {
        self.head = head
    }

    /// Adds a row; missing cells are empty, cells beyond the head are dropped.
    public mutating func append(_ row: [String]) {
        let cells = row.map { $0.printableLines.replacing("\n", with: " ") }
        rows.append(Array((cells + Array(repeating: "", count: head.count)).prefix(head.count)))
    }

    /// The lines, each ended by a line feed, no spaces at their ends.
    public var text: String { text(width: TerminalWidth.columns) }

    /// The lines of a table of at most so many columns.
    func text(width: Int) -> String {
        let shown = head.indices.filter { column in
            column == 0 || rows.isEmpty || !rows.allSatisfy { Self.isBlank($0[column]) }
        }
        let columns = shown.map { column in Column(head[column], rows.map { $0[column] }) }
        let widths = Self.widths(columns, within: width)
        let rule = widths.map { String(repeating: "-", count: $0) }
        var lines = Self.lines(columns.map(\.head), columns, widths) + [rule.joined(separator: Self.gap)]
        for row in rows.indices { lines += Self.lines(columns.map { $0.cells[row] }, columns, widths) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// One column, each cell as the pieces at whose borders it may be folded.
    private struct Column {
        let head: [Substring]
        let cells: [[Substring]]
        let isRight: Bool

        init(_ head: String, _ cells: [String]) {
            self.head = TextTable.pieces(head)
            self.cells = cells.map(TextTable.pieces)
            isRight =
                cells.contains { !TextTable.isBlank($0) }
                && cells.allSatisfy { TextTable.isBlank($0) || TextTable.isNumber($0) }
        }

        /// The width in which nothing is folded, and that of the widest piece.
        var natural: Int { ([head] + cells).map { $0.joined(separator: " ").count }.max() ?? 0 }
        var least: Int { ([head] + cells).flatMap { $0 }.map(\.count).max() ?? 0 }
    }

    /// The widest columns are narrowed first, by one character at a time, until all fit.
    private static func widths(_ columns: [Column], within width: Int) -> [Int] {
        var widths = columns.map(\.natural)
        let least = columns.map(\.least)
        var excess = widths.reduce(0, +) + gap.count * (columns.count - 1) - width
        while excess > 0 {
            let candidates = widths.indices.filter { widths[$0] > least[$0] }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// A row as one or more lines.
    private static func lines(_ cells: [[Substring]], _ columns: [Column], _ widths: [Int]) -> [String] {
        let folded = cells.indices.map { fold(cells[$0], widths[$0]) }
        let height = folded.map(\.count).max() ?? 0
        return (0..<max(1, height)).map { line in
            let text = folded.indices.map { column in
                let part = line < folded[column].count ? folded[column][line] : ""
                let space = String(repeating: " ", count: max(0, widths[column] - part.count))
                return columns[column].isRight ? space + part : part + space
            }.joined(separator: gap)
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func fold(_ pieces: [Substring], _ width: Int) -> [String] {
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, last.count + 1 + piece.count <= width {
                lines[lines.count - 1] = last + " " + piece
            } else {
                lines.append(String(piece))
            }
        }
        return lines
    }

    /// Words; what belongs to a number stays with it: "96.17 ± 0.31", "12 %".
    private static func pieces(_ text: String) -> [Substring] {
        if isNumber(text) && !text.contains("(") { return [text[...]] }
        var pieces: [Substring] = []
        for word in text.split(separator: " ") {
            let joins = ["±", "%"].contains(word) || pieces.last?.hasSuffix("±") == true
            if joins, let last = pieces.last {
                pieces[pieces.count - 1] = "\(last) \(word)"
            } else {
                pieces.append(word)
            }
        }
        return pieces
    }

    private static func isBlank(_ cell: String) -> Bool { ["", "-", "–", "n/a"].contains(cell) }

    private static func isNumber(_ cell: String) -> Bool {
        if ["nan", "inf", "-inf"].contains(cell) { return true }
        let number =
            #/([-+−]?[.0-9][0-9.,]*(e[-+]?[0-9]+)?( ?%)?( ?(±|\+-) ?[0-9.]+( ?%)?)?( [a-zA-Z]{1,3})?|–)( \([0-9,]+ not finite\))?/#
        return cell.wholeMatch(of: number) != nil
    }
}
