import Foundation

import ModelZoo

/// A temporary folder for files that a test writes.
public struct DatasetFolder {
    /// The folder.
    public let path: String

    /// A folder that exists already.
    public init(path: String) { self.path = path }

    /// Runs the body with an empty folder and removes the folder afterwards.
    public static func with<Result>(_ body: (DatasetFolder) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(DatasetFolder(path: path))
    }

    /// Writes a file, with the folders above it, and returns its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Writes a text file in UTF-8, with the folders above it, and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }
}

/// Bytes of small files, made without the code under test.
public enum DatasetBytes {
    /// A gzip member with the content in stored blocks (RFC 1951 section 3.2.4, RFC 1952).
    public static func gzip(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(start + 65_535, content.count)
            let size = UInt16(end - start)
            bytes.append(end == content.count ? 1 : 0)
            bytes += little(size) + little(~size) + content[start..<end]
            start = end
        } while start < content.count
        return bytes + little(checksum(content)) + little(UInt32(truncatingIfNeeded: content.count))
    }

    /// An IDX file with that type code, those extents and that payload, which need not fit.
    public static func idx(_ code: UInt8, _ shape: [UInt32], _ payload: [UInt8]) -> [UInt8] {
        [0, 0, code, UInt8(shape.count)] + shape.flatMap(big) + payload
    }

    /// The bytes of a whole number, the highest first.
    public static func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The bytes of a whole number, the lowest first.
    public static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// CRC-32 as RFC 1952 section 8 defines it, a bit at a time.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var register: UInt32 = .max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = register & 1 == 1
                register >>= 1
                if isOdd { register ^= 0xEDB8_8320 }
            }
        }
        return ~register
    }

    /// The checkout this test was compiled in.
    public static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
}
