import CZlib

/// One zlib stream that reads gzip members or bare deflate, at a fixed address as zlib requires; frees itself.
package struct Inflater: ~Copyable {
    /// What stands around the deflate stream.
    package enum Wrapper {
        /// gzip's header, checksum and length.
        case gzip
        /// Nothing, as in ZIP archives.
        case none
    }

    /// What one step did.
    package struct Step {
        /// Bytes of input used up.
        package let consumed: Int
        /// Bytes of output written.
        package let produced: Int
        /// Whether the member ended here and its checksum and length held.
        package let isFinished: Bool
    }

    /// zlib's own words for what is wrong with the stream.
    package struct Failure: Error {
        package let message: String

        /// Says what is wrong in zlib's words.
        package init(message: String) { self.message = message }
    }

    private let stream: UnsafeMutablePointer<z_stream>

    /// Starts before the first member; throws when zlib has no memory.
    package init(_ wrapper: Wrapper = .gzip) throws {
        let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        fresh.initialize(to: z_stream())
        let status = wrapper == .gzip ? ws_inflate_init_gzip(fresh) : ws_inflate_init_raw(fresh)
        guard status == Z_OK else {
            fresh.deallocate()
            throw Failure(message: "zlib status \(status)")
        }
        stream = fresh
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Makes ready for a further member.
    func restart() { inflateReset(stream) }

    /// Unpacks from `input` into `output` until one of them is used up or the member ends.
    package func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Step {
        let inputSize = UInt32(clamping: input.count)
        let outputSize = UInt32(clamping: output.count)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = inputSize
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = outputSize
        let status = inflate(stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw Failure(message: stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
        return Step(
            consumed: Int(inputSize - stream.pointee.avail_in),
            produced: Int(outputSize - stream.pointee.avail_out), isFinished: status == Z_STREAM_END)
    }
}

extension Inflater {
    /// Unpacks a deflate stream without header that takes all of `stored` and gives `count` bytes; throws `Failure`.
    package static func unpack(_ stored: [UInt8], count: Int) throws -> [UInt8] {
        let inflater = try Inflater(.none)
        // One byte more than wanted, so that a stream that gives more is found out and zlib never gets a null pointer.
        let bytes = try [UInt8](unsafeUninitializedCapacity: count + 1) { output, filled in
            filled = 0
            try stored.withUnsafeBytes { input in
                var used = 0
                var isFinished = false
                while !isFinished {
                    let step = try inflater.step(
                        UnsafeRawBufferPointer(rebasing: input[used...]),
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(output)[filled..<(count + 1)]))
                    used += step.consumed
                    filled += step.produced
                    isFinished = step.isFinished
                    guard isFinished || step.consumed + step.produced > 0 else {
                        throw Failure(message: filled > count ? "more bytes than declared" : "the stream ends early")
                    }
                }
                guard used == stored.count else { throw Failure(message: "bytes after the stream") }
            }
        }
        guard bytes.count == count else { throw Failure(message: "\(bytes.count) bytes unpacked") }
        return bytes
    }
}
