import Foundation
import ModelZoo

/// The checksum over both files of a detector, every byte of them: SHA-256 of the text of `detector.json` with 64 zeros in
/// place of the checksum, then the digits of that of `tensors.h5`.
///
/// It finds damage and edits; it keeps nobody out who can compute it.
enum DetectorSeal {
    private static let key = Array("\"checksum\": \"".utf8)
    private static let blank = Array(String(repeating: "0", count: 64).utf8)

    /// The text of an object in JSON with the checksum as its last entry, and a line's end.
    static func sealed(_ text: String, beside tensors: URL) throws -> [UInt8] {
        let end = text.lastIndex(of: "}") ?? text.endIndex
        let start = text[..<end].trimmingCharacters(in: .whitespacesAndNewlines)
        let bytes = Array("\(start),\n  \"checksum\": \"".utf8) + blank + Array("\"\n}\n".utf8)
        let place = bytes.count - 4 - blank.count
        return replaced(bytes, at: place, by: Array(try checksum(bytes, tensors).utf8))
    }

    /// Whether both files are as they were sealed.
    static func isWhole(_ bytes: [UInt8], beside tensors: URL) throws -> Bool {
        guard let place = place(in: bytes) else { return false }
        let found = Array(bytes[place..<place + blank.count])
        return try found == Array(checksum(replaced(bytes, at: place, by: blank), tensors).utf8)
    }

    /// Where the checksum's digits stand: behind the last key of that name.
    private static func place(in bytes: [UInt8]) -> Int? {
        let last = bytes.count - key.count - blank.count
        guard last >= 0 else { return nil }
        return (0...last).last { bytes[$0..<$0 + key.count].elementsEqual(key) }.map { $0 + key.count }
    }

    private static func replaced(_ bytes: [UInt8], at place: Int, by digits: [UInt8]) -> [UInt8] {
        Array(bytes[..<place]) + digits + Array(bytes[(place + digits.count)...])
    }

    private static func checksum(_ bytes: [UInt8], _ tensors: URL) throws -> String {
        let hasher = SHA256.Hasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        hasher.update(Data(try SHA256.hexDigest(ofFile: tensors.path).utf8))
        return SHA256.hex(hasher.finalize())
    }
}

extension SHA256.Hasher {
    fileprivate func update(_ data: Data) { data.withUnsafeBytes { update($0) } }
}
