import Networks
import Tensors

/// Trains a net on codes towards an objective: flow matching, or a diffusion's denoising.
public struct GeneratorTraining: Sendable {
    /// Settings.
    public let config: TrainingConfig
    /// The net to train.
    public let net: any VelocityNet
    /// What it learns.
    public let objective: any Objective
    /// Key of all randomness.
    public let seed: UInt64

    /// Prepares a run.
    public init(config: TrainingConfig, net: any VelocityNet, objective: any Objective, seed: UInt64) {
        self.config = config
        self.net = net
        self.objective = objective
        self.seed = seed
    }

    /// The untrained state.
    public func start() -> TrainingState {
        TrainingState(parameters: net.initialParameters(seed: seed), config: config)
    }

    /// Takes steps from `state` on, as `Trainer.run`.
    ///
    /// - codes: [N, K]; heldOut: [M, K], whose loss is told in every check and may stop the run.
    public func run(
        _ state: inout TrainingState, codes: Tensor, heldOut: Tensor? = nil,
        observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        try Trainer(config: config, seed: seed, purpose: "flow").run(
            &state, count: codes.shape[0],
            loss: { flat, rows, stream in
                let minibatch = objective.draw(codes.gathered(axis: 0, rows), &stream)
                var dropout = Optional(stream)
                return minibatch.loss(
                    net(Parameters(layout: net.layout, flat: flat), minibatch.x, minibatch.t, &dropout))
            },
            heldOut: heldOut.map { rows in { heldOutLoss($0, codes: rows) } }, observe: observe)
    }

    /// The loss without dropout over all given codes, `draws` times each with the same randomness at every call:
    /// comparable between steps and between sets of codes.
    public func heldOutLoss(_ parameters: Tensor, codes: Tensor, draws: Int = 8) -> Double {
        let weights = Parameters(layout: net.layout, flat: parameters)
        let total = (0..<draws).reduce(0.0) { total, draw in
            var stream = RandomStream(seed: seed, purpose: "flow.held-out", index: UInt64(draw))
            let minibatch = objective.draw(codes, &stream)
            var evaluation: RandomStream?
            return total + minibatch.loss(net(weights, minibatch.x, minibatch.t, &evaluation)).scalar
        }
        return total / Double(draws)
    }
}
