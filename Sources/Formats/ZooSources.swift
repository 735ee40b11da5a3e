import Basics
import Foundation

/// Opens files and folders of networks, whatever their format.
public struct ZooSources: Sendable {
    /// The format that the source must have; nil finds it by content.
    public var format: ZooFormat?
    /// Which array or dataset of a file holds the networks; nil takes the usual one.
    public var array: String?
    /// The key that a file's weights stand under (`ema`, `model.encoder`); nil takes the usual one.
    public var key: String?
    /// Which files of a folder are read, and what their names say.
    public var pattern: NamePattern?

    /// Describes how sources are opened.
    public init(
        format: ZooFormat? = nil, array: String? = nil, key: String? = nil, pattern: NamePattern? = nil
    ) {
        self.format = format
        self.array = array
        self.key = key
        self.pattern = pattern
    }

    /// Opens a source; throws `DataError` where it cannot be read, or is not of the format asked for.
    ///
    /// Networks come as they compute: counters are left out, weights that are stored in parts (weight norm, pruning
    /// masks) are put together, and quantised ones are refused.
    public func open(_ path: String) throws -> any ForeignSource { PlainSource(of: try raw(path)) }

    /// The source as its format's reader gives it.
    func raw(_ path: String) throws -> any ForeignSource {
        if FolderListing.isFolder(path) { return try openFolder(path) }
        if pattern != nil {
            throw DataError(
                .configuration, path: "--pattern", expected: "a folder of files", found: "the file \(path)")
        }
        if let index = try ShardIndex(path) {
            return try FolderSource(index: index, open: Self.opener(format: format, array: array, key: key))
        }
        if let shard = ShardName(path) {
            throw DataError(
                .malformed, path: path, expected: "a whole network",
                found: "shard \(shard.number) of \(shard.count) of \(shard.whole), as its name says",
                hint: "import its folder, where shards are joined, or rename the file if it is a whole network")
        }
        return try Self.file(path, format: format, array: array, key: key)
    }

    private func openFolder(_ path: String) throws -> any ForeignSource {
        let opensFile = Self.opener(format: nil, array: array, key: key)
        let found = try pattern != nil ? .folder : format ?? ZooFormat.detect(path)
        let entry = FormatEntry.of(found)
        if entry.isFolder != nil {
            try Self.checkUse(of: array, "--array", entry.takesArray, in: entry, path)
            return try entry.open(FormatPlace(path: path, array: array, key: key, openFile: opensFile))
        }
        // A folder of files, of any format or of the one that was asked for.
        let opens = found == .folder ? opensFile : Self.opener(format: found, array: array, key: key)
        return try FolderSource(path: path, pattern: pattern, content: ZooFormat.content, open: opens)
    }

    private static func opener(
        format: ZooFormat?, array: String?, key: String?
    ) -> @Sendable (String) throws -> any ForeignSource {
        { try file($0, format: format, array: array, key: key) }
    }

    /// Opens one file. Formats that hold several networks a file are read as they are.
    static func file(
        _ path: String, format: ZooFormat?, array: String?, key: String? = nil
    ) throws -> any ForeignSource {
        let entry = FormatEntry.of(try format ?? ZooFormat.detect(path, array: array))
        try checkUse(of: array, "--array", entry.takesArray, in: entry, path)
        try checkUse(of: key, "--key", entry.takesKey, in: entry, path)
        let source = try entry.open(
            FormatPlace(path: path, array: array, key: key, openFile: opener(format: nil, array: array, key: key)))
        // A checkpoint finds its own keys; in other formats they are what names begin with.
        guard let key, entry.format != .torch else { return source }
        return KeyedSource(of: source, key: key)
    }

    /// Throws `.configuration` where a file's arrays, datasets or keys cannot be chosen.
    private static func checkUse(
        of choice: String?, _ option: String, _ isTaken: Bool, in entry: FormatEntry, _ path: String
    ) throws {
        guard let choice, !isTaken else { return }
        let takers = FormatEntry.all.filter { entry in
            option == "--key" ? entry.takesKey : entry.takesArray && entry.format != .zoo
        }
        let names = takers.map { $0.format.rawValue }.sorted().joined(separator: ", ")
        throw DataError(
            .configuration, path: option, expected: "a file of \(names)",
            found: "\"\(choice)\" for \(path), which is \(entry.format.rawValue)",
            hint: "--skip leaves tensors out; without \(option) all are read")
    }
}
