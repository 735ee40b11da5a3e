import Basics
import Networks
import Tensors

/// Networks that train side by side, at some step: everything that training needs to go on, and what came out so far.
///
/// A network that has come to its end (diverged, or out of patience) leaves the population; the others do not notice.
struct TrainingGroup: Sendable {
    /// What is known of one network.
    struct Record: Sendable {
        /// Epoch of the selected checkpoint; 0 is the initialisation.
        var epoch = 0
        /// Place of the selected checkpoint in the trajectory; -1 where it is not there.
        var selected = 0
        /// Epoch in which weights, buffers or loss ceased to be finite.
        var diverged: Int?
        /// The selected checkpoint's weights [D].
        var weights: [Float]
        /// The selected checkpoint's buffers [Bf].
        var buffers: [Float]
        /// Steps of the recorded checkpoints, rising.
        var steps: [Int] = []
        /// Weights of the recorded checkpoints, [steps, D].
        var trajectory: [Float] = []
        /// Buffers of the recorded checkpoints, [steps, Bf].
        var trajectoryBuffers: [Float] = []
    }

    /// The networks that still train.
    var population: PopulationState
    /// One a network.
    var records: [Record]

    /// A population before its first step; `keepsTrajectory` makes its weights the first checkpoint.
    init(_ population: PopulationState, keepsTrajectory: Bool) {
        self.population = population
        records = zip(population.weightRows, population.bufferRows).map {
            Record(selected: keepsTrajectory ? 0 : -1, weights: $0, buffers: $1)
        }
        if keepsTrajectory { recordCheckpoint() }
    }

    /// Steps taken.
    var step: Int { population.step }
    /// Places in `records` of the networks that still train.
    var live: [Int] { population.live }

    /// Appends the present weights to the trajectories, but those of networks that have left the finite numbers.
    mutating func recordCheckpoint() {
        for (place, (weights, buffers)) in zip(live, zip(population.weightRows, population.bufferRows))
        where weights.allSatisfy(\.isFinite) && buffers.allSatisfy(\.isFinite) {
            records[place].steps.append(step)
            records[place].trajectory += weights
            records[place].trajectoryBuffers += buffers
        }
    }

    /// Selects the present weights of the given places of `live`.
    mutating func select(_ rows: [Int], epoch: Int) {
        let (weights, buffers) = (population.weightRows, population.bufferRows)
        for row in rows {
            let place = live[row]
            records[place].epoch = epoch
            records[place].selected = max(0, records[place].steps.count - 1)
            records[place].weights = weights[row]
            records[place].buffers = buffers[row]
        }
    }

    /// Lets networks whose weights, buffers or loss are not finite leave, and remembers the epoch.
    mutating func dismissDiverged(epoch: Int, losses: [Double], _ trainer: PopulationTrainer) throws {
        let finite = population.finiteRows(losses: losses)
        for place in Set(live).subtracting(finite.map { live[$0] }) { records[place].diverged = epoch }
        try population.keep(finite, optimizer: trainer.settings.optimizer)
    }
}

/// A group as it lies on the disk between two runs.
extension TrainingGroup {
    private struct Description: Codable {
        struct Network: Codable {
            let epoch, selected: Int
            let diverged: Int?
            let steps: [Int]
        }

        let population: PopulationState.Description
        let networks: [Network]
    }

    /// What came out so far, and everything that training needs to go on; of a group at its end only what came out.
    func write(to path: String) throws {
        let networks = records.map {
            Description.Network(epoch: $0.epoch, selected: $0.selected, diverged: $0.diverged, steps: $0.steps)
        }
        func tensor(_ name: String, _ values: [Float]) -> NamedTensor {
            NamedTensor(name, Tensor(values, shape: [values.count]))
        }
        let outcome = records.enumerated().flatMap { index, record in
            [
                tensor("\(index).weights", record.weights), tensor("\(index).buffers", record.buffers),
                tensor("\(index).trajectory", record.trajectory),
                tensor("\(index).trajectory_buffers", record.trajectoryBuffers),
            ]
        }
        try TensorRecord(
            Description(population: population.description, networks: networks), outcome + population.tensors
        ).write(to: path)
    }

    /// Puts what a file says in the place of these networks before their first step.
    ///
    /// Throws `.malformed` where the file is damaged or of other networks.
    mutating func read(from path: String, _ trainer: PopulationTrainer) throws {
        let record = try TensorRecord<Description>(path: path)
        let refusal = DataError(
            .malformed, path: path, expected: "\(records.count) networks of this recipe", found: "others",
            hint: "remove the folder that it lies in, and train again from the start")
        let count = 4 * records.count
        guard record.description.networks.count == records.count, record.tensors.count >= count else { throw refusal }
        let (width, bufferWidth) = (records[0].weights.count, records[0].buffers.count)
        for (place, network) in record.description.networks.enumerated() {
            let own = record.tensors[4 * place..<4 * place + 4].map(\.value.floats)
            let checkpoints = network.steps.count
            guard own.map(\.count) == [width, bufferWidth, checkpoints * width, checkpoints * bufferWidth] else {
                throw refusal
            }
            records[place] = Record(
                epoch: network.epoch, selected: network.selected, diverged: network.diverged, weights: own[0],
                buffers: own[1], steps: network.steps, trajectory: own[2], trajectoryBuffers: own[3])
        }
        do {
            try population.restore(
                record.description.population, Array(record.tensors[count...]), optimizer: trainer.settings.optimizer)
        } catch is DataError {
            throw refusal
        }
    }

    /// Lets all networks go: training has come to its end.
    mutating func finish(_ trainer: PopulationTrainer) throws {
        try population.keep([], optimizer: trainer.settings.optimizer)
    }
}
