import Basics
import Networks
import Tensors

/// An autoencoder of networks as graphs: its codes do not depend on the order in which a network's units stand.
///
///     networks [B, D] -> GraphEncoder: blocks over units, S seeds -> m [B, S k], equal for all orders of the units
///     m -> GraphDecoder: a query a unit -> networks [B, D] in an order of the decoder's own
///
/// A code that knows no order cannot give it back, so the loss is taken up to reordering: the networks that it is trained on
/// stand in a canonical order (`CanonicalOrder`), which the encoder does not see and the decoder's queries learn, and what
/// networks compute, which no order changes, counts beside their weights (`BehaviourError`):
///
///     weightError mean (x' - x)^2 + functionError mean (f(x') - f(x))^2 / Var f + klWeight / D KL
///
/// both means in shares of what the mean network, or the mean function, gets wrong. K = S k.
///
/// Sources: FLoWN (Saragih et al., 2025) has a permutation-invariant graph autoencoder, whose details are not published;
/// Winter, Noé, Clevert, Permutation-invariant variational autoencoder for graph-level representation learning, 2021 (they
/// learn the matching of orders, here a canonical order takes its place); Meynent et al., Structure is not enough, 2025
/// (a loss on outputs beside the one on weights). The pieces are named at `GraphEncoder` and `GraphDecoder`.
public struct GraphAutoencoder: Autoencoder {
    /// Where the pair's parameters lie.
    public let layout: ParameterLayout
    /// D.
    public let parameterCount: Int
    /// Settings.
    public let config: Config
    private let encoder: GraphEncoder
    private let decoder: GraphDecoder
    private let mean: Tensor?
    private let behaviour: BehaviourError?

    /// K = S k.
    public var dimension: Int { config.slots * config.latent }
    /// What keeps the codes smooth.
    public var regularization: LatentRegularization { config.regularization }

    /// Whether a layout can be read as a graph of units: no slot has more than two permutable axes.
    public static func reads(_ layout: ParameterLayout) -> Bool { NeuronTokens(layout) != nil }

    /// Declares the layers for networks of a layout. Traps unless `reads(layout)`, it has weights, and the config has no
    /// problem.
    public init(parameters networks: ParameterLayout, config: Config = Config()) {
        self.init(parameters: networks, config: config, mean: nil, behaviour: nil)
    }

    /// - mean: the network that untrained decoders give, [D]; zeros where nothing is said.
    /// - behaviour: what the loss knows of functions; without it `functionError` counts nothing.
    init(parameters networks: ParameterLayout, config: Config, mean: Tensor?, behaviour: BehaviourError?) {
        guard let tokens = NeuronTokens(networks), networks.count > 0, config.problem == nil else {
            preconditionFailure("GraphAutoencoder: \(networks.count) weights, \(config.problem ?? "not a graph")")
        }
        var builder = ParameterLayout.Builder()
        let outputs = config.klWeight > 0 ? 2 * config.latent : config.latent
        encoder = GraphEncoder("encoder", tokens, out: outputs, config: config, layout: &builder)
        decoder = GraphDecoder(
            "decoder", tokens, parameterCount: networks.count, config: config, layout: &builder)
        layout = builder.layout()
        parameterCount = networks.count
        (self.config, self.mean, self.behaviour) = (config, mean, behaviour)
    }

    /// PyTorch's default initialisation; seeds, positions and queries N(0, 0.5^2), the decoder's heads a tenth and its mean
    /// that of the training networks.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "autoencoder.initialization")
        let closed = Set(decoder.closed.flatMap { [$0.weight] + ($0.bias.map { [$0] } ?? []) }.map(\.offset))
        let drawn = Initialization.pytorch.network(layout, stream) { slot in
            closed.contains(slot.offset) ? 0.1 : slot.role == .embedding ? 0.5 : 1
        }
        guard let mean else { return drawn }
        let range = decoder.mean.range
        return .concatenate(
            [
                drawn.sliced(axis: 0, 0..<range.lowerBound), mean,
                drawn.sliced(axis: 0, range.upperBound..<layout.count),
            ],
            axis: 0)
    }

    /// Mean and log variance [B, K] of the codes of x [B, D], the same for every order of its units up to rounding.
    public func posterior(_ parameters: Parameters, _ x: Tensor) -> (mean: Tensor, logVariance: Tensor?) {
        let result = encoder(parameters, x), latent = config.latent
        func codes(_ columns: Range<Int>) -> Tensor {
            result.sliced(axis: 2, columns).reshaped([x.shape[0], dimension])
        }
        let logVariance = config.klWeight > 0 ? codes(latent..<(2 * latent)).clamped(to: -20...10) : nil
        return (codes(0..<latent), logVariance)
    }

    /// Codes [B, K] to [B, D].
    public func decode(_ parameters: Parameters, _ z: Tensor) -> Tensor {
        decoder(parameters, z.reshaped([z.shape[0], config.slots, config.latent]))
    }

    /// The loss's first two terms: of weights, and of what is computed with them.
    public func difference(_ decoded: Tensor, _ x: Tensor, _ stream: inout RandomStream) -> Tensor {
        let weights = Loss.meanSquaredError(decoded, x) * config.weightError
        guard let behaviour, config.functionError > 0 else { return weights }
        return weights + behaviour(decoded, x, &stream) * config.functionError
    }
}
