import ModelZoo
import Basics

/// Collects facts of networks that come one by one into columns, which may begin late or have gaps.
struct FactColumns {
    /// Columns of all networks; more are refused, since each takes room for every network.
    static let mostColumns = 1024
    /// Number of networks so far.
    private(set) var count = 0
    private let place: String
    private var facts: [String: FactColumn] = [:]

    /// Starts without networks; `place` is for messages.
    init(place: String) { self.place = place }

    /// Appends what is known of the next network, and how it was written, if not as we would; throws `.malformed`
    /// where facts have too many names.
    mutating func append(_ row: [String: ZooFact], spellings: [String: String] = [:]) throws {
        let spellings = Self.cleaned(spellings)
        var row = Self.cleaned(row)
        // A copy of the names: the dictionary itself, held while it changes, would be copied with all its columns.
        for name in Array(facts.keys) { facts[name]?.append(row.removeValue(forKey: name), spelling: spellings[name]) }
        for (name, fact) in row {
            facts[name] = FactColumn(missing: count)
            facts[name]?.append(fact, spelling: spellings[name])
        }
        count += 1
        guard facts.count <= Self.mostColumns else {
            throw DataError(
                .malformed, path: place, expected: "at most \(Self.mostColumns) facts a network", found: "more")
        }
    }

    /// The columns; seeds are unsigned where none is missing.
    func columns() -> ZooColumns {
        var columns = ZooColumns(count: count)
        for (name, fact) in facts { columns[name] = fact.column(prefersUnsigned: name == "seed") }
        return columns
    }

    /// Facts, or how they are written, under names that can stand in a file: dots for slashes.
    private static func cleaned<Value>(_ row: [String: Value]) -> [String: Value] {
        if row.keys.allSatisfy({ isName($0) && !$0.utf8.contains(UInt8(ascii: "/")) }) { return row }
        var result: [String: Value] = [:]
        for (name, fact) in row.sorted(by: { $0.key < $1.key }) where isName(name) {
            let clean = name.split(separator: "/").joined(separator: ".")
            if result[clean] == nil { result[clean] = fact }
        }
        return result
    }

    /// Whether a fact's name can stand in a file.
    private static func isName(_ name: String) -> Bool {
        let isBlank = name.utf8.allSatisfy { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
        return !isBlank && !name.utf8.contains(0) && name.utf8.count <= 255
    }
}
