import Basics
import Networks
import Tensors

/// Everything a generator is: coordinates, source, process, net, training, sampling. Any generator can be made from it.
///
///     var description = GeneratorDescription()
///     description.net = Described(ResidualMLP.Config())
///     let generator = try description.train(on: weights, layout: layout, seed: 1)
public struct GeneratorDescription: ComponentConfig {
    /// What the generator sees of a network.
    public var coordinates = Described<CoordinatesFamily>()
    /// Where samples start.
    public var source = Described<SourceFamily>()
    /// How the source becomes data: a flow or a diffusion.
    public var process = Described<ProcessFamily>()
    /// The net that learns it; its section is called `generator`.
    public var net = Described<VelocityNetFamily>()
    /// What can be asked of new networks.
    public var conditions = ConditionsConfig()
    /// Training it.
    public var training = TrainingConfig()
    /// Drawing new networks.
    public var sampling = SamplingConfig()

    /// DeepWeightFlow's (2026): an MLP that learns a flow of principal components.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case coordinates, source, process, conditions, training, sampling
        case net = "generator"
    }

    /// The sections.
    public static let keys: [ConfigKey] =
        .section("coordinates", Described<CoordinatesFamily>.self) + .section("source", Described<SourceFamily>.self)
        + .section("process", Described<ProcessFamily>.self) + .section("generator", Described<VelocityNetFamily>.self)
        + .section("conditions", ConditionsConfig.self) + .section("training", TrainingConfig.self)
        + .section("sampling", SamplingConfig.self)

    /// What is wrong in each section, and what does not go together.
    public func problems() -> [ConfigProblem] { problems(knowing: nil) }

    /// The same where the networks are known to have been drawn by a rule before their training.
    public func problems(knowing initialization: Initialization?) -> [ConfigProblem] {
        coordinates.problems().under("coordinates") + source.problems().under("source")
            + process.problems().under("process") + net.problems().under("generator")
            + conditions.problems().under("conditions") + training.problems().under("training")
            + combinationProblems(initialization)
    }

    /// What does not go together: each with the reason and what to set.
    private func combinationProblems(_ initialization: Initialization?) -> [ConfigProblem] {
        sampling.problems(with: process.member, kind: process.kind).under("sampling") + netProblems()
            + sourceProblems(initialization) + conditionProblems() + guideProblems()
            + process.member.problems(coordinates: coordinates.member, source: source.member, sampling: sampling)
            + potentialProblems()
    }

    /// A net that knows the layout takes weights in their places.
    private func netProblems() -> [ConfigProblem] {
        guard net.needsPlaces, !coordinates.keepsPlaces else { return [] }
        return [
            ConfigProblem(
                "coordinates.kind",
                expected:
                    "orbit-standardized, input-directions, slot-standardized or raw with generator.kind: \(net.kind)",
                found: coordinates.shortName, hint: "its tokens are neurons, which codes do not have")
        ]
    }

    /// A guide needs weights that were put aside.
    private func guideProblems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if let weight = sampling.autoguidance, training.guideStep == nil {
            problems.append(
                ConfigProblem(
                    "sampling.autoguidance", expected: "null without training.guideStep", found: "\(weight)",
                    hint: "set training.guideStep to a tenth of training.steps or less"))
        }
        if let step = coordinates.autoencoderTraining?.guideStep {
            problems.append(
                ConfigProblem(
                    "coordinates.training.guideStep", expected: "null: an autoencoder draws no samples",
                    found: "\(step)"))
        }
        return problems
    }

    /// A diffusion has a source of its own; untrained networks need a rule.
    private func sourceProblems(_ initialization: Initialization?) -> [ConfigProblem] {
        guard process.isDiffusion, source != Described() else {
            return source.member.problems(knowing: initialization).under("source")
        }
        return [
            ConfigProblem(
                "source.kind", expected: "gaussian with std: null with process.kind: \(process.kind)",
                found: "another source", hint: "a diffusion starts where its noise ends")
        ]
    }
}

extension GeneratorDescription {
    /// Fits the coordinates and the source to training networks [N, D], trains the net, and puts the parts together.
    ///
    /// - conditions: what each network meets, where the description has conditions; a network's support set is all that
    ///   its task has, of which every step draws some examples.
    /// - validation: networks [M, D] whose loss may stop training (`training.patience`), with conditions of their own.
    /// - initialization: how the networks were drawn before their training, where that is known.
    /// - behaviour: what the networks compute, for coordinates that ask for it (`needsBehaviour`).
    /// - seed: of all randomness; the same seed gives the same generator.
    /// - observe: is handed every step of the net's training; false ends it there.
    ///
    /// A training that diverges leaves the weights of the last check that were finite, or the untrained ones.
    /// Throws `ConfigError` where `problems()` has any, and `DataError` where the networks leave nothing to learn.
    public func train(
        on weights: Tensor, layout: ParameterLayout, conditions: [Condition]? = nil, validation: Tensor? = nil,
        validationConditions: [Condition]? = nil, initialization: Initialization? = nil,
        behaviour: NetworkBehaviour? = nil, seed: UInt64, observe: (TrainingStep) throws -> Bool = { _ in true }
    ) throws -> Generator {
        let problems = problems(knowing: initialization)
        guard problems.isEmpty else { throw ConfigError(problems) }
        guard weights.rank == 2, weights.shape[0] >= 2, weights.shape[1] == layout.count else {
            throw DataError(
                .malformed, path: "weights", expected: "at least two networks of \(layout.count) weights",
                found: "\(weights.shape)")
        }
        guard !needsCheckpoints else { throw Self.checkpointsMissing }
        try net.member.check(layout)
        let told = try told(conditions, of: weights.shape[0], validationConditions, of: validation?.shape[0])
        let coordinates = try coordinates.member.fit(
            weights, validation: validation, CoordinatesFitting(layout: layout, behaviour: behaviour, seed: seed))
        let codes = coordinates.encode(weights)
        let parts = try GeneratorParts(
            self, layout: layout, coordinates: coordinates, codeStd: EDMConfig.dataStd(of: codes),
            initialization: initialization, conditions: told?.facts)
        let source = try parts.source(weights)
        let work = GeneratorTraining(
            config: training, net: parts.net, objective: try parts.objective(source), seed: seed,
            conditions: told?.training, validationConditions: told?.validation)
        var state = work.start()
        let outcome = try work.run(
            &state, codes: codes, validation: validation.map(coordinates.encode), observe: observe)
        if case .diverged = outcome { return try parts.generator(state.kept ?? work.start().parameters, source) }
        return try parts.generator(state.samplingParameters, source, guide: state.guide)
    }
}

extension GeneratorDescription {
    /// Reads the sections; those that were recorded before there were conditions have none.
    public init(from decoder: any Decoder) throws {
        let sections = try decoder.container(keyedBy: CodingKeys.self)
        coordinates = try sections.decode(Described<CoordinatesFamily>.self, forKey: .coordinates)
        source = try sections.decode(Described<SourceFamily>.self, forKey: .source)
        process = try sections.decode(Described<ProcessFamily>.self, forKey: .process)
        net = try sections.decode(Described<VelocityNetFamily>.self, forKey: .net)
        conditions = try sections.decodeIfPresent(ConditionsConfig.self, forKey: .conditions) ?? ConditionsConfig()
        training = try sections.decode(TrainingConfig.self, forKey: .training)
        sampling = try sections.decode(SamplingConfig.self, forKey: .sampling)
    }
}
