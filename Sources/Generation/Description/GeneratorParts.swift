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
    /// The net, untrained.
    public let net: any VelocityNet
    private let space: CodeSpace

    /// Makes the net; `initialization` is how the networks were drawn before their training, where that is known.
    ///
    /// Throws `DataError` where no process can be made for codes of that width, or no net for such networks.
    public init(
        _ description: GeneratorDescription, layout: ParameterLayout, coordinates: any StoredCoordinates,
        codeStd: Double, initialization: Initialization? = nil
    ) throws {
        let process = description.process.member
        try process.check(codeStd: codeStd)
        (self.description, self.coordinates, self.codeStd) = (description, coordinates, codeStd)
        net = try description.net.member.net(dimension: coordinates.dimension, layout: layout)
        space = CodeSpace(
            layout: layout, coordinates: coordinates, isStandardized: description.coordinates.isStandardized,
            endStd: try process.startStd(codeStd: codeStd), initialization: initialization)
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
        try description.process.member.sampler(description.sampling, source, codeStd: codeStd)
    }

    /// A sentence where the sampler's steps are too few for what it should give, or nil.
    public func samplingDoubt() throws -> String? {
        try description.process.member.doubt(description.sampling, codeStd: codeStd)
    }

    /// The generator with trained weights [net.layout.count].
    public func generator(_ parameters: Tensor, _ source: any Source) throws -> Generator {
        Generator(
            coordinates: coordinates, net: net, parameters: parameters, source: source, sampler: try sampler(source))
    }
}
