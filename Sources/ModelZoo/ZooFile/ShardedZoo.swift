import Basics
import Foundation

/// A zoo too large for a file or a writer: a folder of zoo files, its shards, whose networks count through, and an
/// `index.json` that says which they are.
///
/// `ZooReader` opens it as it opens a file. Shards share architecture, data, tasks and kinds of columns; a column that
/// only some have is missing for the networks of the others.
public struct ShardedZoo: Codable, Sendable, Equatable {
    /// The value of `format`.
    public static let format = "weightspace-sharded-zoo"
    /// The version of the index.
    public static let version = 1
    /// The name of the file that says which shards there are.
    public static let indexName = "index.json"

    /// What the index says of one shard.
    public struct Shard: Codable, Sendable, Equatable {
        /// Its name in the folder; never a path.
        public let file: String
        /// How many networks it holds.
        public let networks: Int
        /// How many of them each split has, by its word; nil where the index does not say.
        public var splits: [String: Int]?
        /// Bytes of the file.
        public let bytes: Int
        /// SHA-256 of the file, as `sha256sum` prints it.
        public let sha256: String
        /// SHA-256 of the shard's `facts_checksum`, then of its `/checksums` and `/trajectory_checksums`: enough to see at
        /// every opening, without reading the weights, that it is still the same shard. nil where the index does not say;
        /// then `sha256` is verified at every opening.
        public var contents: String?
    }

    /// What marks the file as such an index.
    public let format: String
    /// The version of the index, 1.
    public let version: Int
    /// N, the number of networks in all shards.
    public let networks: Int
    /// The shards, in order of their networks.
    public let shards: [Shard]

    /// Reads the index of a folder. Throws `DataError`: missing where there is none, malformed where it is of another
    /// kind or version, or names something else than files of its folder.
    public init(contentsOf folder: String) throws {
        let path = "\(folder)/\(Self.indexName)"
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw DataError(.missing, path: path, expected: "the index of a sharded zoo", found: "no readable file")
        }
        let mark = try? JSONDecoder().decode(Mark.self, from: data)
        if mark?.format == Self.formatOfSeveral {
            let files = mark?.zoos?.map { $0.file.printable(limit: 80) } ?? []
            throw DataError(
                .malformed, path: path,
                problem: "the folder holds \(files.count) zoos whose networks differ in architecture or data",
                hint: "name one of its files" + (files.first.map { ", such as \($0)" } ?? ""))
        }
        guard mark?.format == Self.format else {
            throw DataError(
                .malformed, path: path, expected: "the index of a sharded zoo, format \"\(Self.format)\"",
                found: mark?.format.map { "format \"\($0.printable(limit: 40))\"" } ?? "something else")
        }
        guard mark?.version == Self.version else {
            throw DataError(
                .malformed, path: path, expected: "version \(Self.version) of the index",
                found: mark?.version.map { "version \($0)" } ?? "none", hint: "a newer weightspace may read it")
        }
        do {
            self = try JSONDecoder().decode(ShardedZoo.self, from: data)
        } catch {
            throw DataError(
                .malformed, path: path, expected: "the index of a sharded zoo", found: DecodingError.reason(of: error))
        }
        try check(path)
    }

    private struct Mark: Decodable {
        struct Entry: Decodable { let file: String }

        let format: String?
        let version: Int?
        let zoos: [Entry]?
    }

    /// The format of an index of zoos that are no one zoo (`ZooFolder`).
    static let formatOfSeveral = "weightspace-zoos"

    /// Whether a text names a file of the index's own folder, and neither the folder nor anything elsewhere.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("/") && !text.hasPrefix(".") && !text.utf8.contains(0)
    }

    /// Throws `.malformed` where names are not of files of the folder, or numbers do not add up.
    private func check(_ path: String) throws {
        func refuse(_ expected: String, _ found: String) -> DataError {
            DataError(.malformed, path: path, expected: expected, found: found)
        }
        guard !shards.isEmpty else { throw refuse("at least one shard", "none") }
        var seen: Set<String> = []
        for shard in shards {
            guard Self.isName(shard.file) else {
                throw refuse("names of files in its own folder", "\"\(shard.file.printable(limit: 80))\"")
            }
            guard seen.insert(shard.file).inserted else {
                throw refuse("every shard once", "\(shard.file.printable()) twice")
            }
            guard (1...1 << 40).contains(shard.networks), shard.bytes > 0 else {
                throw refuse("networks in every shard", "\(shard.networks) in \(shard.file.printable())")
            }
        }
        let sum = shards.reduce(0) { $0 &+ $1.networks }
        guard sum == networks else { throw refuse("the \(sum) networks of its shards in all", "\(networks)") }
    }
}

