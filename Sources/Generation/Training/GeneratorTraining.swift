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
    /// What the training networks' conditions are, for a net that takes any.
    public let conditions: TrainingConditions?
    /// Those of the validation networks.
    public let validationConditions: TrainingConditions?

    /// Prepares a run. Traps unless there are conditions exactly where the net is a `ConditionalNet`.
    public init(
        config: TrainingConfig, net: any VelocityNet, objective: any Objective, seed: UInt64,
        conditions: TrainingConditions? = nil, validationConditions: TrainingConditions? = nil
    ) {
        precondition(
            (conditions != nil) == (net is ConditionalNet),
            "GeneratorTraining: \(conditions == nil ? "no " : "")conditions for \(type(of: net))")
        self.config = config
        self.net = net
        self.objective = objective
        self.seed = seed
        (self.conditions, self.validationConditions) = (conditions, validationConditions)
    }

    /// The untrained state.
    public func start() -> TrainingState {
        TrainingState(parameters: net.initialParameters(seed: seed), config: config)
    }

    /// Takes steps from `state` on, as `Trainer.run`.
    ///
    /// - codes: [N, K]; validation: [M, K], whose loss is reported at every check and may stop the run.
    public func run(
        _ state: inout TrainingState, codes: Tensor, validation: Tensor? = nil,
        observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        try trainer.run(
            &state, count: codes.shape[0], parts: { drawn($0, of: codes, &$1) },
            validation: validation.map { rows in { validationLoss($0, codes: rows) } }, observe: observe)
    }

    /// The same on several ranks, of which this is rank 0; throws what `observe` and the helpers throw.
    public func run(
        _ state: inout TrainingState, codes: Tensor, validation: Tensor? = nil, with helpers: any PartHelpers,
        observe: (TrainingStep) throws -> Bool
    ) throws -> TrainingOutcome {
        try trainer.run(
            &state, count: codes.shape[0], parts: { drawn($0, of: codes, &$1) }, with: helpers,
            validation: validation.map { rows in { validationLoss($0, codes: rows) } }, observe: observe)
    }

    /// What another rank than 0 does of a training on codes [N, K].
    public struct Helper {
        let training: GeneratorTraining
        let codes: Tensor
        /// This rank.
        let rank: Int
        private let tree: PartTree
        private var step: Int?
        private var minibatches: MinibatchParts

        /// Helps as one of so many ranks; traps for rank 0.
        public init(_ training: GeneratorTraining, codes: Tensor, rank: Int, of ranks: Int) {
            precondition((1..<ranks).contains(rank), "GeneratorTraining: rank \(rank) of \(ranks) helps nobody")
            (self.training, self.codes, self.rank) = (training, codes, rank)
            tree = PartTree(parts: training.config.microBatches, ranks: ranks)
            minibatches = MinibatchParts(of: training.trainer, count: codes.shape[0], from: 0)
        }

        /// The sums of this rank's pieces of a step at weights [D], in order.
        public mutating func answer(step: Int, at parameters: Tensor) -> [PartSum] {
            if step != self.step {
                minibatches = MinibatchParts(of: training.trainer, count: codes.shape[0], from: step)
            }
            self.step = step + 1
            return minibatches.pieces(of: rank, in: tree, at: parameters) { [training, codes] in
                training.drawn($0, of: codes, &$1)
            }
        }
    }

    private var trainer: Trainer { Trainer(config: config, seed: seed, purpose: "flow") }

    /// Draws the minibatch of some rows of codes and returns what its parts cost.
    func drawn(_ rows: [Int32], of codes: Tensor, _ stream: inout RandomStream) -> MinibatchParts.PartLoss {
        let chosen = codes.gathered(axis: 0, rows), places = rows.map { Int($0) }
        let asked = (net as? ConditionalNet).flatMap { net in
            conditions?.draw(places, leavingOutBy: net.encoder, &stream)
        }
        let minibatch =
            conditions.map { told in
                objective.draw(chosen, groups: places.map { told.groups[$0] }, minibatch: rows.count, &stream)
            } ?? objective.draw(chosen, &stream)
        return { flat, part, stream in
            let weights = Parameters(layout: net.layout, flat: flat)
            // The whole is not cut: a tensor and its whole slice need not lie alike.
            let regression = part.count == rows.count ? minibatch : minibatch.rows(part)
            let input = VelocityInput(regression.x, regression.t)
            var pass = ForwardPass.training(streams: [stream])
            guard let asked, let conditional = net as? ConditionalNet else {
                return regression.loss(net(weights, input, &pass))
            }
            return regression.loss(conditional(weights, input, asking: Array(asked[part]), &pass))
        }
    }

    /// Rows that one evaluation of validation codes sees, so that memory does not grow with their number.
    private static let evaluatedRows = 128

    /// The loss without dropout over all given codes [M, K], `draws` times each with the same randomness at every call:
    /// comparable between steps and between sets of codes, and with the training loss, as starts are coupled to `batch`
    /// codes at a time (or to all, where there are fewer). A conditional net is told the validation networks' conditions,
    /// of which it needs one a code.
    public func validationLoss(_ parameters: Tensor, codes: Tensor, draws: Int = 8) -> Double {
        let weights = Parameters(layout: net.layout, flat: parameters)
        let count = codes.shape[0]
        var total = 0.0
        for draw in 0..<draws {
            var stream = RandomStream(seed: seed, purpose: "flow.held-out", index: UInt64(draw))
            let asked = validationConditions.map { $0.draw(Array(0..<count), &stream) }
            let all = objective.draw(
                codes, groups: validationConditions?.groups, minibatch: config.batch, &stream)
            for start in stride(from: 0, to: count, by: Self.evaluatedRows) {
                let rows = start..<min(start + Self.evaluatedRows, count)
                let part = all.rows(rows)
                let loss = part.loss(answer(weights, VelocityInput(part.x, part.t), asked.map { Array($0[rows]) }))
                total += loss.scalar * Double(part.x.shape[0])
            }
        }
        return total / Double(draws * count)
    }

    /// What the net says without dropout, told conditions or none.
    private func answer(_ weights: Parameters, _ input: VelocityInput, _ conditions: [Condition]?) -> Tensor {
        guard let conditions, let conditional = net as? ConditionalNet else { return net(weights, input) }
        var pass = ForwardPass.evaluation()
        return conditional(weights, input, asking: conditions, &pass)
    }
}

