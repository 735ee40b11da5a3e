import Basics
import Foundation

/// One network in a safetensors file; its `__metadata__` are facts. Writers sort tensors by number type, then by name:
/// the order says nothing.
struct SafetensorsSource: ForeignSource {
    let format = ZooFormat.safetensors
    let path: String

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try RegularFile(path: path)
        let header = try SafetensorsHeader(file)
        var facts: [String: ColumnValue] = [:]
        var spellings: [String: String] = [:]
        let stored = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        // `save_model` writes tensors that share their numbers once, and says under whose name.
        var shared: [(name: String, entry: SafetensorsHeader.Entry)] = []
        for (name, text) in header.metadata where !Self.own.contains(name) {
            if stored[name] == nil, let entry = stored[text] {
                shared.append((name, entry))
                continue
            }
            facts[name] = ColumnValue(parsing: text)
            spellings[name] = facts[name]?.otherSpelling(text)
        }
        try Self.check(shared.map(\.entry), of: file)
        shared.sort { $0.name < $1.name }
        let tensors = try (header.entries.map { ($0.name, $0) } + shared).map { name, entry in
            ForeignTensor(
                name: name, shape: entry.shape,
                values: ForeignValues(bytes: try file.read(entry.range), element: entry.element))
        }
        var network = ForeignNetwork(tensors: tensors, isOrdered: false, facts: facts, place: path)
        network.spellings = spellings
        network.dataset = header.metadata[DatasetRecord.key]
        network.slots = header.metadata[SlotRecord.key].flatMap(SlotRecord.read) ?? [:]
        try body(network)
    }

    /// Metadata that are no facts.
    private static let own: Set<String> = ["format", "provenance", DatasetRecord.key, SlotRecord.key]
    /// What shared tensors may hold, in sizes of the file; and bytes that are always allowed.
    private static let (mostShared, slack) = (16, 1 << 20)

    /// Throws `.malformed` where a small file names the same numbers too often.
    private static func check(_ shared: [SafetensorsHeader.Entry], of file: RegularFile) throws {
        let bytes = shared.reduce(0) { min($0 + $1.range.count, 1 << 60) }
        guard bytes / mostShared <= file.count || bytes <= slack else {
            throw DataError(
                .malformed, path: file.path, expected: "shared tensors of at most \(mostShared) times the file's bytes",
                found: "\(bytes) bytes", hint: "the file is made to fill the memory")
        }
    }
}

/// The header of a safetensors file: 8 bytes of length, JSON, then the tensors' bytes without overlaps or holes.
///
/// Every claim is held against the file before it is believed, as the format's own reader does
/// (huggingface/safetensors, `Metadata::validate`).
struct SafetensorsHeader: Sendable {
    /// One tensor's claims, checked.
    struct Entry: Sendable, Hashable {
        let name: String
        let element: ForeignElement
        let shape: [Int]
        /// Where its bytes stand in the file.
        let range: Range<Int>
    }

    /// What the format knows and we do not read: numbers of 4 to 8 bits.
    private static func isQuantised(_ type: String) -> Bool {
        ["F8", "F6", "F4", "E8M0"].contains { type.hasPrefix($0) }
    }

