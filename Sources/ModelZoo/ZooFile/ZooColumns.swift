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
