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
    /// - codes: [N, K]; heldOut: [M, K], whose loss is reported at every check and may stop the run.
    public func run(
        _ state: inout TrainingState, codes: Tensor, heldOut: Tensor? = nil,
        observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        try Trainer(config: config, seed: seed, purpose: "flow").run(
            &state, count: codes.shape[0],
            loss: { flat, rows, stream in
                let minibatch = objective.draw(codes.gathered(axis: 0, rows), &stream)
                var pass = ForwardPass.training(streams: [stream])
                let input = VelocityInput(minibatch.x, minibatch.t)
                return minibatch.loss(net(Parameters(layout: net.layout, flat: flat), input, &pass))
            },
            heldOut: heldOut.map { rows in { heldOutLoss($0, codes: rows) } }, observe: observe)
    }

    /// Rows that one evaluation of held-out codes sees, so that memory does not grow with their number.
    private static let evaluatedRows = 128

    /// The loss without dropout over all given codes [M, K], `draws` times each with the same randomness at every call:
    /// comparable between steps and between sets of codes, and with the training loss, as starts are coupled to `batch`
    /// codes at a time (or to all, where there are fewer).
    public func heldOutLoss(_ parameters: Tensor, codes: Tensor, draws: Int = 8) -> Double {
        let weights = Parameters(layout: net.layout, flat: parameters)
        let count = codes.shape[0]
        var total = 0.0
        for draw in 0..<draws {
            var stream = RandomStream(seed: seed, purpose: "flow.held-out", index: UInt64(draw))
            let all = objective.draw(codes, minibatch: config.batch, &stream)
            for start in stride(from: 0, to: count, by: Self.evaluatedRows) {
                let part = all.rows(start..<min(start + Self.evaluatedRows, count))
                let loss = part.loss(net(weights, VelocityInput(part.x, part.t)))
                total += loss.scalar * Double(part.x.shape[0])
            }
        }
        return total / Double(draws * count)
    }
}
