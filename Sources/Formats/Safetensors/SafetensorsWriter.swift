import Foundation

/// Writes safetensors: tensors in the order given, metadata sorted, the header padded so that numbers are aligned.
enum SafetensorsWriter {
    /// One tensor in single precision.
    struct Tensor {
        let name: String
        let shape: [Int]
        let values: ArraySlice<Float>
    }

    /// The bytes of a file; equal tensors give equal bytes.
    static func bytes(_ tensors: [Tensor], metadata: [String: String]) throws -> [UInt8] {
        var offset = 0
        var entries: [String] = []
        if !metadata.isEmpty {
            let texts = try metadata.sorted { $0.key < $1.key }.map { "\(try quoted($0)):\(try quoted($1))" }
            entries.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        for tensor in tensors {
            let end = offset + tensor.values.count * 4
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let facts = "\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]"
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
