import Networks

/// How a zoo is trained: a complete description, from which the same zoo comes out again byte for byte.
///
/// One recipe is one combination of settings; a grid over settings is several recipes (`ZooTraining`).
public struct ZooRecipe: Sendable, Equatable {
    /// How many networks of which split, and from which seeds.
    public struct Networks: Codable, Sendable, Equatable {
        /// Networks that generators may learn from.
        public var train = 100
        /// Networks that choose settings.
        public var validation = 10
        /// Fresh networks, which nothing learns from.
        public var test = 30
        /// Seed of the first; each has its own.
        public var firstSeed = 0

        /// 100, 10 and 30.
        public init() {}

        /// Total number of networks.
        public var count: Int { train + validation + test }
    }

    /// Which checkpoints of a network are recorded as its trajectory.
    public struct Checkpoints: Codable, Sendable, Equatable {
        /// Every so many epochs, with the initialisation and the last epoch; 0 records none of these.
        public var every = 0
        /// After each of so many last steps; 0 records none of these.
        public var last = 0

        /// No trajectory: no checkpoints are recorded.
        public init() {}

        /// Whether any are recorded.
        var areKept: Bool { every > 0 || last > 0 }
    }

    /// Which of a network's checkpoints the zoo keeps as its weights.
    public enum Selection: String, Codable, Sendable, CaseIterable {
        /// The last.
        case last
        /// The best on the validation rows, the earliest of equals; never looks at the test rows.
        case bestValidation = "best-validation"
    }

    /// Where inputs and labels come from.
    public var dataset = Data()
    /// Many tasks made of the data's classes, or the one task that the data is.
    public var tasks = Tasks()
    /// The architecture of every network.
    public var architecture = Architecture.mlp(MLP.Config(widths: [64, 32, 32, 10]))
    /// How weights are drawn before training.
    public var initialization = Initialization.heUniform
    /// How each network is optimised.
    public var training = Optimization()
    /// How many networks of each split, and their seeds.
    public var networks = Networks()
    /// What is recorded on the way.
    public var checkpoints = Checkpoints()
    /// Which checkpoint is kept.
    public var selection = Selection.bestValidation

    /// The committed digits zoo's recipe.
    public init() {}

    /// Total number of networks, of each task where there are several.
    public var count: Int { networks.count }

    /// An MLP's widths, input to output; none of another architecture. Setting makes it an MLP; traps on impossible
    /// widths.
    public var widths: [Int] {
        get { mlp?.widths ?? [] }
        set {
            var config = mlp ?? MLP.Config(widths: newValue)
            precondition(MLP.Config.isPossible(newValue), "ZooRecipe: widths \(newValue)")
            config.widths = newValue
            architecture = .mlp(config)
        }
    }

    private var mlp: MLP.Config? { architecture.config as? MLP.Config }
}

/// An MLP has a short form: `widths` and `activation` among the other keys stand for those of `architecture`.
extension ZooRecipe: Codable {
    private enum CodingKeys: String, CodingKey {
        case dataset, tasks, architecture, widths, activation, initialization, training, networks, checkpoints,
            selection
    }

    /// Reads the general or the short form; throws where the short form is given for another architecture than an MLP.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        dataset = try fields.decode(Data.self, forKey: .dataset)
        tasks = try fields.decode(Tasks.self, forKey: .tasks)
        architecture = try fields.decode(Architecture.self, forKey: .architecture)
        initialization = try fields.decode(Initialization.self, forKey: .initialization)
        training = try fields.decode(Optimization.self, forKey: .training)
        networks = try fields.decode(Networks.self, forKey: .networks)
        checkpoints = try fields.decode(Checkpoints.self, forKey: .checkpoints)
        selection = try fields.decode(Selection.self, forKey: .selection)
        try take(
            widths: fields.decodeIfPresent([Int].self, forKey: .widths),
            activation: fields.decodeIfPresent(Activation.self, forKey: .activation), fields)
    }

    private mutating func take(
        widths: [Int]?, activation: Activation?, _ fields: KeyedDecodingContainer<CodingKeys>
    ) throws {
        guard widths != nil || activation != nil else { return }
        func refuse(_ key: CodingKeys, _ problem: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: fields, debugDescription: problem)
        }
        guard var config = mlp else {
            throw refuse(
                widths == nil ? .activation : .widths,
                "a setting of MLPs, for architecture.kind \(architecture.config.kind)")
        }
        if let widths {
            guard MLP.Config.isPossible(widths) else {
                throw refuse(.widths, "\(widths): two or more, all positive, and at most 2^31 weights")
            }
            config.widths = widths
        }
        if let activation { config.activation = activation }
        architecture = .mlp(config)
    }

    /// Writes the general form.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(dataset, forKey: .dataset)
        try fields.encode(tasks, forKey: .tasks)
        try fields.encode(architecture, forKey: .architecture)
        try fields.encode(initialization, forKey: .initialization)
        try fields.encode(training, forKey: .training)
        try fields.encode(networks, forKey: .networks)
        try fields.encode(checkpoints, forKey: .checkpoints)
        try fields.encode(selection, forKey: .selection)
    }
}
