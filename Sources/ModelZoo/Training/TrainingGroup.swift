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
        let population: PopulationState.Description
        let networks: [Record.Description]
    }

    /// What came out so far, and everything that training needs to go on; of a group at its end only what came out.
    func write(to path: String) throws {
        try TensorRecord(
            Description(population: population.description, networks: records.map(\.description)),
            records.enumerated().flatMap { $1.tensors(named: "\($0).") } + population.tensors
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
        let own = Record.list(record.description.networks, record.tensors)
        let widths = records[0].widths
        guard let own, own.count == records.count, own.allSatisfy({ $0.widths == widths && $0.isWhole }) else {
            throw refusal
        }
        records = own
        do {
            try population.restore(
                record.description.population, Array(record.tensors[(Record.tensorCount * own.count)...]),
                optimizer: trainer.settings.optimizer)
        } catch is DataError {
            throw refusal
        }
    }

    /// Lets all networks go: training has come to its end.
    mutating func finish(_ trainer: PopulationTrainer) throws {
        try population.keep([], optimizer: trainer.settings.optimizer)
    }
}

/// What came of networks, as a description and tensors.
extension TrainingGroup.Record {
    struct Description: Codable {
        let epoch, selected: Int
        let diverged: Int?
        let steps: [Int]
    }

    static let tensorCount = 4

    var description: Description {
        Description(epoch: epoch, selected: selected, diverged: diverged, steps: steps)
    }

    func tensors(named prefix: String = "") -> [NamedTensor] {
        [
            ("weights", weights), ("buffers", buffers), ("trajectory", trajectory),
            ("trajectory_buffers", trajectoryBuffers),
        ].map { NamedTensor(prefix + $0, Tensor($1, shape: [$1.count])) }
    }

    /// Networks from their descriptions and the first of some tensors; nil where there are too few.
    static func list(_ networks: [Description], _ tensors: [NamedTensor]) -> [Self]? {
        guard tensors.count >= tensorCount * networks.count else { return nil }
        return networks.enumerated().map { place, network in
            let own = tensors[tensorCount * place..<tensorCount * (place + 1)].map(\.value.floats)
            return Self(
                epoch: network.epoch, selected: network.selected, diverged: network.diverged, weights: own[0],
                buffers: own[1], steps: network.steps, trajectory: own[2], trajectoryBuffers: own[3])
        }
    }

    /// Numbers of weights and of buffers.
    var widths: [Int] { [weights.count, buffers.count] }

    /// Whether the trajectory has a checkpoint for every step.
    var isWhole: Bool {
        [trajectory.count, trajectoryBuffers.count] == widths.map { $0 * steps.count }
    }
}

/// What came of groups, on its way from one rank to another.
extension TrainingGroup {
    struct Outcomes: Codable {
        /// Of each group how many networks diverged, and how many follow; -1 where they have been recorded.
        let counts: [[Int]]
        let networks: [Record.Description]

        init(_ counts: [[Int]], _ records: [Record]) {
            (self.counts, networks) = (counts, records.map(\.description))
        }

        func records(_ tensors: [NamedTensor], path: String) throws -> [Record] {
            guard let own = Record.list(networks, tensors) else {
                throw DataError(.inputOutput, path: path, expected: "\(networks.count) networks", found: "fewer")
            }
            return own
        }
    }
}
