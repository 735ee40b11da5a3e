import ModelZoo
extension Inflater {
    /// Unpacks a deflate stream without header that takes all of `stored` and gives `count` bytes; throws `Failure`.
    static func unpack(_ stored: [UInt8], count: Int) throws -> [UInt8] {
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
