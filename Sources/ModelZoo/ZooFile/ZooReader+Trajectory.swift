import Networks

extension ZooReader {
    /// The checkpoints of one network, a trajectory of count 1; nil where none were recorded.
    ///
    /// A file without `/trajectory_steps` counts its checkpoints 1 ... K. Checksums do not cover trajectories, the
    /// chunks' Fletcher-32 does. Throws as `read(rows:)`; traps where the network does not exist.
    public func trajectory(network: Int) throws -> ZooTrajectory? {
        precondition((0..<count).contains(network), "\(path): no network \(network) among \(count)")
        guard let checkpoints, let weights: [Float] = try trajectory?.read(rows: network..<network + 1) else {
            return nil
        }
        let steps: [Int64] = try trajectorySteps?.read(rows: network..<network + 1)
            ?? (1...checkpoints).map { Int64($0) }
        let width = header.layout.count
        for checkpoint in 0..<checkpoints where steps[checkpoint] >= 0 {
            let row = weights[checkpoint * width..<(checkpoint + 1) * width]
            if let place = row.firstIndex(where: { !$0.isFinite }) {
                throw Self.notFinite(
                    row[place], path: "\(path):/trajectory", network: network,
                    slot: "\(header.layout.slotName(at: place % width)) of checkpoint \(checkpoint)")
            }
        }
        return ZooTrajectory(
            checkpoints: checkpoints, steps: steps, weights: weights,
            buffers: try trajectoryBuffers?.read(rows: network..<network + 1, as: Float.self))
    }
}
