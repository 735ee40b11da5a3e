import Basics
import Networks
import Tensors

/// A generator's parts as a description asks for them, once its coordinates are fitted.
public struct GeneratorParts: Sendable {
    /// What is to be made.
    public let description: GeneratorDescription
    /// What codes mean.
    public let coordinates: any StoredCoordinates
    /// Root mean square of the training networks' codes.
    public let codeStd: Double
    /// What can be asked of networks; nil where nothing can.
    public let conditions: ConditionFacts?
    /// The net, untrained; a `ConditionalNet` where something can be asked.
    public let net: any VelocityNet
    /// The times of the runs' knots, where the process learns from such.
    public var knots: [Double] = []
    private var space: CodeSpace

    /// The checkpoints of the training networks, where they are known: what some sources are fitted to.
    public var checkpoints: RunCheckpoints? {
        get { space.checkpoints }
        set { space.checkpoints = newValue }
    }

    /// Makes the net.
    ///
    /// - initialization: how the networks were drawn before their training, where that is known.
    /// - conditions: what training has seen of the conditions, where the description has any.
    ///
    /// Throws `DataError` where no process can be made for codes of that width, or no net for such networks; where the
    /// description has conditions of which nothing is known, or tasks have more classes than the networks outputs.
    public init(
        _ description: GeneratorDescription, layout: ParameterLayout, coordinates: any StoredCoordinates,
        codeStd: Double, initialization: Initialization? = nil, conditions: ConditionFacts? = nil
    ) throws {
        let process = description.process.member
        try process.check(codeStd: codeStd)
        (self.description, self.coordinates, self.codeStd) = (description, coordinates, codeStd)
        self.conditions = description.conditions.isEmpty ? nil : conditions
        net = try Self.net(
            description, dimension: coordinates.dimension, layout: description.coordinates.member.codeLayout(layout),
            conditions)
        space = CodeSpace(
            layout: layout, coordinates: coordinates, isStandardized: description.coordinates.isStandardized,
            endStd: try process.startStd(codeStd: codeStd), initialization: initialization)
    }

    /// The net by itself, or with the encoder of its conditions.
    private static func net(
        _ description: GeneratorDescription, dimension: Int, layout: ParameterLayout, _ facts: ConditionFacts?
    ) throws -> any VelocityNet {
        let (config, member) = (description.conditions, description.net.member)
        if config.isEmpty { return try member.net(dimension: dimension, layout: layout) }
        guard let facts else {
            throw DataError(
                .configuration, path: "conditions", problem: "the networks come without conditions",
                hint: "give one a network, or set the kinds of label, number and support to none")
        }
        try facts.check(against: config)
        let tokens = member.classTokens(layout)
        if let tokens, let support = facts.support, support.classes > tokens {
            throw DataError(
                .configuration, path: "conditions.support",
                expected: "at most \(tokens) classes, the networks' outputs",
                found: "\(support.classes)")
        }
        let base = try member.conditionalNet(dimension: dimension, layout: layout, features: config.width)
        return ConditionalNet(base, config, facts: facts, classTokens: tokens)
    }

    /// The source fitted to training networks [N, D]. Throws `DataError` where they are not finite.
    public func source(_ weights: Tensor) throws -> any Source {
        try description.source.member.fit(weights, in: space)
    }

    /// The source from recorded tensors. Throws `DataError` where they are not its own.
    public func source(_ tensors: [NamedTensor]) throws -> any Source {
        try description.source.member.read(tensors, in: space)
    }

    /// What the net learns.
    public func objective(_ source: any Source) throws -> any Objective {
        try description.process.member.objective(source, codeStd: codeStd)
    }

    /// How samples are drawn with the trained net.
    public func sampler(_ source: any Source) throws -> any Sampler {
        try description.process.member.sampler(
            description.sampling, source, codeStd: codeStd, knots: knots)
    }

    /// A sentence where the sampler's steps are too few for what it should give, or nil.
    public func samplingDoubt() throws -> String? {
        try description.process.member.doubt(description.sampling, codeStd: codeStd)
    }

    /// The generator with trained weights [net.layout.count], guided by those of an earlier step where there are any.
    public func generator(_ parameters: Tensor, _ source: any Source, guide: Tensor? = nil) throws -> Generator {
        let guided = guide.map { AutoguidedNet(net, early: $0, weight: description.sampling.autoguidance ?? 1) }
        return Generator(
            coordinates: coordinates, net: guided ?? net, parameters: parameters, source: source,
            sampler: try sampler(source), guidance: description.sampling.guidance ?? 1)
    }
}
