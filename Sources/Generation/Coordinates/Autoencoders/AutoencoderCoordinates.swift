import Basics
import Networks
import Tensors

/// The codes of a trained autoencoder: its posterior means.
///
/// Not a bijection: what decoded networks are still worth has to be measured.
public struct AutoencoderCoordinates: StoredCoordinates {
    /// The pair of nets.
    public let autoencoder: any Autoencoder
    private let weights: Parameters

    /// Rows in one pass, which bounds memory.
    private static let block = 25

    /// K.
    public var dimension: Int { autoencoder.dimension }
    /// D.
    public var parameterCount: Int { autoencoder.parameterCount }

    /// Puts a pair and its trained parameters [layout.count] together; traps when lengths differ.
    public init(autoencoder: any Autoencoder, parameters: Tensor) {
        precondition(
            parameters.shape == [autoencoder.layout.count],
            "AutoencoderCoordinates: parameters \(parameters.shape) for \(autoencoder.layout.count)")
        self.autoencoder = autoencoder
        weights = Parameters(layout: autoencoder.layout, flat: parameters)
    }

    /// Takes the recorded tensor `parameters`; throws a `DataError` unless it is finite and of the pair's length.
    public init(autoencoder: any Autoencoder, tensors: [NamedTensor]) throws {
        let flat = try tensors.fitted("parameters", shape: [autoencoder.layout.count], of: "autoencoder")
        self.init(autoencoder: autoencoder, parameters: flat.converted(to: .single))
    }

    /// The pair's `parameters`.
    public var tensors: [NamedTensor] { [NamedTensor("parameters", weights.flat)] }

    /// Weights [N, D] to codes [N, K].
    public func encode(_ weights: Tensor) -> Tensor {
        blockwise(weights, width: dimension) { autoencoder.encode(self.weights, $0) }
    }

    /// Codes [N, K] to weights [N, D].
    public func decode(_ codes: Tensor) -> Tensor {
        blockwise(codes, width: parameterCount) { autoencoder.decode(weights, $0) }
    }

    private func blockwise(_ rows: Tensor, width: Int, _ f: (Tensor) -> Tensor) -> Tensor {
        let count = rows.shape[0]
        let parts = stride(from: 0, to: count, by: Self.block).map {
            f(rows.sliced(axis: 0, $0..<min(count, $0 + Self.block)))
        }
        return parts.isEmpty ? .zeros([0, width]) : .concatenate(parts, axis: 0)
    }
}

/// The settings of an autoencoder's pair of nets.
public protocol AutoencoderSettings: ComponentConfig {
    /// The training that suits them.
    static var training: TrainingConfig { get }
    /// What keeps codes smooth.
    var regularization: LatentRegularization { get }
    /// The kind with the length of a code, in a few words.
    var shortName: String { get }
    /// The pair for networks of a layout. Traps where `problems()` has any.
    func autoencoder(for layout: ParameterLayout) -> any Autoencoder
}

/// An autoencoder's settings as coordinates: the nets', and how they are trained before the generator.
///
/// Weights are standardised slot by slot before the encoder, codes dimension by dimension after it.
public struct LatentConfig<Net: AutoencoderSettings>: CoordinatesConfig {
    /// The nets.
    public var net = Net()
    /// Their training.
    public var training = Net.training

    /// The nets' defaults.
    public init() {}

    /// The nets' keys, and a section `training`.
    public static var keys: [ConfigKey] { Net.keys + .section("training", TrainingConfig.self) }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        let problems = net.problems() + training.problems().under("training")
        guard net.regularization.klWeight > 0, net.regularization.latentNoise != Net().regularization.latentNoise else {
            return problems
        }
        return problems + [
            ConfigProblem(
                "latentNoise", expected: "not to be set with klWeight above 0, where the encoder says the noise",
                found: "\(net.regularization.latentNoise)")
        ]
    }

    private enum CodingKeys: String, CodingKey { case training }

    /// Reads both from one section.
    public init(from decoder: any Decoder) throws {
        net = try Net(from: decoder)
        training = try decoder.container(keyedBy: CodingKeys.self).decode(TrainingConfig.self, forKey: .training)
    }

    /// Writes both into one section.
    public func encode(to encoder: any Encoder) throws {
        try net.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(training, forKey: .training)
    }
}

extension LatentConfig {
    /// Trains the pair on slot-standardised networks [N, D]; the codes are standardised.
    public func fit(
        _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
    ) throws -> any StoredCoordinates {
        let autoencoder = net.autoencoder(for: fitting.layout)
        let first = try fitting.bySlot(rows)
        let seen = first.encode(rows)
        let parameters = try fitting.train(autoencoder, training, seen, validation.map(first.encode))
        let second = AutoencoderCoordinates(autoencoder: autoencoder, parameters: parameters)
        return ChainedCoordinates([first, second, try fitting.standardized(second.encode(seen))])
    }

    /// Slots, the pair and the codes' standardisation, parts 0 to 2.
    public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
        func part(_ index: Int) -> [NamedTensor] { ChainedCoordinates.tensors(ofPart: index, in: tensors) }
        return try fitting.chained([
            SlotStandardizedCoordinates(layout: fitting.layout, tensors: part(0)),
            AutoencoderCoordinates(autoencoder: net.autoencoder(for: fitting.layout), tensors: part(1)),
            StandardizedCoordinates(tensors: part(2)),
        ])
    }

    /// How the pair is trained.
    public var autoencoderTraining: TrainingConfig? { training }
    /// Codes are.
    public var isStandardized: Bool { true }
    /// Decoding always may lose something.
    public func isLossy(among count: Int) -> Bool { true }
    /// The nets' own.
    public var shortName: String { net.shortName }
}
