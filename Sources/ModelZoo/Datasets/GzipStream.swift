import Basics

/// Unpacks a gzip file piece by piece: every member, each with its checksum and length, and nothing after them.
struct GzipStream: ~Copyable {
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
            .malformed, path: path, expected: "nothing after the gzip stream", found: "bytes that are no gzip member")
    }
}
