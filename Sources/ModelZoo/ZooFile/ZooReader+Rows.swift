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
        return try zoo(Array(rows), weights, buffers)
    }

    /// The networks of a list, in its order and as often as they stand in it; throws and traps as the range form.
    public func read(rows: [Int]) throws -> Zoo {
        precondition(rows.allSatisfy { (0..<count).contains($0) }, "\(path): rows beyond \(count)")
        let (width, bufferWidth) = (header.layout.count, header.layout.bufferCount)
        var weights = [Float](repeating: 0, count: rows.count * width)
        var buffers = hasBuffers ? [Float](repeating: 0, count: rows.count * bufferWidth) : nil
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
        return try zoo(rows, weights, buffers)
    }

    /// Calls `body` with consecutive blocks of networks, each with the rows it holds, so that a block's weights
    /// and buffers take at most `maximumBytes` (but at least one network); throws as `read(rows:)` and `body`.
    public func forEachBlock(maximumBytes: Int, _ body: (Zoo, Range<Int>) throws -> Void) throws {
        for rows in blocks(maximumBytes: maximumBytes) { try body(try read(rows: rows), rows) }
    }

    /// Ranges that cover all rows, each of at most `maximumBytes`, of whole chunks where that is possible.
    func blocks(maximumBytes: Int) -> [Range<Int>] {
        var rows = max(1, maximumBytes / bytesPerNetwork)
        if let chunk = rowsPerChunk, chunk <= rows { rows -= rows % chunk }
        return stride(from: 0, to: count, by: rows).map { $0..<min($0 + rows, count) }
    }

    /// Weights and buffers as they stand in the files, unverified.
    func load(_ rows: Range<Int>) throws -> (weights: [Float], buffers: [Float]?) {
        var parts = try files.read(rows) { try $0.load($1) }
        if parts.count == 1 { return parts.removeLast() }
        return (parts.flatMap(\.weights), hasBuffers ? parts.flatMap { $0.buffers ?? [] } : nil)
    }

    /// Rows as they stand in the file, verified and brought into the layout's order.
    private func zoo(_ rows: [Int], _ weights: [Float], _ buffers: [Float]?) throws -> Zoo {
        try verifyBytes(rows, weights, buffers)
        let (weights, buffers) = (order.weights(weights), buffers.map { order.buffers($0) })
        try verifyNumbers(rows, weights, buffers)
        return Zoo(header: header, weights: weights, buffers: buffers, columns: columns.selecting(rows))
    }

    private func verifyBytes(_ rows: [Int], _ weights: [Float], _ buffers: [Float]?) throws {
        if let place = damaged(rows, weights, buffers).first {
            throw DataError(
                .malformed, path: "\(files.path(of: rows[place])):/weights",
                problem: "network \(rows[place]) is not what its checksum says",
                hint: "the file was changed or damaged after it was written")
        }
    }

    private func verifyNumbers(_ rows: [Int], _ weights: [Float], _ buffers: [Float]?) throws {
        let width = header.layout.count
        if let place = weights.firstIndex(where: { !$0.isFinite }) {
            throw Self.notFinite(
                weights[place], path: "\(files.path(of: rows[place / width])):/weights", network: rows[place / width],
                slot: header.layout.slotName(at: place % width))
        }
        if let buffers, let place = buffers.firstIndex(where: { !$0.isFinite }) {
            let (row, index) = place.quotientAndRemainder(dividingBy: header.layout.bufferCount)
            let slot = header.layout.buffers.first { $0.range.contains(index) }?.name ?? "element \(index)"
            throw Self.notFinite(
                buffers[place], path: "\(files.path(of: rows[row])):/buffers", network: rows[row], slot: slot)
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

extension ZooReader {
    /// The checkpoints of one network, a trajectory of count 1; nil where none were recorded.
    ///
    /// A file without `/trajectory_steps` counts its checkpoints 1 ... K. `/trajectory_checksums` is verified where it
    /// is there. Throws as `read(rows:)`; traps where the network does not exist.
    public func trajectory(network: Int) throws -> ZooTrajectory? {
        precondition((0..<count).contains(network), "\(path): no network \(network) among \(count)")
        guard let stored = try files.read(network..<network + 1, { try $0.loadTrajectory($1.lowerBound) })[0] else {
            return nil
        }
        let size = SHA256.byteCount
        if let trajectoryChecksums,
            ZooChecksum.digest(stored) != Array(trajectoryChecksums[network * size..<(network + 1) * size])
        {
            throw DataError(
                .malformed, path: "\(files.path(of: network)):/trajectory",
                problem: "the checkpoints of network \(network) are not what their checksum says",
                hint: "the file was changed or damaged after it was written")
        }
        let found = ZooTrajectory(
            checkpoints: stored.checkpoints, steps: stored.steps, weights: order.weights(stored.weights),
            buffers: stored.buffers.map { order.buffers($0) })
        try check(found, of: network)
        return found
    }

    /// Throws `.malformed` where a weight or buffer of a checkpoint that is there is not finite.
    private func check(_ found: ZooTrajectory, of network: Int) throws {
        let layout = header.layout
        let parts = [
            ("trajectory", found.weights, layout.slots), ("trajectory_buffers", found.buffers ?? [], layout.buffers),
        ]
        for (name, values, slots) in parts {
            let width = values.count / found.checkpoints
            guard
                let place = values.indices.first(where: {
                    !values[$0].isFinite && found.steps[$0 / width] >= 0
                })
            else { continue }
            let slot = slots.first { $0.range.contains(place % width) }?.name ?? "element \(place % width)"
            throw Self.notFinite(
                values[place], path: "\(files.path(of: network)):/\(name)", network: network,
                slot: "\(slot) of checkpoint \(place / width)")
        }
    }

    /// The networks of a range with their trajectories, where the file has any; throws and traps as `read(rows:)`.
    public func readWhole(rows: Range<Int>) throws -> Zoo { try withTrajectories(read(rows: rows), Array(rows)) }

    /// The networks of a list with their trajectories, where the file has any; throws and traps as `read(rows:)`.
    public func readWhole(rows: [Int]) throws -> Zoo { try withTrajectories(read(rows: rows), rows) }

    /// Bytes of one network's weights, buffers and checkpoints in memory.
    public var bytesPerWholeNetwork: Int { bytesPerNetwork * (1 + (checkpoints ?? 0)) }

    private func withTrajectories(_ zoo: Zoo, _ rows: [Int]) throws -> Zoo {
        guard let checkpoints else { return zoo }
        var (steps, weights, buffers) = ([Int64](), [Float](), [Float]())
        weights.reserveCapacity(rows.count * checkpoints * header.layout.count)
        for row in rows {
            guard let part = try trajectory(network: row) else { continue }
            steps += part.steps
            weights += part.weights
            buffers += part.buffers ?? []
        }
        return Zoo(
            header: zoo.header, weights: zoo.weights, buffers: zoo.buffers, columns: zoo.columns,
            trajectory: ZooTrajectory(
                checkpoints: checkpoints, steps: steps, weights: weights,
                buffers: hasTrajectoryBuffers ? buffers : nil))
    }
}

extension ZooReader {
    /// Writes some of the networks, in the order of `rows`, with their trajectories to another zoo file, in blocks of
    /// at most `maximumBytes` (but at least one network).
    ///
    /// `columns` replaces the file's; it has one value for each of `rows`. `progress` hears how many networks are done
    /// and may stop the copy: then nothing is written. Throws as `read(rows:)` and `ZooWriter`; traps where a row does
    /// not exist or the columns have another length.
    public func copy(
        rows: [Int], columns: ZooColumns? = nil, to path: String, maximumBytes: Int = 64 << 20,
        progress: WorkProgress = .none
    ) throws {
        precondition(columns.map { $0.count == rows.count } ?? true, "\(path): columns are not of \(rows.count) rows")
        let writer = try ZooWriter(path: path, header: header)
        let step = max(1, maximumBytes / bytesPerWholeNetwork)
        for start in stride(from: 0, to: rows.count, by: step) {
            let places = start..<min(start + step, rows.count)
            let block = try readWhole(rows: Array(rows[places]))
            try writer.append(columns.map { block.with(columns: $0.selecting(places)) } ?? block)
            try progress.report(places.upperBound, of: rows.count)
        }
        try writer.finish()
    }
}
