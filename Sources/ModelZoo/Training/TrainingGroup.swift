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
        /// Validation accuracy of the selected checkpoint; nil where none was chosen by it.
        var score: Double?
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

    /// Steps taken.
    var step = 0
    /// Places in `records` of the networks that still train.
    var live: [Int]
    /// Their weights, [live, D].
    var weights: Tensor
    /// Their buffers, [live, Bf]; nil where the layout has none.
    var buffers: Buffers?
    /// What moves them.
    var optimizer: any Optimizer
    /// One a network.
    var records: [Record] = []

    /// The networks of the given weights [P, D] before the first step.
    ///
    /// `keepsTrajectory` makes them the first checkpoint.
    init(weights: Tensor, layout: ParameterLayout, optimizer: any Optimizer, keepsTrajectory: Bool) {
        live = Array(0..<weights.shape[0])
        self.weights = weights
        self.optimizer = optimizer
        buffers = layout.bufferCount == 0 ? nil : Buffers(layout, population: live.count)
        records = zip(weightRows(), bufferRows()).map {
            Record(selected: keepsTrajectory ? 0 : -1, weights: $0, buffers: $1)
        }
        if keepsTrajectory { recordCheckpoint() }
    }

    /// The weights of each network that trains.
    func weightRows() -> [[Float]] { Self.rows(weights, count: live.count) }

    /// The buffers of each network that trains; empty where the layout has none.
    func bufferRows() -> [[Float]] {
        buffers.map { Self.rows($0.flat, count: live.count) } ?? Array(repeating: [], count: live.count)
    }

    private static func rows(_ tensor: Tensor, count: Int) -> [[Float]] {
        let (values, width) = (tensor.floats, tensor.shape[1])
        return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
}

extension TrainingGroup {
    /// Appends the present weights to the trajectories, but those of networks that have left the finite numbers.
    mutating func recordCheckpoint() {
        for (place, (weights, buffers)) in zip(live, zip(weightRows(), bufferRows()))
        where weights.allSatisfy(\.isFinite) && buffers.allSatisfy(\.isFinite) {
            records[place].steps.append(step)
            records[place].trajectory += weights
            records[place].trajectoryBuffers += buffers
        }
    }

    /// Selects the present weights of each network whose score is above the best so far; of all without scores.
    mutating func select(epoch: Int, scores: [Double]?) {
        let (weights, buffers) = (weightRows(), bufferRows())
        for (row, place) in live.enumerated() {
            if let scores, let best = records[place].score, !(scores[row] > best) { continue }
            records[place].score = scores?[row]
            records[place].epoch = epoch
            records[place].selected = max(0, records[place].steps.count - 1)
            records[place].weights = weights[row]
            records[place].buffers = buffers[row]
        }
    }

    /// Lets networks whose weights, buffers or loss are not finite leave, and remembers the epoch.
    mutating func dismissDiverged(
        epoch: Int, losses: [Double], optimizer make: (Shape) -> any Optimizer
    ) throws {
        let isFinite = zip(losses, zip(weightRows(), bufferRows())).map { loss, rows in
            loss.isFinite && rows.0.allSatisfy(\.isFinite) && rows.1.allSatisfy(\.isFinite)
        }
        for (row, place) in live.enumerated() where !isFinite[row] { records[place].diverged = epoch }
        try keep(rows: live.indices.filter { isFinite[$0] }, optimizer: make)
    }

    /// Goes on with the given rows of the population alone.
    mutating func keep(rows: [Int], optimizer make: (Shape) -> any Optimizer) throws {
        guard rows.count < live.count else { return }
        live = rows.map { live[$0] }
        guard !rows.isEmpty else { return }
        let indices = rows.map { Int32($0) }
        weights = weights.gathered(axis: 0, indices)
        buffers = buffers.map { Buffers(layout: $0.layout, flat: $0.flat.gathered(axis: 0, indices)) }
        let state = optimizer.state.map { NamedTensor($0.name, $0.value.gathered(axis: 0, indices)) }
        let step = optimizer.step
        optimizer = make(weights.shape)
        try optimizer.restore(step: step, state: state)
    }
}
