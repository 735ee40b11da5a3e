import ModelZoo

/// One thing known of one network, of the kinds that a zoo's columns hold.
public enum ColumnValue: Sendable, Hashable {
    /// A real number; accuracies are fractions from 0 to 1.
    case real(Double)
    /// An integer.
    case integer(Int64)
    /// An unsigned integer such as a seed.
    case unsigned(UInt64)
    /// Text.
    case text(String)
}

extension ColumnValue {
    /// Reads what a cell, a metadata text or a file name says: an integer, a finite real number, else text; nil where
    /// it is empty or says that nothing is known.
    init?(parsing text: String) {
        if text.isEmpty || ["nan", "NaN", "null", "None"].contains(text) { return nil }
        if let value = Int64(text) {
            self = .integer(value)
        } else if let value = UInt64(text) {
            self = .unsigned(value)
        } else if text.utf8.allSatisfy({ Self.numeric.contains($0) }), let value = Double(text), value.isFinite {
            self = .real(value)
        } else {
            self = .text(text)
        }
    }

    /// The fact that a column holds in a row; nil where it is missing (NaN, -1 or empty).
    ///
    /// - knowing: whether a -1 is a fact, as in columns that are not of a zoo.
    init?(_ column: ZooColumn, row: Int, knowing isFact: Bool = false) {
        switch column {
        case .real(let values) where !values[row].isNaN: self = .real(values[row])
        case .integer(let values) where isFact || values[row] != -1: self = .integer(values[row])
        case .unsigned(let values): self = .unsigned(values[row])
        case .text(let values) where !values[row].isEmpty: self = .text(values[row])
        default: return nil
        }
    }

    /// The fact in a few characters.
    var text: String {
        switch self {
        case .real(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .text(let value): value
        }
    }

    /// Whether it is a number that says nothing.
    var isNaN: Bool { if case .real(let value) = self { value.isNaN } else { false } }

    /// How the fact was written, where `text` writes it otherwise.
    func otherSpelling(_ written: String) -> String? { text == written ? nil : written }

    /// The number, or nil for text.
    var number: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .text: nil
        }
    }

    /// The characters that a real number is written with: no "nan", "inf" or hexadecimal digits.
    private static let numeric = Set("0123456789+-.eE".utf8)
}