    /// Bytes of the longest header; the format's own reader refuses longer ones too.
    static let mostBytes = 100_000_000
    static let elements: [String: ForeignElement] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "I16": .int16, "I8": .int8, "U8": .uint8, "BOOL": .bool,
    ]

    /// Tensors in the order of their bytes.
    let entries: [Entry]
    /// The texts of `__metadata__`.
    let metadata: [String: String]

    /// Whether a file of `count` bytes begins with the length of a header that fits into it, and JSON.
    static func begins(_ first: [UInt8], count: Int) -> Bool {
        guard first.count >= 9, first[8] == UInt8(ascii: "{") else { return false }
        return first[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } <= UInt64(count - 8)
    }

    /// Reads and checks a file's header; throws `.malformed` naming the tensor, or `.inputOutput`.
    init(_ file: RegularFile) throws {
        let length = try Self.length(file)
        let json = try file.read(8..<8 + length)
        let raw: RawHeader
        do {
            guard json.first == UInt8(ascii: "{") else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no {"))
            }
            raw = try ForeignJSON.decode(RawHeader.self, from: json)
        } catch {
            throw DataError(
                .malformed, path: file.path, expected: "a safetensors header in JSON",
                found: DecodingError.reason(of: error))
        }
        metadata = raw.metadata
        entries = try Self.check(raw.tensors, start: 8 + length, file: file)
    }

    private static func length(_ file: RegularFile) throws -> Int {
        guard file.count >= 8 else {
            throw DataError(
                .malformed, path: file.path, expected: "a safetensors file", found: "\(file.count) bytes")
        }
        let length = try file.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.count - 8), length <= UInt64(mostBytes) else {
            throw DataError(
                .malformed, path: file.path, expected: "a header within the file's \(file.count) bytes",
                found: "one of \(length)", hint: "the file is damaged, incomplete or no safetensors file")
        }
        return Int(length)
    }

    private static func check(_ tensors: [(String, RawEntry)], start: Int, file: RegularFile) throws -> [Entry] {
        func refuse(_ name: String, _ expected: String, _ found: String) -> DataError {
            DataError(.malformed, path: "\(file.path): tensor \(name.printable())", expected: expected, found: found)
        }
        let most = file.count - start
        var entries: [Entry] = []
        var next = 0
        for (name, raw) in tensors.sorted(by: { ($0.1.start, $0.1.end, $0.0) < ($1.1.start, $1.1.end, $1.0) }) {
            // A mark without elements (`scaled_fp8` of files that were converted) is no weight.
            if isQuantised(raw.dtype), raw.start == next, raw.end == next, raw.shape.contains(0) { continue }
            guard let element = elements[raw.dtype] else {
                if isQuantised(raw.dtype) {
                    throw DataError.quantised(
                        raw.dtype, at: "\(file.path): tensor \(name.printable())",
                        more: ", or convert it to bfloat16 with its scales")
                }
                throw refuse(
                    name, "one of the number types \(elements.keys.sorted().joined(separator: ", "))",
                    "\"\(raw.dtype.printable())\"")
            }
            guard raw.start == next, raw.end >= raw.start, raw.end <= most else {
                throw refuse(name, "bytes from \(next), at most to \(most)", "\(raw.start) to \(raw.end)")
            }
            guard let count = ForeignTensor.count(of: raw.shape), count * element.byteCount == raw.end - raw.start
            else {
                throw refuse(name, "\(raw.end - raw.start) bytes of \(raw.dtype)", "the shape \(raw.shape)")
            }
            entries.append(
                Entry(name: name, element: element, shape: raw.shape, range: start + raw.start..<start + raw.end))
            next = raw.end
        }
        guard next == most else {
            throw DataError(
                .malformed, path: file.path, expected: "tensors up to the file's end",
                found: "\(most - next) bytes that belong to none")
        }
        return entries
    }
}

/// One entry of the header's JSON.
private struct RawEntry: Decodable {
    let dtype: String
    let shape: [Int]
    let start: Int
    let end: Int

    private enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        dtype = try fields.decode(String.self, forKey: .dtype)
        shape = try fields.decode([Int].self, forKey: .shape)
        let offsets = try fields.decode([Int].self, forKey: .offsets)
        guard offsets.count == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: .offsets, in: fields, debugDescription: "\(offsets.count) offsets instead of two")
        }
        (start, end) = (offsets[0], offsets[1])
    }
}

/// The header's JSON: tensors by name, and texts under `__metadata__`.
private struct RawHeader: Decodable {
    var tensors: [(String, RawEntry)] = []
    var metadata: [String: String] = [:]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyKey.self)
        for key in fields.allKeys {
            if key.stringValue == "__metadata__" {
                metadata = try fields.decode([String: String].self, forKey: key)
            } else {
                tensors.append((key.stringValue, try fields.decode(RawEntry.self, forKey: key)))
            }
        }
    }
}

/// Writes safetensors: tensors in the order given, metadata sorted, the header padded so that numbers are aligned.
enum SafetensorsWriter {
    /// One tensor in single precision, or a counter.
    struct Entry {
        let name: String
        let shape: [Int]
        let values: ArraySlice<Float>
        /// Whether it is a whole number of eight bytes, PyTorch's `num_batches_tracked`, at 0.
        private(set) var isCounter = false

        /// A counter at 0.
        static func counter(_ name: String) -> Entry {
            var tensor = Entry(name: name, shape: [], values: [0, 0])
            tensor.isCounter = true
            return tensor
        }

        init(name: String, shape: [Int], values: ArraySlice<Float>) {
            (self.name, self.shape, self.values) = (name, shape, values)
        }
    }

    /// The bytes of a file; equal tensors give equal bytes.
    static func bytes(_ tensors: [Entry], metadata: [String: String]) throws -> [UInt8] {
        var offset = 0
        var entries: [String] = []
        if !metadata.isEmpty {
            let texts = try metadata.sorted { $0.key < $1.key }.map { "\(try quoted($0)):\(try quoted($1))" }
            entries.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        for tensor in tensors {
            let end = offset + tensor.values.count * 4
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let type = tensor.isCounter ? "I64" : "F32"
            let facts = "\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]"
            entries.append("\(try quoted(tensor.name)):{\(facts)}")
            offset = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + offset)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes += $0 }
        bytes += header
        for tensor in tensors { tensor.values.withUnsafeBytes { bytes += $0 } }
        return bytes
    }

    private static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