/// What a net learns about codes: flows and diffusions differ for the training loop only here.
public protocol Objective: Sendable {
    /// One minibatch's regression from codes [B, K]; all draws come from `stream`.
    func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression
    /// The regression of codes [N, K] as minibatches of at most so many rows see them, where rows depend on each other.
    func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression
    /// The same where only rows of one group may be exchanged: those with the same condition. nil: all are of one.
    func draw(_ codes: Tensor, groups: [Int]?, minibatch: Int, _ stream: inout RandomStream) -> Regression
}

extension Objective {
    /// Nothing is exchanged between rows.
    public func draw(
        _ codes: Tensor, groups: [Int]?, minibatch: Int, _ stream: inout RandomStream
    ) -> Regression {
        draw(codes, minibatch: minibatch, &stream)
    }
    /// Rows do not depend on each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, &stream)
    }
}

/// One minibatch of a regression: loss = mean over B and K of weight (net(x, t) - target)^2.
public struct Regression: Sendable {
    /// What the net sees, [B, K].
    public var x: Tensor
    /// The time or noise level that the net is given, [B, 1].
    public var t: Tensor
    /// What it should answer, [B, K].
    public var target: Tensor
    /// A weight a row, [B, 1]; nil weighs all rows by 1.
    public var weight: Tensor?

    /// Describes the minibatch; traps unless x and target are [B, K], t and weight [B, 1].
    public init(x: Tensor, t: Tensor, target: Tensor, weight: Tensor? = nil) {
        let column: Shape = [x.shape[0], 1]
        precondition(
            x.rank == 2 && target.shape == x.shape && t.shape == column && (weight == nil || weight?.shape == column),
            "regression: x \(x.shape), t \(t.shape), target \(target.shape), weight \(weight?.shape ?? [])")
        self.x = x
        self.t = t
        self.target = target
        self.weight = weight
    }

    /// The loss of an answer [B, K], one number.
    public func loss(_ answer: Tensor) -> Tensor {
        guard let weight else { return Loss.meanSquaredError(answer, target) }
        return ((answer - target).square() * weight).mean()
    }

    /// Some of its rows.
    func rows(_ range: Range<Int>) -> Regression {
        func part(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, range) }
        return Regression(x: part(x), t: part(t), target: part(target), weight: weight.map(part))
    }
}
