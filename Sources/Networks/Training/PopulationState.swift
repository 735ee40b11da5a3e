import Basics
import Tensors

/// Networks that train side by side, at some step: everything that training needs to go on.
///
/// A network that has come to its end leaves the population; the others do not notice.
public struct PopulationState: Sendable {
    /// A network's best score, and the epoch after which it had it.
    public struct Best: Codable, Sendable, Equatable {
        /// The score, the higher the better.
        public let score: Double
        /// Epochs, from 1.
        public let epoch: Int
    }

    /// Seeds of all networks that training began with.
    public let seeds: [UInt64]
    /// Places in `seeds` of the networks that still train.
    public private(set) var live: [Int]
    /// The best score of each of all networks, where scores were taken.
    public private(set) var best: [Best?]
    /// Steps taken.
    public private(set) var step = 0
    /// Weights of the networks that still train, [live, D].
    public package(set) var weights: Tensor
    /// Their buffers, [live, Bf]; nil where the layout has none.
    public internal(set) var buffers: Buffers?
    /// What moves them.
    public private(set) var optimizer: any Optimizer
    /// The moving average of their weights, where one is kept.
    public private(set) var average: MovingAverage?
    /// Minibatches to come, one order a live network; made anew when networks leave.
    private var orders: [EpochOrder] = []

    /// Networks before the first step; see `PopulationTrainer.start`.
    init(
        weights: Tensor, buffers: Buffers?, layout: ParameterLayout, seeds: [UInt64], optimizer: any Optimizer,
        averageDecay: Double?
    ) {
        precondition(
            weights.shape == [seeds.count, layout.count],
            "population: weights \(weights.shape) for \(seeds.count) seeds, D = \(layout.count)")
        precondition(
            buffers == nil || (buffers?.layout == layout && buffers?.populationCount == seeds.count),
            "population: buffers of other networks")
        (self.weights, self.seeds, self.optimizer) = (weights, seeds, optimizer)
        live = Array(seeds.indices)
        best = seeds.map { _ in nil }
        self.buffers =
            layout.bufferCount == 0
            ? nil : buffers ?? Buffers(layout, population: live.count, precision: weights.precision)
        average = averageDecay.map { MovingAverage(decay: $0) }
    }

    /// The weights of each network that trains.
    public var weightRows: [[Float]] { Self.rows(weights, count: live.count) }

    /// The buffers of each network that trains; empty where the layout has none.
    public var bufferRows: [[Float]] {
        buffers.map { Self.rows($0.flat, count: live.count) } ?? Array(repeating: [], count: live.count)
    }

    /// Places in `live` of the networks whose loss, weights and buffers are finite.
    ///
    /// - losses: [live], as the last step returned them.
    public func finiteRows(losses: [Double]) -> [Int] {
        let (weights, buffers) = (weightRows, bufferRows)
        return live.indices.filter {
            losses[$0].isFinite && weights[$0].allSatisfy(\.isFinite) && buffers[$0].allSatisfy(\.isFinite)
        }
    }

    /// Takes in the scores of an epoch, [live], the higher the better; returns the places in `live` of the networks
    /// that had none as good before. A score that is not finite counts for nothing.
    public mutating func take(scores: [Double], epoch: Int) -> [Int] {
        precondition(scores.count == live.count, "population: \(scores.count) scores of \(live.count) networks")
        return live.indices.filter { row in
            guard scores[row].isFinite, scores[row] > best[live[row]]?.score ?? -.infinity else { return false }
            best[live[row]] = Best(score: scores[row], epoch: epoch)
            return true
        }
    }

    /// Places in `live` of the networks whose best score is less than `patience` epochs old.
    public func patientRows(epoch: Int, patience: Int) -> [Int] {
        live.indices.filter { epoch - (best[live[$0]]?.epoch ?? 0) < patience }
    }

    /// Goes on with the given places of `live` alone.
    public mutating func keep(_ rows: [Int], optimizer make: (Shape) -> any Optimizer) throws {
        guard rows.count < live.count else { return }
        live = rows.map { live[$0] }
        orders = []
        guard !rows.isEmpty else { return }
        let indices = rows.map { Int32($0) }
        weights = weights.gathered(axis: 0, indices)
        buffers = buffers.map { Buffers(layout: $0.layout, flat: $0.flat.gathered(axis: 0, indices)) }
        average = average.map { MovingAverage(decay: $0.decay, value: $0.value?.gathered(axis: 0, indices)) }
        let state = optimizer.state.map { NamedTensor($0.name, $0.value.gathered(axis: 0, indices)) }
        let step = optimizer.step
        optimizer = make(weights.shape)
        try optimizer.restore(step: step, state: state)
    }

