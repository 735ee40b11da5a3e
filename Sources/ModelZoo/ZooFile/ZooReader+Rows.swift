import Basics

extension ZooReader {
    /// Every network, without trajectories; throws as `read(rows:)`.
    public func readAll() throws -> Zoo { try read(rows: 0..<count) }

    /// The networks of a range, checksums verified; traps where the range goes beyond the zoo.
    ///
    /// Throws `DataError.malformed` naming the network where its bytes are not those that were written, or where a
    /// weight is not finite (naming the slot too), and `.inputOutput` where the file cannot be read.
    public func read(rows: Range<Int>) throws -> Zoo {
        let (weights, buffers) = try load(rows)
        try verify(Array(rows), weights, buffers)
        return zoo(rows, weights, buffers)
    }

    /// The networks of a list, in its order and as often as they stand in it; throws and traps as the range form.
    public func read(rows: [Int]) throws -> Zoo {
        precondition(rows.allSatisfy { (0..<count).contains($0) }, "\(path): rows beyond \(count)")
        let (width, bufferWidth) = (header.layout.count, header.layout.bufferCount)
        var weights = [Float](repeating: 0, count: rows.count * width)
        var buffers = self.buffers == nil ? nil : [Float](repeating: 0, count: rows.count * bufferWidth)
        // In the order of the file, so that each chunk is decoded once.
        let order = rows.indices.sorted { (rows[$0], $0) < (rows[$1], $1) }
        var last: (row: Int, weights: [Float], buffers: [Float]?)?
        for place in order {
            if last?.row != rows[place] {
                let (weights, buffers) = try load(rows[place]..<rows[place] + 1)
                last = (rows[place], weights, buffers)
            }
            guard let last else { continue }
            weights.replaceSubrange(place * width..<(place + 1) * width, with: last.weights)
            if let values = last.buffers {
                buffers?.replaceSubrange(place * bufferWidth..<(place + 1) * bufferWidth, with: values)
            }
        }
        try verify(rows, weights, buffers)
        return zoo(rows, weights, buffers)
    }

    /// Calls `body` with consecutive blocks of networks, each with the rows it holds, so that a block's weights
    /// and buffers take at most `maximumBytes` (but at least one network); throws as `read(rows:)` and `body`.
    public func forEachBlock(maximumBytes: Int, _ body: (Zoo, Range<Int>) throws -> Void) throws {
        for rows in blocks(maximumBytes: maximumBytes) { try body(try read(rows: rows), rows) }
    }

    /// Ranges that cover all rows, each of at most `maximumBytes`, of whole chunks where that is possible.
    func blocks(maximumBytes: Int) -> [Range<Int>] {
        var rows = max(1, maximumBytes / bytesPerNetwork)
        if let chunk = weights.chunk?[0], chunk <= rows { rows -= rows % chunk }
        return stride(from: 0, to: count, by: rows).map { $0..<min($0 + rows, count) }
    }

    /// Weights and buffers as they stand in the file, unverified.
    func load(_ rows: Range<Int>) throws -> (weights: [Float], buffers: [Float]?) {
        (try weights.read(rows: rows), try buffers?.read(rows: rows, as: Float.self))
    }

    private func zoo(_ rows: some Collection<Int>, _ weights: [Float], _ buffers: [Float]?) -> Zoo {
        Zoo(header: header, weights: weights, buffers: buffers, columns: columns.selecting(rows))
    }

    private func verify(_ rows: [Int], _ weights: [Float], _ buffers: [Float]?) throws {
        if let place = damaged(rows, weights, buffers).first {
            throw DataError(
                .malformed, path: "\(path):/weights", expected: "network \(rows[place]) as its checksum says",
                found: "other bytes", hint: "the file was changed or damaged after it was written")
        }
        let width = header.layout.count
        if let place = weights.firstIndex(where: { !$0.isFinite }) {
            throw Self.notFinite(
                weights[place], path: "\(path):/weights", network: rows[place / width],
                slot: header.layout.slotName(at: place % width))
        }
        if let buffers, let place = buffers.firstIndex(where: { !$0.isFinite }) {
            let (row, index) = place.quotientAndRemainder(dividingBy: header.layout.bufferCount)
            let slot = header.layout.buffers.first { $0.range.contains(index) }?.name ?? "element \(index)"
            throw Self.notFinite(buffers[place], path: "\(path):/buffers", network: rows[row], slot: slot)
        }
    }

    /// The places in `rows` whose network is not what its checksum says.
    func damaged(_ rows: [Int], _ weights: [Float], _ buffers: [Float]?) -> [Int] {
        guard let checksums else { return [] }
        let size = SHA256.byteCount
        let found = ZooChecksum.digests(weights: weights, buffers: buffers, count: rows.count)
        return rows.indices.filter { place in
            found[place * size..<(place + 1) * size] != checksums[rows[place] * size..<(rows[place] + 1) * size]
        }
    }

    static func notFinite(_ value: Float, path: String, network: Int, slot: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "finite numbers", found: "\(value) in network \(network), slot \(slot)",
            hint: "leave out networks whose training diverged")
    }
}
