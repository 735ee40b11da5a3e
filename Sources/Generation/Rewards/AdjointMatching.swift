import Basics
import Networks
import Tensors

/// Tunes a generator's net to a reward: what it then draws has the density of the base's own times exp(r).
///
/// Along trajectories X_0 ... X_N of the net being tuned, by steps x' = mu(x) + d z of a `MemorylessChain`, the lean
/// adjoint comes back from the reward by products with the Jacobian of the *frozen base's* steps,
///
///     a_N = -grad r(X_N),   a_k = (d mu_base / d x (X_k))' a_{k+1},
///
/// and the net learns the control u_k = d^-1 (mu(X_k) - mu_base(X_k)) towards -d a_{k+1}: the loss is the mean square of
///
///     u_k + d a_{k+1}
///
/// over trajectories, looked-at steps and elements, all but the net itself held fixed. The sign is a plus with
/// a_N = -grad r; with a minus the reward falls. d may differ by element.
///
/// Reference: Domingo-Enrich, Drozdzal, Karrer, Chen, Adjoint matching: fine-tuning flow and diffusion generative models
/// with memoryless stochastic optimal control, 2024. Where it differs: steps are the process's own transitions
/// (`MemorylessChain`) in place of Euler's; rows of large error keep their direction and lose their length, instead of
/// being left out, which would take the best trajectories away first; their settings are for images.
public struct AdjointMatching: Sendable {
    /// The process.
    public let chain: MemorylessChain
    /// The net.
    public let net: any VelocityNet
    /// The frozen weights, [net.layout.count].
    public let base: Tensor
    /// Where trajectories start.
    public let source: any Source
    let reward: CodeReward
    /// Settings.
    public let config: TuningConfig
    /// Key of all randomness.
    public let seed: UInt64

    /// Prepares tuning a generator whose process is the chain; the reward counts `strength` times, in its own unit.
    ///
    /// Throws `DataError` (configuration, `strength`) where that is negative or not a number.
    public init(
        _ generator: Generator, chain: MemorylessChain, reward: any Reward, strength: Double,
        config: TuningConfig = TuningConfig(), seed: UInt64
    ) throws {
        self.chain = chain
        (net, base, source) = (generator.net, generator.parameters, generator.source)
        self.reward = CodeReward(
            reward: reward, coordinates: generator.coordinates, strength: try RewardSpread.checked(strength))
        (self.config, self.seed) = (config, seed)
    }

    /// The state before the first step: the base's weights.
    public func start() -> TrainingState { TrainingState(parameters: base, config: config.training) }

    /// Takes optimizer steps from `state` on, as `Trainer.run`. `observe` is handed each step's loss and the mean reward of
    /// its trajectories' ends, times the strength.
    public func run(
        _ state: inout TrainingState, observe: (_ step: TrainingStep, _ reward: Double) throws -> Bool
    ) rethrows -> TrainingOutcome {
        var limit: Double?
        var mean = Double.nan
        return try Trainer(config: config.training, seed: seed, purpose: "adjoint-matching").run(
            &state, count: config.batch,
            loss: { flat, _, stream in
                let walk = trajectories(flat.detached, &stream)
                mean = walk.rewards.mean().scalar
                let looked = config.lookedAt(chain.steps.count) { stream.permutation($0) }
                return loss(flat, walk, at: looked, &limit)
            }, observe: { try observe($0, mean) })
    }

    /// All steps, unobserved.
    public func run(_ state: inout TrainingState) -> TrainingOutcome { run(&state) { _, _ in true } }

    /// Trajectories of tuned weights with their adjoints.
    struct Trajectories {
        /// X_0 ... X_N, [B, K] each.
        var states: [Tensor]
        /// a_1 ... a_N, [B, K] each.
        var adjoints: [Tensor]
        /// r(X_N), [B].
        var rewards: Tensor
    }

    /// New trajectories of weights [D], and what comes back along them.
    func trajectories(_ flat: Tensor, _ stream: inout RandomStream) -> Trajectories {
        let parameters = Parameters(layout: net.layout, flat: flat)
        let start = source.sample(config.batch, &stream).converted(to: flat.precision)
        let noises = chain.steps.map { _ in stream.normal(start.shape).converted(to: flat.precision) }
        let states = chain.states(net, parameters, from: start) { noises[$0] }
        return adjoints(of: states)
    }

    /// The lean adjoint along states of a trajectory, by products with the base's Jacobians.
    func adjoints(of states: [Tensor]) -> Trajectories {
        let end = reward.gradient(at: states[states.count - 1])
        let parameters = Parameters(layout: net.layout, flat: base)
        var adjoint = -end.gradient
        var adjoints = [adjoint]
        for (index, step) in chain.steps.enumerated().dropFirst().reversed() {
            adjoint = pullback(at: states[index]) { chain.mean(net, parameters, $0, step) }.pull(adjoint)
            adjoints.append(adjoint)
        }
        return Trajectories(states: states, adjoints: adjoints.reversed(), rewards: end.values)
    }

    /// The loss of weights [D] at steps of trajectories; `limit` is the running quantile of the rows' root errors.
    func loss(_ flat: Tensor, _ walk: Trajectories, at looked: [Int], _ limit: inout Double?) -> Tensor {
        let steps = looked.map { chain.steps[$0] }
        let rows = walk.states[0].shape[0]
        let input = VelocityInput(
            .concatenate(zip(looked, steps).map { walk.states[$0] * $1.input }, axis: 0),
            Tensor(
                steps.flatMap { Array(repeating: $0.time, count: rows) }, shape: [rows * steps.count, 1],
                precision: flat.precision))
        // Both in calls of one shape, so that equal weights say the same to the last bit.
        let said = net(Parameters(layout: net.layout, flat: base), input)
        let change = net(Parameters(layout: net.layout, flat: flat), input) - said
        func column(_ value: (MemorylessChain.Step) -> Tensor) -> Tensor {
            let shape: Shape = [rows, net.dimension]
            return .concatenate(
                steps.map { value($0).converted(to: flat.precision).broadcast(to: shape) }, axis: 0)
        }
        let target = Tensor.concatenate(looked.map { walk.adjoints[$0] }, axis: 0) * column(\.deviation)
        let errors = (change * column { $0.deviation.reciprocal() * $0.output } + target).square().mean(axes: [-1])
        return (errors * weights(errors.detached, &limit)).mean()
    }

    /// How much rows of errors [R] count: 1, and less above the running quantile of their roots, so that no row pulls harder
    /// than one there.
    private func weights(_ errors: Tensor, _ limit: inout Double?) -> Tensor {
        let roots = errors.doubles.map { $0.squareRoot() }
        guard config.quantile < 1, roots.allSatisfy(\.isFinite) else {
            return .ones(errors.shape, precision: errors.precision)
        }
        let sorted = roots.sorted()
        let found = sorted[min(sorted.count - 1, Int(config.quantile * Double(sorted.count)))]
        let running = limit.map { 0.9 * $0 + 0.1 * found } ?? found
        limit = running
        return Tensor(
            roots.map { $0 > running ? running / $0 : 1 }, shape: errors.shape, precision: errors.precision)
    }
}
