import Networks

/// How a zoo is trained: a complete description, from which the same zoo comes out again byte for byte.
public struct ZooRecipe: Codable, Sendable, Equatable {
    /// Where inputs and labels come from.
    public struct Data: Codable, Sendable, Equatable {
        /// Name of a data set, or path of a CSV file.
        public var name = "digits"
        /// Inputs are raw * scale + shift.
        public var scale: PerFeature = 0.0625
        /// Inputs are raw * scale + shift.
        public var shift: PerFeature = 0
        /// Share of each class for validation, or of the official training part.
        public var validation = 0.2
        /// Share of each class for testing; 0 takes the official test part.
        public var test = 0.2
        /// Key of the division.
        public var seed = 0

        /// The digits.
        public init() {}
    }

    /// How each network is optimised.
    public struct Optimization: Codable, Sendable, Equatable {
        /// Adam's learning rate.
        public var rate = 3e-3
        /// Decoupled weight decay.
        public var decay = 0.0
        /// Samples in a minibatch; every network draws its own.
        public var batch = 32
        /// Passes over the training rows.
        public var epochs = 60

        /// Adam, 3e-3, batch 32, 60 epochs.
        public init() {}
    }

    /// How many networks of which split, and from which seeds.
    public struct Networks: Codable, Sendable, Equatable {
        /// Networks that generators may learn from.
        public var train = 100
        /// Networks that choose settings.
        public var validation = 10
        /// Held-out fresh networks.
        public var test = 30
        /// Seed of the first; each has its own.
        public var firstSeed = 0

        /// 100, 10 and 30.
        public init() {}
    }

    /// Which of a network's checkpoints the zoo keeps.
    public enum Selection: String, Codable, Sendable, CaseIterable {
        /// The last.
        case last
        /// The best on the validation rows, the earliest of equals; never looks at the test rows.
        case bestValidation = "best-validation"
    }

    /// Where inputs and labels come from.
    public var dataset = Data()
    /// Widths, input to output.
    public var widths = [64, 32, 32, 10]
    /// Nonlinearity.
    public var activation = Activation.relu
    /// How weights are drawn before training.
    public var initialization = Initialization.heUniform
    /// How each network is optimised.
    public var training = Optimization()
    /// How many networks.
    public var networks = Networks()
    /// Which checkpoint is kept.
    public var selection = Selection.bestValidation

    /// The committed digits zoo's recipe.
    public init() {}

    /// The networks' architecture.
    public var architecture: Architecture { .mlp(MLP.Config(widths: widths, activation: activation)) }

    /// Total number of networks.
    public var count: Int { networks.train + networks.validation + networks.test }
}
