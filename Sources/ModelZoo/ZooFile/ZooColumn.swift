/// One fact a network, for all networks of a zoo.
public enum ZooColumn: Sendable, Hashable {
    /// Real numbers; missing ones are NaN. Accuracies are fractions from 0 to 1.
    case real([Double])
    /// Integers; missing ones are -1.
    case integer([Int64])
    /// Unsigned integers such as seeds; none is missing.
    case unsigned([UInt64])
    /// Text; missing ones are empty.
    case text([String])

    /// Number of networks.
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

    /// Both columns' values one behind the other, or nil where they hold different kinds.
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
