/// How the text of a table is written: what parts its cells, whether it has a header, what stands for a missing value.
public struct TableDialect: Sendable, Hashable {
    /// What parts the cells of a row.
    public enum Separator: String, Sendable, Hashable, CaseIterable {
        /// A comma.
        case comma = ","
        /// A semicolon, as spreadsheets of many countries write.
        case semicolon = ";"
        /// A tab.
        case tab = "\t"
        /// The one of the three that the first row holds most of; a comma where it holds none.
        case detected

        var byte: UInt8? { self == .detected ? nil : rawValue.utf8.first }
    }

    /// Whether the first line names the columns.
    public enum Header: Sendable, Hashable {
        /// It does when none of its cells is a number, or when its numbers count the columns.
        case detected
        /// It does.
        case present
        /// It does not.
        case absent
    }

    /// What parts the cells of a row.
    public var separator: Separator
    /// Whether the first line names the columns.
    public var header: Header
    /// Whether cells may stand in double quotes; otherwise a quote is a character like any other.
    public var hasQuotes = true
    /// Lines that begin with this ASCII character are passed over; nil where there are none.
    public var comment: UInt8?
    /// Cells that stand for a value which was not recorded.
    public private(set) var missing: Set<[UInt8]> = Self.usualMissing

    /// The texts that stand for a missing value everywhere: nothing, `?`, `NA`, `NaN`, `nan`.
    private static let usualMissing = Set(["", "?", "NA", "NaN", "nan"].map { Array($0.utf8) })

    /// A dialect with quotes and without comments; `missing` are codes such as `-9` that stand for a missing value, besides
    /// nothing, `?`, `NA`, `NaN` and `nan`.
    public init(separator: Separator = .comma, header: Header = .detected, missing: [String] = []) {
        self.separator = separator
        self.header = header
        self.missing.formUnion(missing.map { Array($0.utf8) })
    }

    /// Texts that stand for a missing value among numbers, besides those that do so everywhere; among words they may be
    /// words. In lower case.
    private static let numericGaps = Set(
        [
            "na", "nan", "-nan", "<na>", "n/a", "#n/a", "#n/a n/a", "#na", "null", "none", "nat", "missing", ".", "-",
            "--", "#value!", "#div/0!", "#num!",
        ].map { Array($0.utf8) })

    /// Whether a cell among numbers stands for a missing value.
    package func isGapOfNumbers(_ text: ArraySlice<UInt8>) -> Bool {
        if isMissing(text) { return true }
        guard text.count <= 12 else { return false }
        let lower = text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
        return Self.numericGaps.contains(lower)
    }

    /// Whether there are codes for missing values that could be read as something else, such as numbers.
    package var hasCodes: Bool { missing.count > Self.usualMissing.count }

    /// Whether a cell stands for a missing value.
    package func isMissing(_ text: ArraySlice<UInt8>) -> Bool {
        missing.contains(Array(text))
    }

    /// The separator that the first row (after comments and blank lines) holds most of, quoted text left out.
    static func detectSeparator(_ bytes: [UInt8], _ dialect: TableDialect) -> UInt8 {
        var counts = [0, 0, 0]
        let candidates = [Separator.comma, .semicolon, .tab].compactMap(\.byte)
        var (isQuoted, isComment, hasContent, startsLine) = (false, false, false, true)
        for byte in bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) {
            let endsLine = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if endsLine, !isQuoted {
                if hasContent { break }
                (isComment, startsLine) = (false, true)
                continue
            }
            if startsLine, let comment = dialect.comment, byte == comment { isComment = true }
            startsLine = false
            if isComment { continue }
            hasContent = true
            if dialect.hasQuotes, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }
}

/// Reads the cells of a table as numbers.
package enum TableNumber {
    /// The finite number that the text spells in decimal notation, or nil.
    package static func parse(_ text: ArraySlice<UInt8>) -> Float? {
        if let whole = smallWhole(text) { return whole }
        guard text.allSatisfy(isDecimal), let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }

    /// The same in double precision.
    package static func parseDouble(_ text: ArraySlice<UInt8>) -> Double? {
        guard !text.isEmpty, text.allSatisfy(isDecimal), let value = Double(String(decoding: text, as: UTF8.self)),
            value.isFinite
        else { return nil }
        return value
    }

    /// Up to seven digits without sign, which every single-precision number holds exactly: the common case, fast.
    private static func smallWhole(_ text: ArraySlice<UInt8>) -> Float? {
        guard (1...7).contains(text.count) else { return nil }
        var value: Int32 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int32(byte &- UInt8(ascii: "0"))
        }
        return Float(value)
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
