import Foundation

/// The numbers of a training state, recorded with its tensors.
public struct TrainingCounters: Codable, Sendable, Equatable {
    /// Least held-out loss so far, where held-out checks decide when to stop.
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
    /// The same when the best held-out loss was found.
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
