/// The facts a zoo records of its networks, by name: `split`, `seed`, `test_accuracy`, ...
public struct ZooColumns: Sendable, Hashable {
    /// Number of networks, the length of every column.
    public let count: Int
    private var values: [String: ZooColumn] = [:]

    /// No facts of `count` networks.
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

    /// The facts of the named rows, in their order; traps where a row does not exist.
    public func selecting(_ rows: some Collection<Int>) -> ZooColumns {
        var selected = ZooColumns(count: rows.count)
        selected.values = values.mapValues { $0.selecting(rows) }
        return selected
    }

    /// Both facts one behind the other, or nil where names or kinds differ.
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
