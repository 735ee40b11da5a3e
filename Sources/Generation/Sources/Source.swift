import Basics
import Networks
import Tensors

/// The source distribution p0, in the coordinates in use: where samples and training paths start, t = 0.
public protocol Source: Sendable {
    /// K, the length of a draw.
    var dimension: Int { get }
    /// Draws codes [count, K]; all randomness comes from `stream`.
    func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor
    /// What was fitted, to be recorded beside the settings; each kind has an init that takes it back.
    var tensors: [NamedTensor] { get }
    /// Mean and deviations, each [] or [K], of a source that is a Gaussian of independent elements; nil of any other.
    var diagonal: DiagonalGaussian? { get }
}

extension Source {
    /// It is something else.
    public var diagonal: DiagonalGaussian? { nil }

    /// Its mean and deviations. Throws `DataError` (configuration, `source.kind`) for a source that has none, or is no
    /// wider than a point somewhere.
    func gaussian() throws -> DiagonalGaussian {
        if let diagonal, diagonal.std.doubles.allSatisfy({ $0 > 0 }) { return diagonal }
        throw DataError(
            .configuration, path: "source.kind",
            expected:
                "gaussian, or matched in coordinates that keep weights in their places, to tune the generator to a "
                + "reward",
            found: diagonal == nil ? "another source" : "a source without width in some elements",
            hint: "noise that forgets the start leads back to a Gaussian of independent elements")
    }

    /// Nothing was fitted.
    public var tensors: [NamedTensor] { [] }
}

/// N(mean, diag(std^2)), each [] or [K].
public struct DiagonalGaussian: Sendable {
    /// Where it lies.
    public let mean: Tensor
    /// How wide it is.
    public let std: Tensor

    /// Puts both together.
    public init(mean: Tensor = Tensor(0.0), std: Tensor) { (self.mean, self.std) = (mean, std) }
}

/// The settings of a kind of source, from which it is fitted, or made again from what was fitted.
public protocol SourceConfig: ComponentConfig {
    /// The source fitted to training networks [N, D]. Throws `DataError` where they are not finite.
    func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source
    /// The source from recorded tensors. Throws `DataError` where they are not its own.
    func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source
    /// Whether the source is N(0, std^2 I), which stochastic sampling needs.
    var isGaussian: Bool { get }
    /// The step of training at which networks are what the source draws, 0 for initialisations; nil for what no
    /// training passes through.
    var startStep: Int64? { get }
    /// Whether it is fitted to checkpoints.
    var needsCheckpoints: Bool { get }
    /// The source in a few words; `std` is that of a Gaussian source.
    func summary(std: String) -> String
    /// What is wrong, where the networks are known to have been drawn by a rule before their training, or are not.
    func problems(knowing initialization: Initialization?) -> [ConfigProblem]
}

extension SourceConfig {
    /// It is something else.
    public var isGaussian: Bool { false }
    /// No training passes there.
    public var startStep: Int64? { nil }
    /// Networks will do.
    public var needsCheckpoints: Bool { false }
    /// The rule does not matter.
    public func problems(knowing initialization: Initialization?) -> [ConfigProblem] { [] }
}

/// Where a source draws its codes, and what its nulls stand for.
public struct CodeSpace: Sendable {
    /// Where the networks' weights lie.
    public let layout: ParameterLayout
    /// What codes mean.
    public let coordinates: any StoredCoordinates
    /// Whether codes have a standard deviation of about 1.
    public let isStandardized: Bool
    /// Standard deviation in which a diffusion's noise ends; nil for a flow.
    public let endStd: Double?
    /// How the networks were drawn before their training, where that is known.
    public let initialization: Initialization?
    /// The checkpoints of the training networks, where they are known.
    public var checkpoints: RunCheckpoints?

    /// Puts the facts together.
    public init(
        layout: ParameterLayout, coordinates: any StoredCoordinates, isStandardized: Bool, endStd: Double? = nil,
        initialization: Initialization? = nil
    ) {
        (self.layout, self.coordinates, self.isStandardized) = (layout, coordinates, isStandardized)
        (self.endStd, self.initialization) = (endStd, initialization)
    }

    /// A recorded tensor; throws `DataError` in the name of the source where it does not fit.
    func find(_ name: String, in tensors: [NamedTensor], _ fits: (Tensor) -> Bool) throws -> Tensor {
        guard let value = tensors.first(where: { $0.name == name })?.value, fits(value), value.isFinite else {
            throw DataError(
                .malformed, path: "source", expected: "\(name) for codes of \(coordinates.dimension)",
                found: tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", "))
        }
        return value
    }
}

extension RandomStream {
    /// A seed for a stream of its own.
    mutating func seed() -> UInt64 {
        let high = UInt64(integer(below: Int(UInt32.max)))
        return high << 32 | UInt64(integer(below: Int(UInt32.max)))
    }
}
