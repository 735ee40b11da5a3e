import Basics
import Foundation
import ShiftDetection

/// Compares two tables without any model.
public struct ShiftTwoSampleOperation {
    /// A file.
    public let first: String
    /// Another one.
    public let second: String
    /// The method's kind.
    public let method: String
    /// Columns to leave out.
    public var ignored: [String] = []
    /// Codes for missing values, `chol=0` each.
    public var missing: [String] = []
    /// What stands for missing values.
    public var impute: Imputation?
    /// Random subsets of both tables together.
    public var permutations = 999
    /// Key of their draw.
    public var seed: UInt64 = 0

    /// Prepares to compare; nothing is read yet.
    public init(first: String, second: String, method: String) {
        (self.first, self.second, self.method) = (first, second, method)
    }

    /// What came of it.
    public struct Outcome: Encodable, Sendable {
        /// The test.
        public let test: TwoSampleTest
        /// What moved column by column, the surest first.
        public let columns: [ColumnShift]
        /// What a person should know.
        public let notes: [String]
    }

    /// The kinds of methods that there are.
    public static var methods: [String] { TwoSampleTest.methods.map(\.kind) }

    /// Reads and compares. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        guard let method = TwoSampleTest.methods.first(where: { $0.kind == method }) else {
            throw DataError(
                .configuration, path: "--method", expected: "one of " + Self.methods.joined(separator: ", "),
                found: method.printable())
        }
        var tables = ShiftTables(ignored: ignored, missing: try ShiftTables.codes(missing))
        let one = try tables.read(first)
        let encoding = try TableEncoding(fitting: one, except: tables.others, impute: impute, path: first)
        tables.kinds = encoding.kinds
        let two = try tables.read(second)
        try tables.check(columnsOf: [one, two])
        guard !encoding.columns.isEmpty else {
            throw DataError(.malformed, path: first, problem: "has no column to compare")
        }
        for (table, path) in [(one, first), (two, second)] where table.rowCount < 2 {
            throw DataError(
                .malformed, path: path,
                problem: "has \(table.rowCount == 1 ? "1 row" : "no rows"), and at least 2 are needed")
        }
        let (read, other) = (
            try encoding.read(one, except: tables.others, path: first),
            try encoding.read(two, except: tables.others, path: second)
        )
        let test = try TwoSampleTest.run(
            method, encoding.features(read.rows, path: first), encoding.features(other.rows, path: second),
            permutations: permutations, seed: seed,
            progress: reporter.progress("comparing", hint: OutputFile.interrupted))
        let columns = ColumnTests.run(
            reference: encoding.columns(of: read.rows), sample: encoding.columns(of: other.rows), seed: seed)
        let shared = SharedRows(of: read.rows, in: other.rows)
        let copies =
            shared.isTooMany
            ? [
                "\(second): \(shared.places.count) of \(other.rows.count) rows stand in \(first) too (rows \(shared.lines))"
            ]
            : []
        return Outcome(
            test: test,
            columns: columns.enumerated().sorted { ($0.element.pValue, $0.offset) < ($1.element.pValue, $1.offset) }
                .map(\.element),
            notes: other.notes + copies)
    }
}
