/// The checksum of one network: SHA-256 of its float32 weights, then its buffers, little-endian.
enum ZooChecksum {
    /// The digest of one row of weights `[D]` and of buffers `[Bf]`.
    static func digest(
        _ weights: UnsafeBufferPointer<Float>, _ buffers: UnsafeBufferPointer<Float>?, with hasher: SHA256.Hasher
    ) -> [UInt8] {
        #if _endian(big)
            #error("checksums are defined over little-endian bytes")
        #endif
        hasher.update(UnsafeRawBufferPointer(weights))
        if let buffers { hasher.update(UnsafeRawBufferPointer(buffers)) }
        return hasher.finalize()
    }

    /// The digests of `count` rows, one behind the other `[count, 32]`.
    static func digests(weights: [Float], buffers: [Float]?, count: Int) -> [UInt8] {
        let hasher = SHA256.Hasher()
        let width = count == 0 ? 0 : weights.count / count
        let bufferWidth = count == 0 ? 0 : (buffers?.count ?? 0) / count
        var all: [UInt8] = []
        all.reserveCapacity(count * SHA256.byteCount)
        weights.withUnsafeBufferPointer { weights in
            (buffers ?? []).withUnsafeBufferPointer { buffers in
                for row in 0..<count {
                    all += digest(
                        UnsafeBufferPointer(rebasing: weights[row * width..<(row + 1) * width]),
                        UnsafeBufferPointer(rebasing: buffers[row * bufferWidth..<(row + 1) * bufferWidth]),
                        with: hasher)
                }
            }
        }
        return all
    }

    /// The digest of one network's checkpoints: steps `[K]`, then weights `[K, D]`, then buffers `[K, Bf]`.
    static func digest(_ trajectory: ZooTrajectory) -> [UInt8] {
        let hasher = SHA256.Hasher()
        trajectory.steps.withUnsafeBytes { hasher.update($0) }
        trajectory.weights.withUnsafeBytes { hasher.update($0) }
        trajectory.buffers?.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }
}
