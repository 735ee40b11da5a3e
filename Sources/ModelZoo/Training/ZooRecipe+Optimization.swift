import Networks
import Tensors

extension ZooRecipe {
    /// How each network is optimised.
    public struct Optimization: Codable, Sendable, Equatable {
        /// What moves the weights.
        public enum Method: String, Codable, Sendable, CaseIterable {
            /// Adam with decoupled weight decay; Adam itself at decay 0.
            case adamW = "adamw"
            /// Adam with weight decay as part of the gradient.
            case adam
            /// Gradient descent, with momentum if asked.
            case sgd
        }

        /// How the rate changes over the steps.
        public enum Curve: String, Codable, Sendable, CaseIterable {
            /// Not at all.
            case constant
            /// Half a cosine from `rate` to `finalRate`.
            case cosine
            /// PyTorch's OneCycleLR with `rate` as its peak.
            case oneCycle = "one-cycle"
            /// Times `gamma` at each of `milestones`.
            case multiStep = "multi-step"
        }

        /// What moves the weights.
        public var optimizer = Method.adamW
        /// Learning rate after the warm-up.
        public var rate = 3e-3
        /// Weight decay, decoupled for AdamW and an L2 penalty else.
        public var decay = 0.0
        /// Share of SGD's last step that the next one keeps.
        public var momentum = 0.0
        /// Whether SGD follows the gradient from where momentum leads.
        public var nesterov = false
        /// Samples in a minibatch; every network draws its own.
        public var batch = 32
        /// Passes over the training rows.
        public var epochs = 60
        /// How the rate changes.
        public var schedule = Curve.constant
        /// Learning rate at which the cosine ends.
        public var finalRate = 0.0
        /// Epochs at which the rate falls.
        public var milestones: [Int] = []
        /// Factor of the rate at each milestone.
        public var gamma = 0.1
        /// Epochs in which the rate rises from 0 before the schedule begins.
        public var warmUp = 0
        /// Share of the targets that goes to all classes evenly.
        public var smoothing = 0.0
        /// Largest length of a network's gradient; 0 is any.
        public var clip = 0.0
        /// Epochs without a better validation accuracy after which a network stops; 0 is never.
        public var patience = 0

        /// Adam, 3e-3, batch 32, 60 epochs.
        public init() {}
    }
}

extension ZooRecipe.Optimization {
    /// The settings of a population's trainer with so many training rows.
    func settings(rows: Int) -> PopulationTrainer.Settings {
        PopulationTrainer.Settings(
            batch: batch, epochs: epochs, schedule: makeSchedule(stepsPerEpoch: stepsPerEpoch(rows: rows)),
            clip: clip == 0 ? nil : .norm(clip), purpose: "zoo", optimizer: makeOptimizer)
    }

    /// A fresh optimizer for a population of that shape.
    func makeOptimizer(shape: Shape) -> any Optimizer {
        switch optimizer {
        case .adamW: AdamW(shape: shape, decay: decay)
        case .adam: Adam(shape: shape, decay: decay)
        case .sgd: SGD(shape: shape, momentum: momentum, isNesterov: nesterov, decay: decay)
        }
    }

    /// The rate of every step where an epoch has that many.
    func makeSchedule(stepsPerEpoch: Int) -> any Schedule {
        let warm = warmUp * stepsPerEpoch
        let steps = max(1, epochs * stepsPerEpoch - warm)
        let main: any Schedule =
            switch schedule {
            case .constant: ConstantSchedule(rate)
            case .cosine: CosineSchedule(from: rate, to: finalRate, steps: steps)
            case .oneCycle: OneCycleSchedule(peak: rate, steps: steps)
            case .multiStep:
                MultiStepSchedule(rate, milestones: milestones.map { $0 * stepsPerEpoch - warm }, gamma: gamma)
            }
        return warm == 0 ? main : WarmUpSchedule(steps: warm, then: main)
    }

    /// Steps in an epoch of `rows` training rows: rows / batch, rounded; at least one.
    func stepsPerEpoch(rows: Int) -> Int { PopulationTrainer.stepsPerEpoch(rows: rows, batch: batch) }
}
