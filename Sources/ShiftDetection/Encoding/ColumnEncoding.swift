import Basics
import Foundation

/// What stands for a missing value, learnt from the rows that an encoding is fitted to, never from a sample.
public enum Imputation: String, Codable, Sendable, CaseIterable {
    /// The mean of the values that are there; of categories the most frequent.
    case mean
    /// The median of the values that are there, the lower of two; of categories the most frequent.
    case median
}

/// How one column of a table becomes features.
public struct ColumnEncoding: Codable, Sendable, Equatable {
    /// The column's name in the header.
    public let name: String
    /// What its values are.
    public let content: Content
    /// What stands for a missing value; nil where missing values are refused.
    public let fill: Double?

    /// What the values of a column are.
    public enum Content: Codable, Sendable, Equatable {
        /// Numbers, which become (x - mean) / deviation; a deviation of 0 is that of a column with one value alone.
        case number(mean: Double, deviation: Double)
        /// Categories, which become a feature each: 1 for a row's own, 0 for the others.
        case categories([String])
    }

    /// Whether the column held one value alone: it is compared with a sample's, and no network reads it.
    public var isConstant: Bool {
        switch content {
        case .number(_, let deviation): deviation == 0
        case .categories(let names): names.count < 2
        }
    }

    /// Features that the column becomes.
    public var width: Int {
        switch content {
        case .number: isConstant ? 0 : 1
        case .categories(let names): isConstant ? 0 : names.count
        }
    }

    /// The kind to read the column as.
    public var kind: Table.Kind {
        switch content {
        case .number: .number
        case .categories: .category
        }
    }

    /// How far a feature may lie from the mean, in deviations: what lies beyond is set there.
    ///
    /// A typing error in one cell of a sample must not decide what a network says of the row.
    public static let reach = 6.0

    /// Why a column cannot be compared by, as the end of a sentence that begins with its name.
    enum Problem: String {
        case empty = "holds no value in any row"
        case constant = "holds the same value in every row"
        case extreme = "holds numbers too large or too close to each other to compute with"
    }

    /// What is wrong with a column's values for an encoding, or nil.
    static func problem(_ column: Table.Column) -> Problem? {
        let values = column.numbers.filter { !$0.isNaN }
        guard let first = values.first else { return .empty }
        guard values.contains(where: { $0 != first }) else { return .constant }
        if case .categories = column.values { return nil }
        let (mean, variance) = moments(values)
        return mean.isFinite && variance.isFinite && variance > 0 ? nil : .extreme
    }

    /// Learns from a column's values; nil is missing. Traps for a column with a problem other than one value alone.
    init(fitting column: Table.Column, impute: Imputation?) {
        let problem = Self.problem(column)
        precondition(problem == nil || problem == .constant, "column '\(column.name)' \(problem?.rawValue ?? "")")
        name = column.name
        let values = column.numbers.filter { !$0.isNaN }
        if case .categories(_, let names) = column.values {
            content = .categories(names)
            fill = impute.map { _ in Self.mostFrequent(values) }
        } else {
            let (mean, variance) = Self.moments(values)
            let isConstant = problem == .constant
            content = .number(mean: isConstant ? values[0] : mean, deviation: isConstant ? 0 : variance.squareRoot())
            fill = impute.map { $0 == .mean && !isConstant ? mean : values.sorted()[(values.count - 1) / 2] }
        }
    }

    /// Throws `DataError` (malformed) for numbers among which a few words stand: as categories they would hide that the numbers move.
    static func refuseMixed(_ column: Table.Column, _ path: String) throws {
        guard case .categories(let codes, let names) = column.values else { return }
        let isNumber = names.map { TableNumber.parseDouble(ArraySlice($0.utf8)) != nil }
        guard isNumber.count(where: \.self) > 10 else { return }
        let there = codes.indices.filter { codes[$0] >= 0 }
        let words = there.filter { !isNumber[Int(codes[$0])] }
        guard let row = words.first, words.count * 5 < there.count else { return }
        let word = names[Int(codes[row])].printable(limit: 30)
        throw DataError(
            .malformed, path: "\(path), row \(row + 1), column '\(column.name.printable())'",
            expected: "a number, as in \(there.count - words.count) of \(there.count) rows", found: "'\(word)'",
            hint: "correct it, or declare it missing with --missing '\(column.name.printable())=\(word)'")
    }

    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }

    private static func mostFrequent(_ values: [Double]) -> Double {
        let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    }

    /// Appends the features of one value, NaN for a missing one, to a row.
    func append(_ value: Double, to row: inout [Float]) {
        guard !isConstant else { return }
        let value = value.isNaN ? fill ?? .nan : value
        switch content {
        case .number(let mean, let deviation):
            row.append(Float(min(max((value - mean) / deviation, -Self.reach), Self.reach)))
        case .categories(let names):
            for code in names.indices { row.append(value == Double(code) ? 1 : 0) }
        }
    }

    /// What is wrong with a column that was read from a file, or nil.
    var problem: String? {
        switch content {
        case .number(let mean, let deviation):
            mean.isFinite && deviation.isFinite && deviation >= 0 && fill?.isFinite ?? true
                ? nil : "column \(name.printable()) has no finite mean and deviation"
        case .categories(let names):
            names.count == Set(names).count && fill.map { (0..<Double(names.count)).contains($0) } ?? true
                ? nil : "column \(name.printable()) has no sound categories"
        }
    }
}
