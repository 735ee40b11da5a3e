import Basics
import ModelZoo

/// Collects values of networks that come one by one into columns, which may begin late or have gaps.
struct ColumnsBuilder {
    /// Columns of all networks; more are refused, since each takes room for every network.
    static let mostColumns = 1024
    /// Number of networks so far.
    private(set) var count = 0
    private let place: String
    private var facts: [String: ColumnBuilder] = [:]

    /// Starts without networks; `place` is for messages.
    init(place: String) { self.place = place }

    /// Appends the next network's values, and how they were written where we would write them otherwise; throws
    /// `.malformed` where facts have too many names.
    mutating func append(_ row: [String: ColumnValue], spellings: [String: String] = [:]) throws {
        let spellings = Self.cleaned(spellings)
        var row = Self.cleaned(row)
        // A copy of the names: the dictionary itself, held while it changes, would be copied with all its columns.
        for name in Array(facts.keys) { facts[name]?.append(row.removeValue(forKey: name), spelling: spellings[name]) }
        for (name, fact) in row {
            facts[name] = ColumnBuilder(missing: count)
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
        for (name, fact) in facts {
            let column = fact.column(prefersUnsigned: name == "seed")
            columns[name] = Self.unknownAtMinusOne.contains(name) ? column : fact.withMinusOne ?? column
        }
        return columns
    }

    /// Columns in which -1 says that nothing is known, whoever wrote it.
    private static let unknownAtMinusOne: Set<String> = ["seed", "epoch", "step", "split", "selected"]

    /// What of the facts was taken for nothing known.
    func notes() -> [String] {
        Self.unknownAtMinusOne.sorted().filter { facts[$0]?.withMinusOne != nil }.map {
            "a \($0) of -1 is recorded as one that is not known"
        }
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

/// One column of networks that come one by one: the narrowest kind of column that holds all of them.
///
/// Integers become real numbers, and anything becomes text, when such a value comes: the text that it was written as.
struct ColumnBuilder {
    private enum Kind: Int { case integer, unsigned, real, text }

    private var kind = Kind.integer
    private var integers: [Int64] = []
    /// Which of the integers are facts: a -1 may be one, or a gap.
    private var areKnown: [Bool] = []
    private var unsigned: [UInt64] = []
    private var reals: [Double] = []
    private var texts: [String] = []
    /// How numbers were written that we would write otherwise, by network; until all of them are text.
    private var spellings: [Int: String] = [:]
    /// Whether the numbers of a column of real ones came as integers: `7` is not to become `7.0`.
    private var areWhole: [Bool] = []
    private var hasGaps = false
    private(set) var count = 0

    /// A column of `count` networks of which nothing is known.
    init(missing count: Int) {
        integers = [Int64](repeating: -1, count: count)
        areKnown = [Bool](repeating: false, count: count)
        hasGaps = count > 0
        self.count = count
    }

    /// Appends the next network's values, and how they were written where we would write them otherwise.
    mutating func append(_ fact: ColumnValue?, spelling: String? = nil) {
        // One that says something else belongs to a fact that another has replaced.
        let spelling = spelling.flatMap { ColumnValue(parsing: $0) == fact ? $0 : nil }
        if let fact { widen(for: fact) } else { widenForGap() }
        if let spelling, kind != .text { spellings[count] = spelling }
        count += 1
        switch kind {
        case .integer:
            integers.append(fact?.integer ?? -1)
            areKnown.append(fact != nil)
        case .unsigned: unsigned.append(fact?.unsigned ?? 0)
        case .real:
            reals.append(fact?.number ?? .nan)
            areWhole.append(fact?.isInteger ?? false)
            if let fact, fact.isInteger { keepExact(fact, of: count - 1) }
        case .text: texts.append(spelling ?? fact?.text ?? "")
        }
    }

    /// The column; one of integers without gaps that begins at 0 or above is unsigned where `prefersUnsigned`.
    func column(prefersUnsigned: Bool) -> ZooColumn {
        switch kind {
        case .integer:
            if prefersUnsigned, integers.allSatisfy({ $0 >= 0 }) { return .unsigned(integers.map { UInt64($0) }) }
            return .integer(integers)
        case .unsigned: return .unsigned(unsigned)
        case .real: return .real(reals)
        case .text: return .text(texts)
        }
    }

    /// A column in which -1 is a fact beside what is missing, since among integers it would stand for that: real
    /// numbers, or text where those would not be exact; nil where no -1 is a fact.
    var withMinusOne: ZooColumn? {
        guard kind == .integer, zip(integers, areKnown).contains(where: { $0 == -1 && $1 }) else { return nil }
        let facts = zip(integers, areKnown)
        guard integers.allSatisfy({ $0.magnitude <= 1 << 53 }) else {
            return .text(facts.map { $1 ? "\($0)" : "" })
        }
        return .real(facts.map { $1 ? Double($0) : .nan })
    }

    private mutating func widen(for fact: ColumnValue) {
        switch fact {
        case .text: become(.text)
        case .real: if kind != .text { become(.real) }
        case .integer, .unsigned:
            if kind == .unsigned, fact.unsigned == nil { become(.real) }
            guard kind == .integer, fact.integer == nil else { return }
            // Beyond 2^63: unsigned where nothing is missing or negative.
            become(!hasGaps && integers.allSatisfy { $0 >= 0 } ? .unsigned : .real)
        }
    }

    private mutating func widenForGap() {
        hasGaps = true
        if kind == .unsigned { become(.real) }
    }

    private mutating func become(_ wider: Kind) {
        guard wider.rawValue > kind.rawValue else { return }
        switch (kind, wider) {
        case (.integer, .unsigned): unsigned = integers.map { UInt64($0) }
        case (.integer, .real):
            reals = zip(integers, areKnown).map { $1 ? Double($0) : .nan }
            for (network, value) in integers.enumerated() { keepExact(.integer(value), of: network) }
        case (.unsigned, .real):
            reals = unsigned.map { Double($0) }
            for (network, value) in unsigned.enumerated() { keepExact(.unsigned(value), of: network) }
        case (.integer, _): texts = zip(integers, areKnown).map { $1 ? "\($0)" : "" }
        case (.unsigned, _): texts = unsigned.map { "\($0)" }
        default: texts = zip(reals, areWhole).map { Self.text($0, isWhole: $1) }
        }
        if wider == .text {
            for (network, spelling) in spellings { texts[network] = spelling }
            spellings = [:]
        }
        (integers, areKnown) = ([], [])
        if wider != .unsigned { unsigned = [] }
        if wider != .real { (reals, areWhole) = ([], []) }
        if wider == .real { areWhole = [Bool](repeating: true, count: count) }
        kind = wider
    }

    /// Keeps how an integer is written that no real number is equal to.
    private mutating func keepExact(_ fact: ColumnValue, of network: Int) {
        guard let number = fact.number, number.magnitude >= 0x1p53, spellings[network] == nil else { return }
        spellings[network] = fact.text
    }

    private static func text(_ value: Double, isWhole: Bool) -> String {
        if value.isNaN { return "" }
        return isWhole ? Int64(exactly: value).map { "\($0)" } ?? "\(value)" : "\(value)"
    }
}

extension ColumnValue {
    /// Whether it is an integer, signed or not.
    var isInteger: Bool {
        switch self {
        case .integer, .unsigned: true
        case .real, .text: false
        }
    }

    /// As an integer, or nil where it is none or too large.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .unsigned(let value): Int64(exactly: value)
        case .real, .text: nil
        }
    }

    /// As an integer that is not negative, or nil.
    var unsigned: UInt64? {
        switch self {
        case .integer(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .real, .text: nil
        }
    }
}
