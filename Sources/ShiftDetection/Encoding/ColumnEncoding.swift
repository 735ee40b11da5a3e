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
        /// Numbers, which become (x - mean) / deviation.
        case number(mean: Double, deviation: Double)
        /// Categories, which become a feature each: 1 for a row's own, 0 for the others.
        case categories([String])
    }

    /// Features that the column becomes.
    public var width: Int {
        switch content {
        case .number: 1
        case .categories(let names): names.count
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

    /// Learns from a column's values; nil is missing. Throws `DataError` (malformed) where they are all the same or missing.
    init(fitting column: Table.Column, impute: Imputation?, path: String) throws {
        name = column.name
        let values = column.numbers.filter { !$0.isNaN }
        guard let first = values.first else {
            throw Self.useless(column.name, "holds no value in any row", path)
        }
        guard values.contains(where: { $0 != first }) else {
            throw Self.useless(column.name, "holds the same value in every row", path)
        }
        if case .categories(_, let names) = column.values {
            content = .categories(names)
            fill = impute.map { _ in Self.mostFrequent(values) }
        } else {
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            guard mean.isFinite, variance.isFinite, variance > 0 else {
                throw Self.useless(column.name, "holds numbers too large or too close to each other to compute with", path)
            }
            content = .number(mean: mean, deviation: variance.squareRoot())
            fill = impute.map { $0 == .mean ? mean : values.sorted()[(values.count - 1) / 2] }
        }
    }

    private static func useless(_ name: String, _ what: String, _ path: String) -> DataError {
        DataError(
            .malformed, path: path, problem: "column '\(name.printable())' \(what)",
            hint: "leave it out with --ignore '\(name.printable())'")
    }

    private static func mostFrequent(_ values: [Double]) -> Double {
        let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    }

    /// Appends the features of one value, NaN for a missing one, to a row.
    func append(_ value: Double, to row: inout [Float]) {
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
            mean.isFinite && deviation.isFinite && deviation > 0 && fill?.isFinite ?? true
                ? nil : "column \(name.printable()) has no finite mean and deviation"
        case .categories(let names):
            names.count == Set(names).count && fill.map { (0..<Double(names.count)).contains($0) } ?? true
                ? nil : "column \(name.printable()) has no sound categories"
        }
    }
}
