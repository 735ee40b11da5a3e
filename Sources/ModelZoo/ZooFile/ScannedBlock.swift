/// A block of networks as it stands in a file, unverified, with what is wrong with each.
struct ScannedBlock {
    /// Which networks of the file these are.
    let rows: Range<Int>
    /// Weights `[rows, D]`.
    let weights: [Float]
    /// Buffers `[rows, Bf]`, where the file has them.
    let buffers: [Float]?
    /// SHA-256 of each network as it stands there, `[rows, 32]`.
    let digests: [UInt8]
    /// Networks, counted in the file, that are not what their checksums say.
    let damaged: Set<Int>
    /// Networks, counted in the file, with a number that is not finite.
    let nonFinite: Set<Int>

    /// Whether a network can be used.
    func isSound(_ network: Int) -> Bool { !damaged.contains(network) && !nonFinite.contains(network) }

    /// The weights `[D]` of a network, counted in the file.
    func row(_ network: Int) -> ArraySlice<Float> { Self.row(network - rows.lowerBound, of: weights, rows.count) }

    /// The buffers `[Bf]` of a network, counted in the file; empty where there are none.
    func bufferRow(_ network: Int) -> ArraySlice<Float> {
        Self.row(network - rows.lowerBound, of: buffers ?? [], rows.count)
    }

    private static func row(_ place: Int, of values: [Float], _ count: Int) -> ArraySlice<Float> {
        let width = values.count / count
        return values[place * width..<(place + 1) * width]
    }
}

extension ZooReader {
    /// Reads all networks in blocks of at most `maximumBytes` (but at least one network), and says what is wrong with
    /// each instead of throwing; throws where the file itself cannot be read.
    func scan(maximumBytes: Int, _ body: (ScannedBlock) throws -> Void) throws {
        let size = SHA256.byteCount
        for rows in blocks(maximumBytes: maximumBytes) {
            let (weights, buffers) = try load(rows)
            let digests = ZooChecksum.digests(weights: weights, buffers: buffers, count: rows.count)
            let damaged = checksums.map { stored in
                rows.filter { row in
                    let place = (row - rows.lowerBound) * size
                    return digests[place..<place + size] != stored[row * size..<(row + 1) * size]
                }
            }
            let block = ScannedBlock(
                rows: rows, weights: weights, buffers: buffers, digests: digests, damaged: Set(damaged ?? []),
                nonFinite: [])
            let nonFinite = rows.filter { row in
                !block.row(row).allSatisfy(\.isFinite) || !block.bufferRow(row).allSatisfy(\.isFinite)
            }
            try body(
                ScannedBlock(
                    rows: rows, weights: weights, buffers: buffers, digests: digests, damaged: block.damaged,
                    nonFinite: Set(nonFinite)))
        }
    }
}
