import Basics

/// Networks that stand in a zoo more than once: what was saved as `best.pt` and as `last.pt`.
struct ZooCopies {
    /// For every network the first one that has its weights and buffers.
    private(set) var firsts: [Int] = []
    private var places: [[UInt8]: Int] = [:]

    /// Adds the next networks by their digests, one after the other.
    mutating func add(_ digests: [UInt8]) {
        for start in stride(from: 0, to: digests.count, by: SHA256.byteCount) {
            let digest = Array(digests[start..<start + SHA256.byteCount])
            let place = places[digest] ?? firsts.count
            places[digest] = place
            firsts.append(place)
        }
    }
}

extension Zoo {
    /// For every network the first one that has its weights and buffers: itself, unless it is a copy.
    package var copies: [Int] {
        var copies = ZooCopies()
        copies.add(ZooChecksum.digests(weights: weights, buffers: buffers, count: count))
        return copies.firsts
    }
}

extension ZooReader {
    /// The same, read in blocks; throws as `read(rows:)`.
    package func copies() throws -> [Int] {
        var copies = ZooCopies()
        for rows in blocks(maximumBytes: 64 << 20) {
            let (weights, buffers) = try load(rows)
            copies.add(ZooChecksum.digests(weights: weights, buffers: buffers, count: rows.count))
        }
        return copies.firsts
    }
}
