import Basics

/// Reads files that may be gzipped (RFC 1952).
public enum Gzip {
    /// What one byte of a deflate stream can become at most, in bytes (zlib's technical notes).
    package static let largestExpansion = 1032
    /// Bytes allowed beyond the largest expansion, for streams of a few bytes.
    static let slack = 4096
    private static let pieceSize = 1 << 18

    /// The bytes of the file at `path`, unpacked when it begins with gzip's magic number and as they are otherwise.
    ///
    /// Several gzip members in a row give their joined content. Throws `DataError`: `missing`, `inputOutput`, or
    /// `malformed` for a truncated or damaged stream, bytes after the last member, or more than `maximumBytes`.
    public static func decompress(contentsOf path: String, maximumBytes: Int = 1 << 32) throws -> [UInt8] {
        let file = try RegularFile(path: path)
        var piece = [UInt8](repeating: 0, count: pieceSize)
        let first = try piece.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        let beginning = Array(piece[..<first])
        guard first >= 2, beginning[0] == 0x1F, beginning[1] == 0x8B else {
            var place = first
            return try gather(path, beginning: beginning, limit: maximumBytes, piece: &piece) {
                let length = try file.read(into: $0, at: place)
                place += length
                return length
            }
        }
        var stream = try GzipStream(path: path, beginning: beginning, capacity: pieceSize)
        let limit = min(maximumBytes, expansionLimit(fileSize: file.count))
        return try gather(path, beginning: [], limit: limit, piece: &piece) {
            try stream.read(from: file, into: $0)
        }
    }

    /// The most bytes that a gzip file of that size can hold.
    static func expansionLimit(fileSize: Int) -> Int {
        let (product, overflow) = fileSize.multipliedReportingOverflow(by: largestExpansion)
        return overflow || product > Int.max - slack ? Int.max : product + slack
    }

    /// Joins pieces until `read` gives none; throws when there are more than `limit` bytes.
    private static func gather(
        _ path: String, beginning: [UInt8], limit: Int, piece: inout [UInt8],
        read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> [UInt8] {
        var bytes = beginning
        while bytes.count <= limit {
            let count = try piece.withUnsafeMutableBytes { try read($0) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
        }
        throw DataError(.malformed, path: path, expected: "at most \(limit) bytes of content", found: "more")
    }
}
