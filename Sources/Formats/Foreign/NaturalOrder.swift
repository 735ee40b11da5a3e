/// The order in which people list names: runs of digits compare as numbers, all else by its bytes.
enum NaturalOrder {
    /// Whether one name comes before another; `layers.2` before `layers.10`.
    static func precedes(_ first: String, _ second: String) -> Bool {
        // By bytes: two spellings of one letter are equal to Swift, and an order that took them so would have circles.
        var (first, second) = (first, second)
        return first.withUTF8 { left in second.withUTF8 { right in precedes(left, right) } }
    }

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private static func precedes(_ left: Bytes, _ right: Bytes) -> Bool {
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let (one, other) = (piece(left, from: i), piece(right, from: j))
            (i, j) = (one.end, other.end)
            let (text, otherText) = (left[one.start..<one.end], right[other.start..<other.end])
            if text.elementsEqual(otherText) { continue }
            if one.isNumber, other.isNumber, text.count != otherText.count { return text.count < otherText.count }
            return text.lexicographicallyPrecedes(otherText)
        }
        if i < left.count || j < right.count { return j < right.count }
        return left.lexicographicallyPrecedes(right)
    }

    /// The run of digits or of other bytes that begins at a place, of digits without leading zeros.
    private static func piece(_ bytes: Bytes, from start: Int) -> (start: Int, end: Int, isNumber: Bool) {
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        let isNumber = isDigit(bytes[start])
        var end = start
        while end < bytes.count, isDigit(bytes[end]) == isNumber { end += 1 }
        var first = start
        while isNumber, first < end, bytes[first] == UInt8(ascii: "0") { first += 1 }
        return (first, end, isNumber)
    }

    /// A name with every run of digits taken out: names that agree in it differ in numbers alone.
    static func skeleton(_ name: String) -> String {
        pieces(name).map { piece in if case .number = piece { "\u{0}" } else { piece.text } }.joined()
    }

    private enum Piece: Hashable {
        /// How many digits there are without leading zeros, and these digits: numbers of any length compare.
        case number(Int, String)
        case word(String)

        var text: String {
            switch self {
            case .number(_, let digits): digits
            case .word(let text): text
            }
        }
    }

    private static func pieces(_ name: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(name)
        while let first = rest.unicodeScalars.first {
            let isDigit = ("0"..."9").contains(first)
            let part = rest.unicodeScalars.prefix { ("0"..."9").contains($0) == isDigit }
            rest = Substring(rest.unicodeScalars.dropFirst(part.count))
            if isDigit {
                let digits = String(String.UnicodeScalarView(part.drop { $0 == "0" }))
                pieces.append(.number(digits.unicodeScalars.count, digits))
            } else {
                pieces.append(.word(String(String.UnicodeScalarView(part))))
            }
        }
        return pieces
    }
}