    /// The next minibatch of each live network, B rows of `count` each, network by network.
    mutating func nextRows(_ batch: Int, of count: Int, purpose: String) -> [Int32] {
        if orders.isEmpty {
            orders = live.map {
                EpochOrder(count: count, seed: seeds[$0], purpose: purpose, position: step * batch)
            }
        }
        return orders.indices.flatMap { orders[$0].next(batch) }
    }

    /// Takes one step.
    mutating func advance(along gradient: FlatGradient, clippedTo clip: GradientClip?, rate: Double) {
        optimizer.update(&weights, along: gradient, clippedTo: clip, rate: rate)
        step += 1
        average?.update(with: weights, after: step)
    }

    private static func rows(_ tensor: Tensor, count: Int) -> [[Float]] {
        let (values, width) = (tensor.floats, tensor.shape[1])
        return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
}

/// The state as a record holds it.
extension PopulationState {
    /// What a record says besides the tensors.
    public struct Description: Codable, Sendable, Equatable {
        /// Steps taken.
        public let step: Int
        /// Places of the networks that still train.
        public let live: [Int]
        /// The best score of each of all networks.
        public let best: [Best?]
    }

    /// What a record says besides the tensors.
    public var description: Description { Description(step: step, live: live, best: best) }

    /// Weights, buffers, what the optimizer remembers, and the average: what `restore` takes back. Nothing once all
    /// networks have come to their end.
    public var tensors: [NamedTensor] {
        guard !live.isEmpty else { return [] }
        return [NamedTensor("weights", weights)] + (buffers.map { [NamedTensor("buffers", $0.flat)] } ?? [])
            + optimizer.state.map { NamedTensor("optimizer.\($0.name)", $0.value) }
            + (average?.value.map { [NamedTensor("average", $0)] } ?? [])
    }

    /// Brings networks before their first step to where a record says; throws a `DataError` where it is of others.
    ///
    /// Training then goes on with the same bytes as without the interruption.
    public mutating func restore(
        _ description: Description, _ tensors: [NamedTensor], optimizer make: (Shape) -> any Optimizer
    ) throws {
        guard description.step >= 0, description.live.allSatisfy(seeds.indices.contains),
            Set(description.live).count == description.live.count, description.best.count == seeds.count
        else { throw Self.refusal("networks \(seeds.indices)", "\(description.live) after \(description.step) steps") }
        (step, live, best, orders) = (description.step, description.live, description.best, [])
        guard !live.isEmpty else { return }
        func find(_ name: String, _ width: Int) throws -> Tensor {
            guard let found = tensors.first(where: { $0.name == name })?.value, found.shape == [live.count, width]
            else {
                let all = tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", ")
                throw Self.refusal("\(name) [\(live.count), \(width)]", all.isEmpty ? "nothing" : all)
            }
            return found
        }
        weights = try find("weights", weights.shape[1])
        if let own = buffers {
            buffers = Buffers(layout: own.layout, flat: try find("buffers", own.layout.bufferCount))
        }
        if let own = average, step > 0 {
            average = MovingAverage(decay: own.decay, value: try find("average", weights.shape[1]))
        }
        optimizer = make(weights.shape)
        let prefix = "optimizer."
        try optimizer.restore(
            step: step,
            state: tensors.filter { $0.name.hasPrefix(prefix) }.map {
                NamedTensor(String($0.name.dropFirst(prefix.count)), $0.value)
            })
    }

    private static func refusal(_ expected: String, _ found: String) -> DataError {
        DataError(
            .malformed, path: "population", expected: expected, found: found,
            hint: "was it recorded with other settings?")
    }
}

/// Which networks of a population go on after an epoch.
public struct StoppingRule {
    /// Places in `live` of those that go on; `losses`, [live], are those of the epoch's last step.
    let networks: (_ state: inout PopulationState, _ epoch: Int, _ losses: [Double]) throws -> [Int]

    /// Asks a closure, which may take scores (`PopulationState.take(scores:epoch:)`).
    public init(
        _ networks: @escaping (_ state: inout PopulationState, _ epoch: Int, _ losses: [Double]) throws -> [Int]
    ) {
        self.networks = networks
    }

    /// Those whose loss, weights and buffers are finite.
    public static var finite: StoppingRule { StoppingRule { state, _, losses in state.finiteRows(losses: losses) } }

    /// Those that are finite and have had a better score than before within the last `epochs` epochs.
    ///
    /// - score: one number a live network, the higher the better, usually on rows that it does not train on.
    public static func patience(
        _ epochs: Int, score: @escaping (_ state: PopulationState) throws -> [Double]
    ) -> StoppingRule {
        StoppingRule { state, epoch, losses in
            _ = state.take(scores: try score(state), epoch: epoch)
            let finite = Set(state.finiteRows(losses: losses))
            return state.patientRows(epoch: epoch, patience: epochs).filter(finite.contains)
        }
    }
}
