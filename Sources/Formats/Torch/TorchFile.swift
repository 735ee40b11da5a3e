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
        if start.starts(with: ZipFormat.signature) || start.starts(with: Self.emptyZipSignature) {
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
        if start.starts(with: ZipFormat.signature) { return true }
        guard start.count > 1, start[0] == PickleOperation.proto.rawValue, (2...5).contains(start[1]) else {
            return false
        }
        // Two bytes alone would be any file's in 16,000: an operation comes next, and no length of a header before {.
        return start.count == 2 || PickleOperation(rawValue: start[2]) != nil
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

    private static let emptyZipSignature: [UInt8] = [0x50, 0x4B, 5, 6]

    private static func isTar(_ start: [UInt8]) -> Bool {
        start.count > 262 && start[257..<262].elementsEqual("ustar".utf8)
    }
}

extension TorchFile {
    /// Reads the pickle of a ZIP checkpoint, `<root>/data.pkl`, whatever its root is called.
    init(archive: ZipArchive) throws {
        let path = archive.file.path
        let suffix = "/data.pkl"
        let pickles = archive.entries.filter { entry in
            entry.name.hasSuffix(suffix) && entry.name.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
        }
        guard pickles.count == 1, let pickle = pickles.first else {
            throw DataError(
                .malformed, path: path, expected: "a PyTorch checkpoint: a ZIP archive with one <name>/data.pkl",
                found: "\(pickles.count) of \(archive.entries.count) entries")
        }
        let root = String(pickle.name.dropLast(suffix.count))
        guard archive["\(root)/constants.pkl"] == nil else {
            throw DataError(
                .malformed, path: path, expected: "a checkpoint of weights", found: "a TorchScript program",
                hint: "load it with torch.jit.load and save its state_dict()")
        }
        var input = PickleInput(bytes: try archive.read(pickle), path: "\(path), \(pickle.name)".printable())
        let graph = try Unpickler.read(&input)
        let bigEndian = try Self.isBigEndian(archive, root: root)
        self.init(path: path, graph: graph, records: .archive(archive, root: root, bigEndian: bigEndian))
    }

    private static func isBigEndian(_ archive: ZipArchive, root: String) throws -> Bool {
        guard let entry = archive["\(root)/byteorder"] else { return false }
        switch String(decoding: try archive.read(entry).prefix(16), as: UTF8.self) {
        case "little": return false
        case "big": return true
        case let other:
            throw DataError(
                .malformed, path: archive.file.path, expected: "byte order little or big", found: other.printable())
        }
    }
}

extension TorchFile {
    /// Reads a checkpoint from before PyTorch 1.6: pickles of a magic number, a version, the writer's system, the
    /// object and the storages' keys, then every storage as its number of elements and its bytes.
    ///
    /// A file whose first pickle is something else is taken as one plain pickle (NumPy's arrays in a dictionary).
    init(legacy file: RegularFile) throws {
        var input = PickleInput(file: file)
        let first = try Unpickler.read(&input)
        guard case .integer(Self.magicNumber) = first[first.root] else {
            guard first.records.isEmpty else {
                throw DataError(
                    .malformed, path: file.path, expected: "a PyTorch checkpoint", found: "its pickle alone",
                    hint: "storages are missing")
            }
            self.init(path: file.path, graph: first, records: .ranges(file, [:]))
            return
        }
        let version = try Unpickler.read(&input)
        guard case .integer(Self.protocolVersion) = version[version.root] else {
            throw DataError(
                .malformed, path: file.path, expected: "legacy protocol \(Self.protocolVersion)", found: "another")
        }
        // The writer's byte order and sizes: storages are little-endian on every machine, and sizes are not used.
        _ = try Unpickler.read(&input)
        let graph = try Unpickler.read(&input)
        let keys = try Unpickler.read(&input)
        let ranges = try Self.ranges(keys, of: graph.records, in: file, from: input.position)
        self.init(path: file.path, graph: graph, records: .ranges(file, ranges))
    }

    private static let magicNumber: Int128 = 0x1950_A86A_20F9_469C_FC6C
    private static let protocolVersion: Int128 = 1001

    /// Where every storage's bytes stand, which follow each other from `start` on in the order of `keys`.
    private static func ranges(
        _ keys: PickleGraph, of records: [String: PickleStorage], in file: RegularFile, from start: Int
    ) throws -> [String: Range<Int>] {
        guard let list = keys.elements(keys.root) else {
            throw DataError(.malformed, path: file.path, expected: "a list of storages", found: "another value")
        }
        var ranges: [String: Range<Int>] = [:]
        var place = start
        for reference in list {
            guard let key = Self.key(keys[reference]), let record = records[key], ranges[key] == nil else {
                throw DataError(
                    .malformed, path: file.path, expected: "a list of the tensors' storages",
                    found: "one that no tensor uses, or twice the same")
            }
            let count = ZipFields(bytes: try file.read(place..<(place + 8))[...]).long(0)
            let elements = record.recordByteCount / record.type.byteCount
            guard count == elements else {
                throw DataError(
                    .malformed, path: file.path, expected: "\(elements) elements in storage \(key)".printable(),
                    found: "\(count)", hint: "the file is damaged")
            }
            guard record.recordByteCount <= file.count - place - 8 else {
                throw DataError(
                    .malformed, path: file.path,
                    expected: "\(record.recordByteCount) bytes of storage \(key)".printable(),
                    found: "\(file.count - place - 8) left", hint: "the file is incomplete")
            }
            let end = place + 8 + record.recordByteCount
            ranges[key] = (place + 8)..<end
            place = end
        }
        return ranges
    }

    private static func key(_ value: PickleValue) -> String? {
        switch value {
        case .text(let key): key
        case .integer(let key): String(key)
        default: nil
        }
    }
}
