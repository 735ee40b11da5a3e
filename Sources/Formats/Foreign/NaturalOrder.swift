/// The order in which people list names: runs of digits compare as numbers, all else by its bytes.
enum NaturalOrder {
    /// Whether one name comes before another; `layers.2` before `layers.10`.
    static func precedes(_ first: String, _ second: String) -> Bool {
        let (left, right) = (pieces(first), pieces(second))
        // By bytes: two spellings of one letter are equal to Swift, and an order that took them so would have circles.
        for (one, other) in zip(left, right) where !one.text.utf8.elementsEqual(other.text.utf8) {
            if case .number(let length, let digits) = one, case .number(let otherLength, let otherDigits) = other,
                (length, digits) != (otherLength, otherDigits)
            {
                return (length, digits) < (otherLength, otherDigits)
            }
            return one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
        }
        if left.count != right.count { return left.count < right.count }
        return first.utf8.lexicographicallyPrecedes(second.utf8)
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
