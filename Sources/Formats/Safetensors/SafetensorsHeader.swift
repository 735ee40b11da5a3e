import Basics

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
            DataError(.malformed, path: "\(file.path): tensor \(name)", expected: expected, found: found)
        }
        let most = file.count - start
        var entries: [Entry] = []
        var next = 0
        for (name, raw) in tensors.sorted(by: { ($0.1.start, $0.1.end, $0.0) < ($1.1.start, $1.1.end, $1.0) }) {
            guard let element = elements[raw.dtype] else {
                throw refuse(name, "one of the number types \(elements.keys.sorted())", "\"\(raw.dtype)\"")
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
