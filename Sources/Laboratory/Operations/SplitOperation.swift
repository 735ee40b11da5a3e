import Basics
import Foundation
import ModelZoo

/// Draws the split of a zoo's networks anew, by run where runs are recorded, and writes a copy with it.
public struct SplitOperation {
    /// The zoo file to read.
    public let path: String
    /// How large the shares of validation and fresh networks are, and the seed by which they are drawn.
    public let assignment: SplitAssignment
    /// Column whose equal values stay together; nil takes `run` where there is one.
    public let column: String?
    /// The zoo file to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false

    /// Prepares to divide the zoo file at `path` into `out`; nothing is read yet.
    public init(path: String, assignment: SplitAssignment, column: String?, out: URL) {
        self.path = path
        self.assignment = assignment
        self.column = column
        self.out = out
    }

    /// How many groups and networks each split has got.
    public struct Outcome: Codable, Sendable, Equatable {
        /// The column whose equal values stayed together, if any.
        public let by: String?
        /// Groups of networks that stayed together.
        public let groups: Int
        /// Networks that are equal to an earlier one, and got its split.
        public let copies: Int
        /// Networks by split: `train`, `validation`, `test`.
        public let splits: [String: Int]
    }

    /// Draws and writes; the same seed gives the same split. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        try OutputFile.check(out, reading: [path], replacing: replaces)
        let reader = try ZooReader(path: path)
        let name = column ?? SplitAssignment.runColumn
        let copies = try reader.copies()
        let (splits, groups) = assignment.splits(of: reader.columns, by: name, copies: copies)
        if column != nil, groups == nil {
            throw DataError(
                .configuration, path: "--by", problem: "\(path) has no column \(name)",
                hint: reader.columns.names.isEmpty
                    ? "it has none at all" : "it has " + reader.columns.names.joined(separator: ", "))
        }
        var columns = reader.columns
        columns["split"] = .integer(splits.map { Int64($0.rawValue) })
        try reader.copy(
            rows: Array(0..<reader.count), columns: columns, to: out.path,
            progress: reporter.progress("writing the zoo", hint: OutputFile.interrupted))
        return Outcome(
            by: groups == nil ? nil : name, groups: groups.map { Set($0).count } ?? reader.count,
            copies: copies.indices.count { copies[$0] != $0 },
            splits: Dictionary(
                uniqueKeysWithValues: ZooSplit.allCases.map { kind in ("\(kind)", splits.count { $0 == kind }) }))
    }
}
