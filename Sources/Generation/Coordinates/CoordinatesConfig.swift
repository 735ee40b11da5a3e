import Basics
import Networks
import Tensors

/// The settings of a kind of coordinates, from which they are fitted, or made again from what was fitted.
public protocol CoordinatesConfig: ComponentConfig {
    /// Coordinates of training networks [N, D]; validation networks [M, D] say when an autoencoder stops. Throws
    /// `DataError` where there is nothing to fit.
    func fit(_ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting) throws -> any StoredCoordinates
    /// Coordinates that were fitted before. Throws `DataError` where the tensors are not theirs.
    func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates
    /// How an autoencoder is trained; nil for what is not trained.
    var autoencoderTraining: TrainingConfig? { get }
    /// Whether the fit wants to run networks on training rows.
    var needsBehaviour: Bool { get }
    /// Whether a code is laid out like a network, each number in the place of a weight: what a net needs that knows
    /// the layout.
    var keepsPlaces: Bool { get }
    /// Where the numbers of a code lie that keeps places, of networks of a layout.
    func codeLayout(_ layout: ParameterLayout) -> ParameterLayout
    /// Whether codes have a standard deviation of about 1.
    var isStandardized: Bool { get }
    /// Whether encoding and decoding may change a network among `count` training networks.
    func isLossy(among count: Int) -> Bool
    /// The kind in a few words, for the tables of arms.
    var shortName: String { get }
}

extension CoordinatesConfig {
    /// Nothing is trained.
    public var autoencoderTraining: TrainingConfig? { nil }
    /// It looks at weights alone.
    public var needsBehaviour: Bool { false }
    /// A code is something else.
    public var keepsPlaces: Bool { false }
    /// Where the weights do.
    public func codeLayout(_ layout: ParameterLayout) -> ParameterLayout { layout }
    /// Nothing is lost.
    public func isLossy(among count: Int) -> Bool { false }
}

/// What fitting coordinates needs beside their settings and the networks.
public struct CoordinatesFitting {
    /// Trains an autoencoder on standardised rows [N, D] and returns its weights, [layout.count].
    public typealias Train = (
        _ autoencoder: any Autoencoder, _ config: TrainingConfig, _ rows: Tensor, _ validation: Tensor?
    ) throws -> Tensor

    /// Where the networks' weights lie.
    public let layout: ParameterLayout
    /// What messages name: a file of networks, or of tensors.
    public let path: String
    /// What the networks compute; nil where that is not known.
    public let behaviour: NetworkBehaviour?
    /// How an autoencoder is trained.
    public let train: Train

    /// Fits networks of a layout.
    public init(
        layout: ParameterLayout, path: String, behaviour: NetworkBehaviour? = nil, train: @escaping Train
    ) {
        (self.layout, self.path, self.behaviour, self.train) = (layout, path, behaviour, train)
    }

    /// Fits networks of a layout; an autoencoder is trained from a seed to its end.
    public init(
        layout: ParameterLayout, path: String = "weights", behaviour: NetworkBehaviour? = nil, seed: UInt64
    ) {
        self.init(layout: layout, path: path, behaviour: behaviour) { autoencoder, config, rows, validation in
            let training = AutoencoderTraining(config: config, autoencoder: autoencoder, seed: seed)
            var state = training.start()
            let outcome = training.run(&state, rows: rows, validation: validation) { _ in true }
            if case .diverged = outcome { return state.kept ?? training.start().parameters }
            return state.samplingParameters
        }
    }

    /// One mean and scale a tensor, of rows [N, D].
    func bySlot(_ rows: Tensor) throws -> SlotStandardizedCoordinates {
        try known(SlotStandardizedCoordinates(fitting: rows, layout: layout))
    }

    /// One mean and scale a dimension, of codes [N, K].
    func standardized(_ codes: Tensor) throws -> StandardizedCoordinates {
        try known(StandardizedCoordinates(fitting: codes))
    }

    /// What was fitted; throws `DataError` where numbers that are not finite left nothing to fit.
    func known<Fitted>(_ fitted: Fitted?) throws -> Fitted {
        guard let fitted else {
            throw DataError(
                .malformed, path: path, problem: "the training networks, or codes of them, are not finite")
        }
        return fitted
    }

    /// The chain of parts that were read; throws `DataError` where one does not take the codes of the part before it.
    func chained(_ parts: [any StoredCoordinates]) throws -> any StoredCoordinates {
        guard zip(parts, parts.dropFirst()).allSatisfy({ $0.dimension == $1.parameterCount }) else {
            throw DataError(
                .malformed, path: path, expected: "parts that take each other's codes",
                found: parts.map { "\($0.parameterCount) to \($0.dimension)" }.joined(separator: ", "))
        }
        return ChainedCoordinates(parts)
    }
}
