import Basics
import Networks
import Tensors

/// A graph autoencoder's settings as coordinates: the nets', and how they are trained before the generator.
///
/// Weights are standardised orbit by orbit before the encoder, which keeps reordering units out of the codes, and codes
/// dimension by dimension after it. The zoo need not be aligned: the decoder learns the order nearest to the first
/// training network's.
public struct GraphLatentConfig: CoordinatesConfig {
    /// The nets.
    public var net = GraphAutoencoder.Config()
    /// Their training.
    public var training = GraphAutoencoder.Config.training

    /// The nets' defaults.
    public init() {}

    /// The nets' keys, and a section `training`.
    public static var keys: [ConfigKey] {
        GraphAutoencoder.Config.keys + .section("training", TrainingConfig.self)
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        let problems = net.problems() + training.problems().under("training")
        guard net.klWeight > 0, net.latentNoise != GraphAutoencoder.Config().latentNoise else { return problems }
        return problems + [
            ConfigProblem(
                "latentNoise", expected: "not to be set with klWeight above 0, where the encoder says the noise",
                found: "\(net.latentNoise)")
        ]
    }

    private enum CodingKeys: String, CodingKey { case training }

    /// Reads both from one section.
    public init(from decoder: any Decoder) throws {
        net = try GraphAutoencoder.Config(from: decoder)
        training = try decoder.container(keyedBy: CodingKeys.self).decode(TrainingConfig.self, forKey: .training)
    }

    /// Writes both into one section.
    public func encode(to encoder: any Encoder) throws {
        try net.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(training, forKey: .training)
    }
}

extension GraphLatentConfig {
    /// Trains the pair on networks [N, D] in their canonical order; the codes are standardised.
    ///
    /// Throws `DataError` where the layout is not a graph of units, or what networks compute counts and is not known.
    public func fit(
        _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
    ) throws -> any StoredCoordinates {
        try check(fitting)
        let first = try fitting.known(OrbitStandardizedCoordinates(fitting: rows, layout: fitting.layout))
        let order = try CanonicalOrder(
            reference: rows.sliced(axis: 0, 0..<1).floats, layout: fitting.layout)
        let seen = first.encode(try order(rows))
        let autoencoder = GraphAutoencoder(
            parameters: fitting.layout, config: net, mean: seen.mean(axes: [0]),
            behaviour: try behaviour(fitting, rows: rows, first: first))
        let parameters = try fitting.train(
            autoencoder, training, seen, validation.map { first.encode(try order($0)) })
        let second = AutoencoderCoordinates(autoencoder: autoencoder, parameters: parameters)
        return ChainedCoordinates([first, second, try fitting.standardized(second.encode(seen))])
    }

    /// Orbits, the pair and the codes' standardisation, parts 0 to 2.
    public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
        try checkGraph(fitting)
        func part(_ index: Int) -> [NamedTensor] { ChainedCoordinates.tensors(ofPart: index, in: tensors) }
        return try fitting.chained([
            try fitting.known(OrbitStandardizedCoordinates(layout: fitting.layout, tensors: part(0))),
            AutoencoderCoordinates(
                autoencoder: GraphAutoencoder(parameters: fitting.layout, config: net), tensors: part(1)),
            StandardizedCoordinates(tensors: part(2)),
        ])
    }

    /// What the loss knows of functions, nil where they do not count.
    private func behaviour(
        _ fitting: CoordinatesFitting, rows: Tensor, first: OrbitStandardizedCoordinates
    ) throws -> BehaviourError? {
        guard net.functionError > 0, let behaviour = fitting.behaviour else { return nil }
        let variance = behaviour.variance(of: rows)
        guard variance.isFinite, variance > 0 else {
            throw DataError(
                .malformed, path: fitting.path, expected: "training networks whose logits differ",
                found: "a variance of \(variance)", hint: "set coordinates.functionError to 0")
        }
        return BehaviourError(
            behaviour: behaviour, variance: variance, weights: { first.decode($0) }, rowCount: net.functionRows)
    }

    private func check(_ fitting: CoordinatesFitting) throws {
        try checkGraph(fitting)
        guard net.functionError > 0, fitting.behaviour == nil else { return }
        throw DataError(
            .configuration, path: "coordinates.functionError",
            expected: "0 where networks cannot be run by their weights on training rows",
            found: "\(net.functionError)",
            hint: "it needs a zoo that names its data, and networks without batch norms")
    }

    private func checkGraph(_ fitting: CoordinatesFitting) throws {
        guard !GraphAutoencoder.reads(fitting.layout) else { return }
        throw DataError(
            .configuration, path: "coordinates.kind", expected: "coordinates that read these networks",
            found: "graph-autoencoder, and a tensor with more than two axes of neurons",
            hint: "coordinates: {kind: autoencoder} takes any weights")
    }

    /// How the pair is trained.
    public var autoencoderTraining: TrainingConfig? { training }
    /// Whether the fit wants to run networks.
    public var needsBehaviour: Bool { net.functionError > 0 }
    /// Codes are.
    public var isStandardized: Bool { true }
    /// Decoding always may lose something.
    public func isLossy(among count: Int) -> Bool { true }
    /// The kind with the length of a code.
    public var shortName: String { "graph code of \(net.slots * net.latent)" }
}
