import Networks

extension ZooWriter {
    /// The open datasets of trajectories.
    final class TrajectorySink {
        let weights: HDF5Dataset
        let buffers: HDF5Dataset?
        let steps: HDF5Dataset
        let checkpoints: Int
        let hasBuffers: Bool
        /// SHA-256 of every network's checkpoints so far.
        private(set) var checksums: [UInt8] = []

        init(_ first: ZooTrajectory, in file: borrowing HDF5File, layout: ParameterLayout, compression: Int?) throws {
            func storage(_ width: Int) -> HDF5Storage {
                let rows = max(1, min(first.checkpoints, ZooWriter.chunkBytes / (max(1, width) * 4)))
                return HDF5Storage(chunk: [1, rows, width], fletcher32: true, compression: compression)
            }
            checkpoints = first.checkpoints
            hasBuffers = first.buffers != nil
            weights = try file.createDataset(
                "/trajectory", shape: [0, checkpoints, layout.count], of: Float.self, storage: storage(layout.count))
            steps = try file.createDataset(
                "/trajectory_steps", shape: [0, checkpoints], of: Int64.self,
                storage: HDF5Storage(chunk: [max(1, 4096 / checkpoints), checkpoints], fletcher32: true))
            buffers =
                first.buffers == nil
                ? nil
                : try file.createDataset(
                    "/trajectory_buffers", shape: [0, checkpoints, layout.bufferCount], of: Float.self,
                    storage: storage(layout.bufferCount))
        }

        func write(_ block: ZooTrajectory, row: Int, as network: Int) throws {
            func part<Element>(_ values: [Element]) -> [Element] {
                let width = values.count / block.count
                return Array(values[row * width..<(row + 1) * width])
            }
            let rows = network..<network + 1
            let mine = ZooTrajectory(
                checkpoints: checkpoints, steps: part(block.steps), weights: part(block.weights),
                buffers: block.buffers.map(part))
            try mine.weights.withUnsafeBufferPointer { try weights.write(rows: rows, from: $0) }
            try mine.steps.withUnsafeBufferPointer { try steps.write(rows: rows, from: $0) }
            if let values = mine.buffers {
                try values.withUnsafeBufferPointer { try buffers?.write(rows: rows, from: $0) }
            }
            checksums += ZooChecksum.digest(mine)
        }
    }

    /// Writes the checkpoints of the network just appended, which stands at `row` of its block.
    func append(_ block: ZooTrajectory, row: Int) throws {
        if trajectory == nil {
            trajectory = try file?.trajectorySink(for: block, layout: header.layout, compression: compression)
        }
        precondition(
            trajectory?.checkpoints == block.checkpoints && trajectory?.hasBuffers == (block.buffers != nil),
            "ZooWriter: blocks have different trajectories")
        try trajectory?.write(block, row: row, as: count - 1)
    }

    /// Throws `.malformed` where a weight or buffer of a present network or checkpoint is not finite.
    func check(_ block: Zoo) throws {
        let layout = header.layout
        func check(
            _ values: [Float], _ slots: [Slot], _ width: Int, _ what: String, per: Int = 1, _ steps: [Int64]? = nil
        ) throws {
            guard
                let place = values.indices.first(where: { index in
                    !values[index].isFinite && (steps.map { $0[index / width] >= 0 } ?? true)
                })
            else { return }
            let slot = slots.first { $0.range.contains(place % width) }?.name ?? "?"
            throw ZooReader.notFinite(
                values[place], path: "\(target.path):/\(what)", network: count + place / width / per, slot: slot)
        }
        try check(block.weights, layout.slots, layout.count, "weights")
        try check(block.buffers ?? [], layout.buffers, max(1, layout.bufferCount), "buffers")
        if let trajectory = block.trajectory {
            try check(
                trajectory.weights, layout.slots, layout.count, "trajectory", per: trajectory.checkpoints,
                trajectory.steps)
            try check(
                trajectory.buffers ?? [], layout.buffers, max(1, layout.bufferCount), "trajectory_buffers",
                per: trajectory.checkpoints, trajectory.steps)
        }
    }
}

extension HDF5File {
    fileprivate func trajectorySink(
        for first: ZooTrajectory, layout: ParameterLayout, compression: Int?
    ) throws -> ZooWriter.TrajectorySink {
        try ZooWriter.TrajectorySink(first, in: self, layout: layout, compression: compression)
    }
}
