import Basics
import Formats
import Foundation
import ModelZoo

/// Writes networks of a zoo file in a format that others read.
public struct ExportOperation {
    /// The zoo file to read.
    public let path: String
    /// The format to write.
    public let format: ZooFormat
    /// The file or folder to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// Rows to write, `0,3,10-19`; nil writes all.
    public var rows: String?
    /// The split to write; nil writes all.
    public var split: ZooSplit?
    /// Whether checkpoints of trajectories become files too.
    public var checkpoints = false
    /// The names of tensors: `own`, `ours` or a scheme of the architecture's; nil is `own`.
    public var names: String?

    /// Prepares to write the networks of the zoo file at `path` to `out`; nothing is read yet.
    public init(path: String, format: ZooFormat, out: URL) {
        self.path = path
        self.format = format
        self.out = out
    }

    /// Reads and writes; throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> ZooExport.Report {
        guard ZooExport.formats.contains(format) else {
            throw DataError(
                .configuration, path: "--format",
                expected: "one of " + ZooExport.formats.map(\.rawValue).joined(separator: ", "), found: format.rawValue)
        }
        guard !checkpoints || format == .safetensors || format == .zoo else {
            throw DataError(
                .configuration, path: "--checkpoints",
                expected: "\(ZooFormat.safetensors.rawValue), or \(ZooFormat.zoo.rawValue), which always has them",
                found: "\(format.rawValue), which has no place for them")
        }
        guard names == nil || format == .safetensors else {
            throw DataError(
                .configuration, path: "--names",
                expected: "\(ZooFormat.safetensors.rawValue), whose tensors have names",
                found: format.rawValue)
        }
        let isFolder = format == .safetensors && out.pathExtension != "safetensors"
        if !isFolder { try OutputFile.check(out, reading: [path], replacing: replaces) }
        let reader = try ZooReader(path: path)
        var work = ZooExport(format: format, rows: try selected(reader))
        work.checkpoints = checkpoints
        work.names = names.map { ExportNames($0) } ?? .own
        return try work.write(
            reader, to: out.path, progress: reporter.progress("writing networks", hint: OutputFile.interrupted))
    }

    /// The rows that were asked for, nil for all; of a split those of it.
    private func selected(_ reader: ZooReader) throws -> [Int]? {
        let listed = try rows.map { try Self.list($0, count: reader.count) }
        guard let split else { return listed }
        guard reader.columns["split"] != nil else {
            throw DataError(
                .configuration, path: "--split", problem: "\(path.printable()) records no split of its networks",
                hint: "`weightspace zoo split` draws one")
        }
        let inSplit = reader.rows(in: split)
        guard let listed else { return inSplit }
        let chosen = Set(inSplit)
        return listed.filter { chosen.contains($0) }
    }

    /// The rows of `0,3,10-19` in that order; throws `.configuration` on another form or a row that is not there.
    static func list(_ text: String, count: Int) throws -> [Int] {
        func refuse(_ found: String) -> DataError {
            DataError(.configuration, path: "--rows", expected: "rows of 0 to \(count - 1), as 0,3,10-19", found: found)
        }
        return try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last, first >= 0
            else { throw refuse("\"\(part)\"") }
            guard last < count else { throw refuse("row \(last)") }
            return Array(first...last)
        }
    }
}
