import Basics
import Networks
import Tensors

/// A group as it lies on the disk between two runs.
extension TrainingGroup {
    private struct Description: Codable {
        struct Network: Codable {
            let epoch, selected: Int
            let score: Double?
            let diverged: Int?
            let steps: [Int]
        }

        let step: Int
        let live: [Int]
        let state: [String]
        let networks: [Network]
    }

    /// Writes everything that training needs to go on; of a group at its end only what came out.
    func write(to path: String) throws {
        let state = live.isEmpty ? [] : optimizer.state
        let description = Description(
            step: step, live: live, state: state.map(\.name),
            networks: records.map {
                .init(
                    epoch: $0.epoch, selected: $0.selected, score: $0.score, diverged: $0.diverged, steps: $0.steps)
            })
        var parts = records.flatMap { [$0.weights, $0.buffers, $0.trajectory, $0.trajectoryBuffers] }
        if !live.isEmpty {
            parts += [weights.floats, buffers?.flat.floats ?? []] + state.map { $0.value.floats }
        }
        try RecordFile.write(description, parts, to: path)
    }

    /// Puts what a file says in the place of these networks before their first step.
    ///
    /// Throws `.malformed` where the file is damaged or of other networks.
    mutating func read(from path: String, optimizer make: (Shape) -> any Optimizer) throws {
        let (description, parts) = try RecordFile.read(Description.self, from: path)
        func refuse() -> DataError {
            DataError(
                .malformed, path: path, expected: "\(records.count) networks of this recipe", found: "others",
                hint: "remove the folder that it lies in, and train again from the start")
        }
        let (width, bufferWidth) = (records[0].weights.count, records[0].buffers.count)
        guard description.networks.count == records.count, parts.count >= 4 * records.count,
            description.live.allSatisfy(records.indices.contains)
        else { throw refuse() }
        for (place, network) in description.networks.enumerated() {
            let own = Array(parts[4 * place..<4 * place + 4])
            let checkpoints = network.steps.count
            guard own.map(\.count) == [width, bufferWidth, checkpoints * width, checkpoints * bufferWidth] else {
                throw refuse()
            }
            records[place] = Record(
                epoch: network.epoch, selected: network.selected, score: network.score, diverged: network.diverged,
                weights: own[0], buffers: own[1], steps: network.steps, trajectory: own[2], trajectoryBuffers: own[3])
        }
        step = description.step
        live = description.live
        guard !live.isEmpty else { return }
        let rest = Array(parts[(4 * records.count)...])
        let shape: Shape = [live.count, width]
        optimizer = make(shape)
        guard rest.count == 2 + description.state.count, rest[0].count == live.count * width,
            rest[1].count == live.count * bufferWidth, rest[2...].allSatisfy({ $0.count == live.count * width })
        else { throw refuse() }
        weights = Tensor(rest[0], shape: shape)
        buffers = buffers.map { Buffers(layout: $0.layout, flat: Tensor(rest[1], shape: [live.count, bufferWidth])) }
        try optimizer.restore(
            step: step,
            state: zip(description.state, rest[2...]).map { NamedTensor($0, Tensor($1, shape: shape)) })
    }

    /// Lets all networks go: training has come to its end.
    mutating func finish() { live = [] }
}