extension ShardedZoo {
    /// The folder of a zoo in shards, or of zoos, that a path names by itself or by its `index.json`; nil where it names
    /// something else.
    static func folder(of path: String) -> String? {
        if POSIXFile.isFolder(path) {
            return FileManager.default.fileExists(atPath: "\(path)/\(indexName)") ? path : nil
        }
        let url = URL(fileURLWithPath: path)
        return url.lastPathComponent == indexName ? url.deletingLastPathComponent().path : nil
    }

    /// Whether a path names a sharded zoo, sound or not: its folder, or its `index.json`.
    public static func isOne(_ path: String) -> Bool {
        guard let folder = folder(of: path),
            let data = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(indexName)"))
        else { return false }
        return (try? JSONDecoder().decode(Mark.self, from: data))?.format == format
    }

    /// What tells a zoo from another, in hexadecimal: SHA-256 of its file, or of the index of its shards.
    package static func digest(ofZoo path: String) throws -> String {
        try SHA256.hexDigest(ofFile: folder(of: path).map { "\($0)/\(indexName)" } ?? path)
    }

    /// Describes files that stand in a folder, in this order; throws `DataError` where one is no zoo file.
    public init(of files: [String], in folder: String) throws {
        let shards = try files.map { name in
            let path = "\(folder)/\(name)"
            let file = try OpenZooFile(path: path)
            let splits = ZooSplit.allCases.map { ("\($0)", file.columns.rows(in: $0).count) }
            return Shard(
                file: name, networks: file.count, splits: Dictionary(uniqueKeysWithValues: splits),
                bytes: file.byteCount, sha256: try SHA256.hexDigest(ofFile: path), contents: Self.contents(of: file))
        }
        (format, version) = (Self.format, Self.version)
        networks = shards.reduce(0) { $0 + $1.networks }
        self.shards = shards
    }

    /// Writes the index into the folder of its shards; the same shards give the same bytes.
    public func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let text = try encoder.encode(self) + Data("\n".utf8)
        try WholeFile.write(text, to: URL(fileURLWithPath: "\(folder)/\(Self.indexName)"))
    }

    /// `Shard.contents`; nil where a file has no checksums of networks or of facts.
    private static func contents(of file: OpenZooFile) -> String? {
        guard let facts = file.factsChecksum, let checksums = file.checksums else { return nil }
        let all = Array(facts.utf8) + checksums + (file.trajectoryChecksums ?? [])
        return all.withUnsafeBytes { SHA256.hex(SHA256.digest(of: $0)) }
    }

    /// Opens a shard, which must be what the index says. Throws `DataError`: missing where it is not there, malformed
    /// where it is another file than the one that was indexed.
    fileprivate func open(_ shard: Shard, in folder: String) throws -> OpenZooFile {
        let path = "\(folder)/\(shard.file)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw DataError(
                .missing, path: path, problem: "is not there: one of the \(shards.count) shards of this zoo",
                hint: "get that file too, or train again with --resume")
        }
        func changed(_ how: String) -> DataError {
            DataError(
                .malformed, path: path, problem: "is not the shard that \(Self.indexName) describes: \(how)",
                hint: "the file was changed, damaged or replaced after the index was written")
        }
        if let size = (try? RegularFile(path: path))?.count, size != shard.bytes {
            throw changed("it has \(size) bytes, not \(shard.bytes)")
        }
        let file = try OpenZooFile(path: path)
        guard file.count == shard.networks else {
            throw changed("it holds \(file.count) networks, not \(shard.networks)")
        }
        let isSame =
            try shard.contents.map { $0 == Self.contents(of: file) }
            ?? (SHA256.hexDigest(ofFile: path) == shard.sha256)
        guard isSame else { throw changed("its checksums are others") }
        return file
    }
}

extension ZooReader {
    /// Opens every shard of an index, one at a time, and joins what they say.
    convenience init(_ index: ShardedZoo, in folder: String, path: String) throws {
        var (columns, facts) = ([ZooColumns](), ZooFacts?.none)
        var last: OpenZooFile?
        for shard in index.shards {
            let file = try index.open(shard, in: folder)
            if facts == nil { facts = ZooFacts(file) } else { try facts?.add(file, after: index.shards[0].file) }
            columns.append(file.columns)
            last = file
        }
        guard let facts, let last else { preconditionFailure("ShardedZoo: an index without shards") }
        let paths = index.shards.map { "\(folder)/\($0.file)" }
        self.init(
            path: path, facts: facts, columns: try ZooColumns.joined(columns, of: paths),
            files: ZooFiles(
                paths: paths, counts: index.shards.map(\.networks), isSharded: true, open: (paths.count - 1, last)))
    }
}
