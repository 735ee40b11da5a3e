import Basics

/// A PyTorch checkpoint that was opened: the values its pickle describes, and where its storages lie.
struct TorchFile: Sendable {
    /// Where the bytes of storages come from.
    enum Records: Sendable {
        /// Entries `<root>/data/<key>` of a ZIP archive, since PyTorch 1.6.
        case archive(ZipArchive, root: String, bigEndian: Bool)
        /// Ranges of the file itself, by key: the legacy form, always little-endian.
        case ranges(RegularFile, [String: Range<Int>])
    }

    /// The file, for messages.
    let path: String
    /// What the pickle describes.
    let graph: PickleGraph
    let records: Records

    /// Opens a checkpoint of any form; throws `.missing`, `.inputOutput`, or `.malformed`.
    init(path: String) throws {
        let file = try RegularFile(path: path)
        let start = try file.read(0..<min(file.count, 512))
        if start.starts(with: Self.zipSignature) || start.starts(with: Self.emptyZipSignature) {
            try self.init(archive: try ZipArchive(file: file))
        } else if Self.isTar(start) {
            throw DataError(
                .malformed, path: path, expected: "a checkpoint of PyTorch 0.2 or later", found: "the older tar form",
                hint: "load it with PyTorch and save it again")
        } else {
            try self.init(legacy: file)
        }
    }

    /// Whether a file that begins so can be a checkpoint: a ZIP archive, or a pickle of protocol 2 or later.
    static func canBegin(with start: [UInt8]) -> Bool {
        start.starts(with: zipSignature)
            || start.count > 1 && start[0] == PickleOperation.proto.rawValue && (2...5).contains(start[1])
    }

    /// Whether storages hold the most significant byte first, where they do not say themselves.
    var isBigEndian: Bool {
        if case .archive(_, _, let bigEndian) = records { bigEndian } else { false }
    }

    init(path: String, graph: PickleGraph, records: Records) {
        self.path = path
        self.graph = graph
        self.records = records
    }

    /// The bytes of the record that a storage is or lies in, as many as its tensors were promised; throws
    /// `.malformed` or `.inputOutput`.
    func record(of storage: PickleStorage) throws -> [UInt8] {
        let whole: [UInt8]
        switch storage.place {
        case .inside(let reference):
            switch graph[reference] {
            case .bytes(let bytes): whole = bytes
            case .text(let text): whole = Array(text.utf8)
            default: whole = []
            }
        case .record(let key): whole = try record(key)
        }
        try check(whole.count, storage)
        return whole
    }

    /// Holds what a storage is said to be against what the file has, without reading it; throws `.malformed`.
    func checkSize(of storage: PickleStorage) throws {
        guard case .record(let key) = storage.place else { return }
        switch records {
        case .archive(let archive, let root, _): try check(try entry(key, archive, root).count, storage)
        case .ranges(_, let ranges): try check(try range(key, ranges).count, storage)
        }
    }

    private func check(_ count: Int, _ storage: PickleStorage) throws {
        guard count == storage.recordByteCount else {
            throw DataError(
                .malformed, path: path,
                expected: "a storage of \(storage.recordByteCount) bytes of \(storage.type.name)",
                found: "\(count) bytes", hint: "the file is damaged or incomplete")
        }
    }

    private func record(_ key: String) throws -> [UInt8] {
        switch records {
        case .archive(let archive, let root, _):
            try archive.read(try entry(key, archive, root))
        case .ranges(let file, let ranges):
            try file.read(try range(key, ranges))
        }
    }

    private func entry(_ key: String, _ archive: ZipArchive, _ root: String) throws -> ZipEntry {
        guard let entry = archive["\(root)/data/\(key)"] else { throw missing(key) }
        return entry
    }

    private func range(_ key: String, _ ranges: [String: Range<Int>]) throws -> Range<Int> {
        guard let range = ranges[key] else { throw missing(key) }
        return range
    }

    private func missing(_ key: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "storage \(key) of a tensor".printable(), found: "none in the file",
            hint: "the file is damaged or incomplete")
    }

    private static let zipSignature: [UInt8] = [0x50, 0x4B, 3, 4]
    private static let emptyZipSignature: [UInt8] = [0x50, 0x4B, 5, 6]

    private static func isTar(_ start: [UInt8]) -> Bool {
        start.count > 262 && start[257..<262].elementsEqual("ustar".utf8)
    }
}
