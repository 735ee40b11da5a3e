import Basics

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
