import Basics
import Foundation
import Networks
import Tensors

/// Everything a training run needs to go on: weights, moments, average, the weights to fall back on, and the counters.
public struct TrainingState: Sendable {
    /// Weights after `step` steps, [D].
    public internal(set) var parameters: Tensor
    /// Exponential moving average of the weights, where one is kept.
    public var average: Tensor? { moving?.value }
    /// The weights of the best validation check where patience stops the run, else those of the last check with finite
    /// weights; before any such check the start's, nil where these are not finite.
    public internal(set) var kept: Tensor?
    /// The weights, or their average, after `TrainingConfig.guideStep` steps; nil before.
    public internal(set) var guide: Tensor?
    private let guideStep: Int?
    /// The numbers besides the tensors.
    public internal(set) var counters = TrainingCounters()
    /// Moments.
    public internal(set) var optimizer: AdamW
    /// What keeps the average.
    var moving: MovingAverage?

    /// Steps taken.
    public var step: Int { optimizer.step }

    /// The state before the first step from weights [D].
    public init(parameters: Tensor, config: TrainingConfig) {
        precondition(parameters.rank == 1, "TrainingState: parameters \(parameters.shape)")
        self.parameters = parameters
        kept = parameters.isFinite ? parameters : nil
        optimizer = AdamW(shape: parameters.shape, betas: (0.9, config.beta2), decay: config.decay)
        moving = config.emaDecay.map { MovingAverage(decay: $0) }
        guideStep = config.guideStep
    }

    /// What samples are drawn with: the weights of the best validation check where patience stops the run; else the
    /// average if one is kept, else the final weights; where the loss was not finite those last seen to be finite
    /// at a check, before any check the untrained ones. Never the luckiest minibatch's.
    public var samplingParameters: Tensor {
        if let kept, counters.bestLoss != nil || counters.divergedAt != nil { return kept }
        return current
    }

    /// The average if there is one, else the weights.
    var current: Tensor { average ?? parameters }

    mutating func advance(along gradient: FlatGradient, clippedTo clip: GradientClip?, rate: Double) {
        optimizer.update(&parameters, along: gradient, clippedTo: clip, rate: rate)
        let step = step
        moving?.update(with: parameters, after: step)
        if step == guideStep { guide = current }
    }

    /// Takes in a validation check: nil where there are no validation rows. `patience` as in `TrainingConfig`.
    mutating func check(_ validation: Double?, patience: Int) {
        guard patience > 0, let validation else {
            if current.isFinite { (kept, counters.keptStep) = (current, step) }
            return
        }
        if validation.isFinite, validation < counters.bestLoss ?? .infinity {
            (kept, counters.keptStep, counters.bestStep) = (current, step, step)
            (counters.bestLoss, counters.bestRecentLoss) = (validation, counters.recentLoss)
            counters.checksSinceBest = 0
        } else {
            counters.checksSinceBest += 1
        }
    }
}

/// The state as a record holds it.
extension TrainingState {
    private static let (weights, first, second) = ("weights", "first_moment", "second_moment")
    private static let (averageName, keptName, guideName) = ("average", "kept", "guide")

    /// Weights, both moments, and the average, the kept weights and the guide where there are any; each [D].
    public var tensors: [NamedTensor] {
        var all = [
            NamedTensor(Self.weights, parameters), NamedTensor(Self.first, optimizer.moments.first),
            NamedTensor(Self.second, optimizer.moments.second),
        ]
        if let average { all.append(NamedTensor(Self.averageName, average)) }
        if let kept { all.append(NamedTensor(Self.keptName, kept)) }
        if let guide { all.append(NamedTensor(Self.guideName, guide)) }
        return all
    }

    /// Goes on from recorded tensors after `step` steps with the same bytes as without the interruption.
    ///
    /// Throws a `DataError` unless the tensors are those of a state with `count` weights and the config's average.
    public init(
        tensors: [NamedTensor], counters: TrainingCounters, step: Int, count: Int, config: TrainingConfig
    ) throws {
        func find(_ name: String) -> Tensor? { tensors.first { $0.name == name && $0.value.shape == [count] }?.value }
        guard let weights = find(Self.weights), let first = find(Self.first), let second = find(Self.second), step >= 0,
            config.emaDecay == nil || step == 0 || find(Self.averageName) != nil,
            config.guideStep.map({ $0 > step }) ?? true || find(Self.guideName) != nil
        else {
            throw DataError(
                .malformed, path: "training state",
                expected: "weights, moments\(config.emaDecay == nil ? "" : ", average")"
                    + "\(config.guideStep.map { $0 > step } ?? true ? "" : ", guide") of \(count) numbers",
                found: tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", "),
                hint: "was it recorded with other settings?")
        }
        parameters = weights
        moving = config.emaDecay.map { MovingAverage(decay: $0, value: find(Self.averageName)) }
        kept = find(Self.keptName)
        (guide, guideStep) = (find(Self.guideName), config.guideStep)
        self.counters = counters
        optimizer = AdamW(
            step: step, firstMoment: first, secondMoment: second, betas: (0.9, config.beta2), decay: config.decay)
    }
}

/// The numbers of a training state, recorded with its tensors.
public struct TrainingCounters: Codable, Sendable, Equatable {
    /// Least validation loss so far, where validation checks decide when to stop.
    public internal(set) var bestLoss: Double?
    /// The step after which it was found.
    public internal(set) var bestStep: Int?
    /// Checks since then.
    public internal(set) var checksSinceBest = 0
    /// The step at which the loss was not finite.
    public internal(set) var divergedAt: Int?
    /// The step whose weights were kept; nil where they are still the start's.
    public internal(set) var keptStep: Int?
    /// The loss of the first minibatch, with the untrained weights.
    public internal(set) var firstLoss: Double?
    /// What minibatches have lately cost: exp of the moving average of log loss over about a hundred steps, early on
    /// over fewer. One spike hardly moves it.
    public internal(set) var recentLoss: Double?
    /// The same when the best validation loss was found.
    public internal(set) var bestRecentLoss: Double?

    /// Nothing seen yet.
    public init() {}

    /// A training loss of more than so many times the untrained net's is a divergence, however finite. Saying nothing
    /// costs as much as the untrained net does, so such a net is far worse than none.
    public static let explosion = 10.0

    /// What minibatches cost with the weights in use: the best check's, else the last ones.
    public var lossInUse: Double? { bestStep == nil ? recentLoss : bestRecentLoss }

    /// Whether that has grown by more than `explosion`.
    public var hasExploded: Bool {
        guard let firstLoss, let lossInUse, firstLoss > 0 else { return false }
        return lossInUse > Self.explosion * firstLoss
    }

    /// Takes in the loss of the minibatch that follows `step` steps.
    mutating func add(_ loss: Double, step: Int) {
        let found = max(loss, .leastNormalMagnitude)
        guard firstLoss != nil, let recent = recentLoss else {
            // A training that was recorded without these numbers has no start to be compared with.
            (firstLoss, recentLoss) = (step == 0 ? loss : nil, found)
            return
        }
        let decay = min(0.99, Double(step + 1) / Double(step + 10))
        recentLoss = exp(decay * log(recent) + (1 - decay) * log(found))
    }
}
