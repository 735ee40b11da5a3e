/// Cuts the bytes of a table (RFC 4180, with other separators too) into rows of cells.
///
/// Lines end with LF, CRLF or CR; the last line need not end; blank lines and comments are skipped. A quoted cell may
/// hold separators, line ends and doubled quotes. A quote inside an unquoted cell, or text after a closing quote, is an
/// error.
package struct TableScanner {
    /// Where one cell lies, without its quotes.
    package struct Cell {
        package let range: Range<Int>
        package let isQuoted: Bool
    }

    let path: String
    package let bytes: [UInt8]
    /// What parts the cells of a row.
    let separator: UInt8
    private let comment: UInt8?
    private let hasQuotes: Bool
    /// The line on which the row read last began, counted from 1.
    private(set) var rowLine = 0
    private var line = 1
    private var position: Int

    /// Starts before the first row; `path` is for messages. A separator that is to be detected is the one that the first
    /// row holds most of.
    package init(bytes: [UInt8], path: String, dialect: TableDialect = TableDialect()) {
        let bytes = Self.utf8(bytes)
        self.bytes = bytes
        self.path = path
        separator = dialect.separator.byte ?? TableDialect.detectSeparator(bytes, dialect)
        (comment, hasQuotes) = (dialect.comment, dialect.hasQuotes)
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Text that begins with the mark of UTF-16, as spreadsheets write "Unicode text", in UTF-8; other bytes as they are.
    private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 2, bytes.count % 2 == 0 else { return bytes }
        let isLittle = bytes[0] == 0xFF && bytes[1] == 0xFE
        guard isLittle || (bytes[0] == 0xFE && bytes[1] == 0xFF) else { return bytes }
        let units = stride(from: 2, to: bytes.count, by: 2).map { place in
            UInt16(bytes[isLittle ? place + 1 : place]) << 8 | UInt16(bytes[isLittle ? place : place + 1])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// Replaces `cells` by those of the next row; false at the end of the file.
    package mutating func nextRow(into cells: inout [Cell]) throws -> Bool {
        cells.removeAll(keepingCapacity: true)
        while position < bytes.count, skipLineEnd() || skipComment() {}
        guard position < bytes.count else { return false }
        rowLine = line
        while true {
            let isQuoted = hasQuotes && position < bytes.count && bytes[position] == .quote
            cells.append(isQuoted ? try quoted(column: cells.count) : try bare(column: cells.count))
            guard position < bytes.count, bytes[position] == separator else { break }
            position += 1
        }
        _ = skipLineEnd()
        return true
    }

    /// What a cell says, with doubled quotes made single and, outside quotes, no blanks around it.
    package func text(_ cell: Cell) -> String {
        guard cell.isQuoted else { return String(decoding: bytes[cell.range], as: UTF8.self) }
        // Byte by byte: a combining mark after a quote makes one character of both. Quotes inside a cell come in pairs.
        var (text, isFirst) = ([UInt8](), false)
        for byte in bytes[cell.range] {
            isFirst = byte == .quote && !isFirst
            if !isFirst { text.append(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A complaint about the cell in the given column (from 0) of the row read last.
    package func problem(column: Int, expected: String, found: String, hint: String = "") -> DataError {
        let shown = found.count > 40 ? "\(found.prefix(40))..." : found
        let printable = shown.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : "\($0)" }.joined()
        return DataError(
            .malformed, path: "\(path), line \(rowLine), column \(column + 1)", expected: expected, found: printable,
            hint: hint)
    }

    private mutating func skipLineEnd() -> Bool {
        guard position < bytes.count, bytes[position] == .newline || bytes[position] == .carriageReturn else {
            return false
        }
        let isPair =
            bytes[position] == .carriageReturn && position + 1 < bytes.count && bytes[position + 1] == .newline
        position += isPair ? 2 : 1
        line += 1
        return true
    }

    private mutating func skipComment() -> Bool {
        guard let comment, bytes[position] == comment else { return false }
        while position < bytes.count, !endsLine(at: position) { position += 1 }
        return true
    }

    private func endsCell(_ byte: UInt8) -> Bool {
        byte == separator || byte == .newline || byte == .carriageReturn
    }

    /// Whether a byte ends a line: an LF, or a CR that none follows.
    private func endsLine(at place: Int) -> Bool {
        guard bytes[place] == .carriageReturn else { return bytes[place] == .newline }
        return place + 1 == bytes.count || bytes[place + 1] != .newline
    }

    private mutating func bare(column: Int) throws -> Cell {
        var start = position
        while position < bytes.count, !endsCell(bytes[position]) {
            if hasQuotes, bytes[position] == .quote {
                throw problem(column: column, expected: "quotes around the whole cell", found: "a quote inside it")
            }
            position += 1
        }
        var end = position
        while start < end, bytes[start].isBlank { start += 1 }
        while start < end, bytes[end - 1].isBlank { end -= 1 }
        return Cell(range: start..<end, isQuoted: false)
    }

    private mutating func quoted(column: Int) throws -> Cell {
        position += 1
        let start = position
        while position < bytes.count {
            if bytes[position] == .quote {
                guard position + 1 < bytes.count, bytes[position + 1] == .quote else { break }
                position += 1
            } else if endsLine(at: position) {
                line += 1
            }
            position += 1
        }
        guard position < bytes.count else {
            throw problem(column: column, expected: "a closing quote", found: "the end of the file")
        }
        let cell = Cell(range: start..<position, isQuoted: true)
        position += 1
        guard position == bytes.count || endsCell(bytes[position]) else {
            throw problem(
                column: column, expected: "a \(separator.separatorName) or the end of the line after a quoted cell",
                found: "more text")
        }
        return cell
    }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
    fileprivate var separatorName: String {
        switch self {
        case UInt8(ascii: ","): "comma"
        case UInt8(ascii: ";"): "semicolon"
        default: "tab"
        }
    }
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
