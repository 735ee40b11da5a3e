import Networks
import Tensors

/// Trains a velocity net by flow matching.
///
/// Loss: mean over batch and elements of |v(x_t, t) - (x_1 - x_0)|^2, t ~ U(0, 1), x_0 from the source, x_1 a code.
/// Reference: Lipman et al., Flow matching for generative modeling, 2023, eq. 9; settings of DeepWeightFlow (2026).
public struct FlowMatching: Sendable {
    /// The settings of a training run; defaults are DeepWeightFlow's.
    public struct Config: Codable, Sendable, Equatable {
        /// Minibatch steps.
        public var steps = 30_000
        /// Codes in a minibatch.
        public var batch = 8
        /// Learning rate at the start.
        public var rate = 5e-4
        /// Learning rate at the end of the cosine.
        public var finalRate = 1e-6
        /// Decoupled weight decay.
        public var decay = 1e-5
        /// AdamW's second-moment decay rate; the first is 0.9.
        public var beta2 = 0.95
        /// Noise around the path.
        public var sigma = 1e-3
        /// Standard deviation of the Gaussian source.
        public var sourceStd = 0.01
        /// Decay of the exponential moving average used for sampling; nil samples with the final weights.
        public var emaDecay: Double?

        /// DeepWeightFlow's settings.
        public init() {}
    }

    /// How a run ended.
    public enum Outcome: Sendable, Equatable {
        /// All steps were taken, or `observe` stopped the run.
        case finished
        /// The loss stopped being finite at this step; the weights before it were kept.
        case diverged(step: Int)
    }

    /// Settings.
    public let config: Config
    /// The net to train.
    public let net: any VelocityNet
    /// Key of all randomness.
    public let seed: UInt64

    /// Prepares a run.
    public init(config: Config, net: any VelocityNet, seed: UInt64) {
        self.config = config
        self.net = net
        self.seed = seed
    }

    /// The untrained state.
    public func start() -> TrainingState {
        TrainingState(parameters: net.initialParameters(seed: seed), beta2: config.beta2, decay: config.decay)
    }

    /// Takes steps from `state` on until all are taken, the loss is not finite, or `observe` returns false.
    ///
    /// - codes: [N, K]. `observe(step, loss)` sees every step's minibatch loss.
    public func run(
        _ state: inout TrainingState, codes: Tensor, observe: (_ step: Int, _ loss: Double) throws -> Bool
    ) rethrows -> Outcome {
        let schedule = CosineSchedule(from: config.rate, to: config.finalRate, steps: config.steps)
        var order = EpochOrder(
            count: codes.shape[0], seed: seed, purpose: "flow.order", position: state.step * config.batch)
        while state.step < config.steps {
            let x1 = codes.gathered(axis: 0, order.next(config.batch))
            var stream = Optional(RandomStream(seed: seed, purpose: "flow.step", index: UInt64(state.step)))
            let (loss, gradient) = flatGradient(at: state.parameters) { flat in
                self.loss(Parameters(layout: net.layout, flat: flat), x1, &stream)
            }
            let value = loss.scalar
            guard value.isFinite else { return .diverged(step: state.step) }
            state.advance(along: gradient, rate: schedule.rate(at: state.step), emaDecay: config.emaDecay)
            if try !observe(state.step, value) { break }
        }
        return .finished
    }

    /// The minibatch loss at codes x1 [B, K], all draws from `stream`.
    private func loss(_ parameters: Parameters, _ x1: Tensor, _ stream: inout RandomStream?) -> Tensor {
        guard var draws = stream else { preconditionFailure("flow matching: no random stream") }
        let (batch, dimension) = (x1.shape[0], x1.shape[1])
        let t = draws.uniform([batch, 1])
        let x0 = GaussianSource(std: config.sourceStd).sample(batch, dimension: dimension, &draws)
        let noise = draws.normal([batch, dimension])
        let point = LinearPath(sigma: config.sigma).sample(from: x0, to: x1, at: t, noise: noise)
        stream = draws
        let velocity = net(parameters, point.x, point.t, &stream)
        return Loss.meanSquaredError(velocity, point.velocity)
    }

    /// The loss without dropout over all given codes, `draws` times each at fixed noise and stratified times: comparable
    /// between steps and between sets of codes.
    public func heldOutLoss(_ parameters: Tensor, codes: Tensor, draws: Int = 8) -> Double {
        let (count, dimension) = (codes.shape[0], codes.shape[1])
        let weights = Parameters(layout: net.layout, flat: parameters)
        var total = 0.0
        for draw in 0..<draws {
            var stream = RandomStream(seed: seed, purpose: "flow.held-out", index: UInt64(draw))
            let t = (stream.uniform([count, 1]) + Double(draw)) / Double(draws)
            let x0 = GaussianSource(std: config.sourceStd).sample(count, dimension: dimension, &stream)
            let noise = stream.normal([count, dimension])
            let point = LinearPath(sigma: config.sigma).sample(from: x0, to: codes, at: t, noise: noise)
            var evaluation: RandomStream?
            let velocity = net(weights, point.x, point.t, &evaluation)
            total += Loss.meanSquaredError(velocity, point.velocity).scalar
        }
        return total / Double(draws)
    }
}
