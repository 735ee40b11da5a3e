import Basics

extension ZooReader {
    /// The checkpoints of one network, a trajectory of count 1; nil where none were recorded.
    ///
    /// A file without `/trajectory_steps` counts its checkpoints 1 ... K. `/trajectory_checksums` is verified where it
    /// is there. Throws as `read(rows:)`; traps where the network does not exist.
    public func trajectory(network: Int) throws -> ZooTrajectory? {
        precondition((0..<count).contains(network), "\(path): no network \(network) among \(count)")
        guard let checkpoints, let weights: [Float] = try trajectory?.read(rows: network..<network + 1) else {
            return nil
        }
        let steps: [Int64] = try trajectorySteps?.read(rows: network..<network + 1)
            ?? (1...checkpoints).map { Int64($0) }
        let found = ZooTrajectory(
            checkpoints: checkpoints, steps: steps, weights: weights,
            buffers: try trajectoryBuffers?.read(rows: network..<network + 1, as: Float.self))
        let size = SHA256.byteCount
        if let trajectoryChecksums,
            ZooChecksum.digest(found) != Array(trajectoryChecksums[network * size..<(network + 1) * size]) {
            throw DataError(
                .malformed, path: "\(path):/trajectory",
                expected: "checkpoints of network \(network) as their checksum says",
                found: "other bytes", hint: "the file was changed or damaged after it was written")
        }
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
            guard let place = values.indices.first(where: {
                !values[$0].isFinite && found.steps[$0 / width] >= 0
            }) else { continue }
            let slot = slots.first { $0.range.contains(place % width) }?.name ?? "element \(place % width)"
            throw Self.notFinite(
                values[place], path: "\(path):/\(name)", network: network,
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
                buffers: trajectoryBuffers == nil ? nil : buffers))
    }
}
