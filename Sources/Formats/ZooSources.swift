import Basics
import Foundation

/// Opens files and folders of networks, whatever their format.
public struct ZooSources: Sendable {
    /// The format that the source must have; nil finds it by content.
    public var format: ZooFormat?
    /// Which array or dataset of a file holds the networks; nil takes the usual one.
    public var array: String?
    /// Which files of a folder are read, and what their names say.
    public var pattern: NamePattern?

    /// Describes how sources are opened.
    public init(format: ZooFormat? = nil, array: String? = nil, pattern: NamePattern? = nil) {
        self.format = format
        self.array = array
        self.pattern = pattern
    }

    /// Opens a source; throws `DataError` where it cannot be read, or is not of the format asked for.
    public func open(_ path: String) throws -> any ForeignSource {
        if FolderListing.isFolder(path) { return try openFolder(path) }
        if pattern != nil {
            throw DataError(
                .configuration, path: "--pattern", expected: "a folder of files", found: "the file \(path)")
        }
        if let shard = ShardName(path) {
            throw DataError(
                .malformed, path: path, expected: "a whole network",
                found: "shard \(shard.number) of \(shard.count) of \(shard.whole), as its name says",
                hint: "import its folder, where shards are joined, or rename the file if it is a whole network")
        }
        return try Self.file(path, format: format, array: array)
    }

    private func openFolder(_ path: String) throws -> any ForeignSource {
        let array = array
        let opensFile: @Sendable (String) throws -> any ForeignSource = { try Self.file($0, format: nil, array: array) }
        let found = try pattern != nil ? .folder : format ?? ZooFormat.detect(path)
        let entry = FormatEntry.of(found)
        if entry.isFolder != nil {
            try Self.checkUse(of: array, in: entry, path)
            return try entry.open(FormatPlace(path: path, array: array, openFile: opensFile))
        }
        // A folder of files, of any format or of the one that was asked for.
        return try FolderSource(path: path, pattern: pattern, content: ZooFormat.content) {
            try found == .folder ? opensFile($0) : Self.file($0, format: found, array: array)
        }
    }

    /// Opens one file. Formats that hold several networks a file are read as they are.
    static func file(_ path: String, format: ZooFormat?, array: String?) throws -> any ForeignSource {
        let entry = FormatEntry.of(try format ?? ZooFormat.detect(path, array: array))
        try checkUse(of: array, in: entry, path)
        return try entry.open(
            FormatPlace(path: path, array: array) { try Self.file($0, format: nil, array: array) })
    }

    /// Throws `.configuration` where a file's arrays or datasets cannot be chosen.
    private static func checkUse(of array: String?, in entry: FormatEntry, _ path: String) throws {
        guard let array, !entry.takesArray else { return }
        throw DataError(
            .configuration, path: "--array", expected: "a file of \(ZooFormat.flatHDF5.rawValue) or npz",
            found: "\"\(array)\" for \(path), which is \(entry.format.rawValue)",
            hint: "--skip leaves tensors out; without --array all are read")
    }
}
