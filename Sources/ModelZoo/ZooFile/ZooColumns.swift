import Basics

/// The columns of a zoo, by name, with one value for each network: `split`, `seed`, `test_accuracy`, ...
public struct ZooColumns: Sendable, Hashable {
    /// Number of networks, the length of every column.
    public let count: Int
    private var values: [String: ZooColumn] = [:]

    /// No columns, for `count` networks.
    public init(count: Int) { self.count = count }

    /// Names in order of their UTF-8 bytes.
    public var names: [String] { values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// The column of that name, or nil; setting traps where the column has another length.
    public subscript(name: String) -> ZooColumn? {
        get { values[name] }
        set {
            precondition(newValue.map { $0.count == count } ?? true, "column \(name): not \(count) values")
            values[name] = newValue
        }
    }

    /// The named column as real numbers, missing ones as NaN; nil where there is none or it is text.
    public func numbers(_ name: String) -> [Double]? { values[name]?.numbers }

    /// The columns' values in the named rows, in their order; traps where a row does not exist.
    public func selecting(_ rows: some Collection<Int>) -> ZooColumns {
        var selected = ZooColumns(count: rows.count)
        selected.values = values.mapValues { $0.selecting(rows) }
        return selected
    }

    /// The values of both, one after the other, or nil where names or kinds differ.
    func appending(_ other: ZooColumns) -> ZooColumns? {
        guard names == other.names else { return nil }
        var joined = ZooColumns(count: count + other.count)
        for (name, column) in values {
            guard let second = other[name], let both = column.appending(second) else { return nil }
            joined.values[name] = both
        }
        return joined
    }

    /// The values of several files' networks, one after the other; what only some have is missing for the others. Throws
    /// `.malformed` naming the file whose column is of another kind, or misses numbers that cannot be missing.
    static func joined(_ parts: [ZooColumns], of files: [String]) throws -> ZooColumns {
        var joined = ZooColumns(count: parts.reduce(0) { $0 + $1.count })
        for name in Set(parts.flatMap(\.names)).sorted() {
            guard let kind = parts.lazy.compactMap({ $0[name] }).first else { continue }
            let pieces = try zip(parts, files).map { part, file in
                guard let piece = part[name] ?? kind.missing(part.count), piece.kind == kind.kind else {
                    throw DataError(
                        .malformed, path: "\(file):/networks/\(name)", expected: "a column of \(kind.kind) values",
                        found: part[name].map { "\($0.kind) ones" } ?? "none",
                        hint: "the shards of a zoo have the same columns")
                }
                return piece
            }
            joined.values[name] = kind.joining(pieces)
        }
        return joined
    }

    /// Rows of a split, rising; without a column `split` every network is for training.
    public func rows(in split: ZooSplit) -> [Int] {
        switch values["split"] {
        case .integer(let codes): codes.indices.filter { codes[$0] == Int64(split.rawValue) }
        case .unsigned(let codes): codes.indices.filter { codes[$0] == UInt64(split.rawValue) }
        default: split == .train ? Array(0..<count) : []
        }
    }
}

/// One value for each network of a zoo.
public enum ZooColumn: Sendable, Hashable {
    /// Real numbers; missing ones are NaN. Accuracies are fractions from 0 to 1.
    case real([Double])
    /// Integers; missing ones are -1.
    case integer([Int64])
    /// Unsigned integers such as seeds; none is missing.
    case unsigned([UInt64])
    /// Text; missing ones are empty.
    case text([String])

    /// The number of networks, one value each.
    public var count: Int {
        switch self {
        case .real(let values): values.count
        case .integer(let values): values.count
        case .unsigned(let values): values.count
        case .text(let values): values.count
        }
    }

    /// The values as real numbers, missing ones as NaN; nil for text.
    public var numbers: [Double]? {
        switch self {
        case .real(let values): values
        case .integer(let values): values.map { $0 == -1 ? .nan : Double($0) }
        case .unsigned(let values): values.map { Double($0) }
        case .text: nil
        }
    }

    /// What the column holds: `real`, `integer`, `unsigned` or `text`.
    public var kind: String {
        switch self {
        case .real: "real"
        case .integer: "integer"
        case .unsigned: "unsigned"
        case .text: "text"
        }
    }

    /// The values of the named rows, in their order; traps where a row does not exist.
    public func selecting(_ rows: some Collection<Int>) -> ZooColumn {
        switch self {
        case .real(let values): .real(rows.map { values[$0] })
        case .integer(let values): .integer(rows.map { values[$0] })
        case .unsigned(let values): .unsigned(rows.map { values[$0] })
        case .text(let values): .text(rows.map { values[$0] })
        }
    }

    /// So many missing values of this kind; nil where none can be missing.
    fileprivate func missing(_ count: Int) -> ZooColumn? {
        switch self {
        case .real: .real(Array(repeating: .nan, count: count))
        case .integer: .integer(Array(repeating: -1, count: count))
        case .unsigned: nil
        case .text: .text(Array(repeating: "", count: count))
        }
    }

    /// The values of several columns of this kind, one after the other.
    fileprivate func joining(_ pieces: [ZooColumn]) -> ZooColumn {
        switch self {
        case .real: .real(pieces.flatMap { if case .real(let values) = $0 { values } else { [Double]() } })
        case .integer: .integer(pieces.flatMap { if case .integer(let values) = $0 { values } else { [Int64]() } })
        case .unsigned: .unsigned(pieces.flatMap { if case .unsigned(let values) = $0 { values } else { [UInt64]() } })
        case .text: .text(pieces.flatMap { if case .text(let values) = $0 { values } else { [String]() } })
        }
    }

    /// Both columns' values one after the other, or nil where they hold different kinds.
    func appending(_ other: ZooColumn) -> ZooColumn? {
        switch (self, other) {
        case (.real(let first), .real(let second)): .real(first + second)
        case (.integer(let first), .integer(let second)): .integer(first + second)
        case (.unsigned(let first), .unsigned(let second)): .unsigned(first + second)
        case (.text(let first), .text(let second)): .text(first + second)
        default: nil
        }
    }
}

/// What a network of a zoo may be used for; by network, never by checkpoint.
public enum ZooSplit: Int, CaseIterable, Codable, Sendable {
    /// Generators are fitted to these.
    case train = 0
    /// Choices are made on these.
    case validation = 1
    /// Fresh: judged against, never learned from.
    case test = 2
}

extension ZooSplit {
    private static let words: [String: ZooSplit] = [
        "train": .train, "training": .train, "tr": .train, "trn": .train,
        "val": .validation, "valid": .validation, "validation": .validation, "dev": .validation,
        "test": .test, "testing": .test, "te": .test, "tst": .test, "fresh": .test,
    ]

    /// The split that a person's word is, in capitals or not; nil where it is none.
    package init?(word: String) {
        let plain = word.lowercased().split(separator: " ").joined(separator: " ")
        guard let split = Self.words[plain] else { return nil }
        self = split
    }
}

extension ZooSplit: CustomStringConvertible {
    /// `train`, `validation` or `test`.
    public var description: String {
        switch self {
        case .train: "train"
        case .validation: "validation"
        case .test: "test"
        }
    }
}
