import Basics
import Foundation

/// A file of our own between two runs of the same program: a description in JSON, float32 numbers, and a checksum.
///
///     8 bytes    length of the description, little-endian
///     JSON       {"counts":[...],"description":...}
///     float32    the numbers of every part, one behind the other, little-endian
///     32 bytes   SHA-256 of all that
enum RecordFile {
    private struct Header<Description: Codable>: Codable {
        let counts: [Int]
        let description: Description
    }

    /// Writes a record under a temporary name and gives it its own when it is complete; throws `.inputOutput`.
    static func write<Description: Codable>(_ description: Description, _ parts: [[Float]], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = try encoder.encode(Header(counts: parts.map(\.count), description: description))
        var bytes = Data(capacity: 8 + json.count + parts.reduce(SHA256.byteCount) { $0 + $1.count * 4 })
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(json)
        for part in parts { part.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        bytes.append(contentsOf: bytes.withUnsafeBytes { SHA256.digest(of: $0) })
        try WholeFile.write(bytes, to: URL(fileURLWithPath: path))
    }

    /// Reads a record; throws `.malformed` where it is not one or is damaged, `.inputOutput` where it cannot be read.
    static func read<Description: Codable>(
        _: Description.Type, from path: String
    ) throws -> (description: Description, parts: [[Float]]) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw DataError(
                .inputOutput, path: path, expected: "a file that can be read", found: error.localizedDescription)
        }
        guard let record = parse(data, Description.self) else {
            throw DataError(
                .malformed, path: path, expected: "a record of training as it was written", found: "other bytes",
                hint: "remove the folder that it lies in, and train again from the start")
        }
        return record
    }

    private static func parse<Description: Codable>(
        _ data: Data, _: Description.Type
    ) -> (description: Description, parts: [[Float]])? {
        let end = data.count - SHA256.byteCount
        guard end >= 8 else { return nil }
        let isWhole = data.withUnsafeBytes { bytes in
            SHA256.digest(of: UnsafeRawBufferPointer(rebasing: bytes[..<end])).elementsEqual(bytes[end...])
        }
        let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard isWhole, length <= UInt64(end - 8) else { return nil }
        var start = 8 + Int(length)
        guard let header = try? JSONDecoder().decode(Header<Description>.self, from: data[8..<start]) else { return nil }
        var parts: [[Float]] = []
        for count in header.counts {
            guard count >= 0, count <= (end - start) / 4 else { return nil }
            parts.append(
                [Float](unsafeUninitializedCapacity: count) { floats, initialized in
                    data.copyBytes(to: UnsafeMutableRawBufferPointer(floats), from: start..<start + count * 4)
                    initialized = count
                })
            start += count * 4
        }
        return start == end ? (header.description, parts) : nil
    }
}
