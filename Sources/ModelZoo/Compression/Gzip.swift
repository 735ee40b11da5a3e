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

extension Table {
    /// Reads a table from a file, gzipped or not. Throws `DataError` as ``Gzip/decompress(contentsOf:maximumBytes:)`` and
    /// the form for bytes do.
    public init(contentsOf path: String, options: Options = Options(), maximumBytes: Int = 1 << 32) throws {
        try self.init(
            bytes: Gzip.decompress(contentsOf: path, maximumBytes: maximumBytes), path: path, options: options)
    }
}

extension TableReader {
    /// Reads a table with a header row by row from a file, gzipped or not; throws as the form of ``Table`` does.
    package init(contentsOf path: String) throws {
        try self.init(
            bytes: Gzip.decompress(contentsOf: path), path: path, dialect: TableDialect(header: .present))
    }
}

/// Unpacks a gzip file piece by piece: every member, each with its checksum and length, and nothing after them.
private struct GzipStream: ~Copyable {
    private let path: String
    private let inflater: Inflater
    private let buffer: UnsafeMutableRawBufferPointer
    private var pending: Range<Int>
    /// Bytes of the file read so far.
    private var place: Int
    private var membersRead = 0
    private var memberBytes = 0
    /// Whether zlib may hold output that did not fit the last time.
    private var mayHoldMore = false
    private var isBetweenMembers = false

    /// Begins with the bytes already read from the file, which must fit into a buffer of `capacity`.
    init(path: String, beginning: [UInt8], capacity: Int) throws {
        precondition(beginning.count <= capacity, "gzip: \(beginning.count) bytes do not fit into \(capacity)")
        inflater = try Inflater()
        buffer = .allocate(byteCount: capacity, alignment: 16)
        buffer.copyBytes(from: beginning)
        (pending, place) = (0..<beginning.count, beginning.count)
        self.path = path
    }

    deinit { buffer.deallocate() }

    /// Unpacks into `output` and returns how many bytes, 0 at the end; throws `malformed` for a damaged stream.
    mutating func read(
        from file: RegularFile, into output: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        while true {
            if pending.isEmpty, !mayHoldMore {
                pending = 0..<(try file.read(into: buffer, at: place))
                place += pending.count
                if pending.isEmpty { return try finish() }
            }
            if isBetweenMembers {
                inflater.restart()
                isBetweenMembers = false
                memberBytes = 0
            }
            let produced = try advance(into: output)
            if produced > 0 { return produced }
        }
    }

    private mutating func advance(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let step: Inflater.Step
        do {
            step = try inflater.step(UnsafeRawBufferPointer(rebasing: buffer[pending]), into: output)
        } catch let failure as Inflater.Failure {
            guard membersRead == 0 || memberBytes > 0 else { throw trailing() }
            throw DataError(
                .malformed, path: path, expected: "a sound gzip stream", found: "damage: \(failure.message)",
                hint: "get the file again")
        }
        pending = (pending.lowerBound + step.consumed)..<pending.upperBound
        mayHoldMore = step.produced == output.count && !step.isFinished
        memberBytes += step.produced
        if step.isFinished {
            membersRead += 1
            isBetweenMembers = true
        }
        return step.produced
    }

    private func finish() throws -> Int {
        guard isBetweenMembers else {
            throw DataError(
                .malformed, path: path, expected: "a whole gzip stream",
                found: "the end of the file after \(memberBytes) unpacked bytes", hint: "get the file again")
        }
        return 0
    }

    private func trailing() -> DataError {
        DataError(
            .malformed, path: path, expected: "nothing after the gzip stream", found: "bytes that are not a gzip member"
        )
    }
}
