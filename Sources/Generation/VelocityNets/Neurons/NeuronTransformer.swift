import Basics
import Networks
import Tensors

/// A velocity net over weights that knows a neuron when it sees one: a transformer whose tokens are the network's
/// interchangeable units, equivariant to their permutations by construction.
///
/// v(g x, t) = g v(x, t) for every permutation g of the layout's symmetry groups. A unit's token is made of all entries
/// that belong to it alone (of an MLP with one hidden layer: incoming weights, bias, outgoing weights); what belongs to
/// no unit (output biases) is one more token; weights between two hidden layers are edges, which units read as messages
/// and which a head of their own writes (`NeuronTokens`, `EdgeMessages`, `EdgeHead`). Within a group all units share
/// their maps in and out and nothing tells them apart but their weights: so there are no positions.
///
///     h_0 = W_in x + b                                             per unit, by kind
///     c   = silu(e(t) + W_c f + b_c)                               f: features of a condition, where there are any
///     h_l = block_l(h_{l-1}, t)                                    attention over all T tokens, messages, adaLN-zero
///     v   = W_out (layer_norm(h_L) (1 + r) + s) + b_out + a(t) x   per unit, by kind
///
/// With `outputs: units` the networks' output units are units as well, though exchanging them changes what a network
/// says; a condition's class tokens are then added to theirs, h_0 <- h_0 + W_k token_k for output k. Exchanging classes
/// in the condition exchanges the outputs of the velocity.
///
/// s, r and a are linear in c, a one number a feature: for independent entries of unit variance the
/// velocity is a(t) x, and a net narrower than a unit has features could not say it. All of W_out, b_out, a and the
/// modulations are zero at the start, so v is. x are weights in coordinates that keep their places: raw or standardised
/// (`OrbitStandardizedCoordinates` keeps the equivariance).
///
/// Sources: Peebles & Xie, Scalable diffusion models with transformers, 2023 (blocks); Navon et al., Equivariant
/// architectures for learning in deep weight spaces, 2023, and Lim et al., Graph metanetworks for processing diverse
/// neural architectures, 2024 (units and edges as the right view). Differs: theirs embed weight entries and keep every
/// weight as an edge; here a hidden unit's weights to inputs and outputs, whose order is fixed, are its features.
public struct NeuronTransformer: VelocityNet {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    /// D of the networks, the length of x.
    public let dimension: Int
    /// Sizes.
    public let config: Config
    private let tokens: NeuronTokens
    private let time: NeuronTime
    private let ports: [TokenPort]
    private let blocks: [NeuronBlock]
    private let modulation: Linear
    private let edgeHeads: [EdgeHead]
    private let direct: Linear
    private let closed: [Linear]
    private let condition: ConditionPort?
    private let classes: (port: Linear, units: Int)?

    /// Whether a layout can be read as tokens: no slot has more than two permutable axes.
    public static func reads(_ layout: ParameterLayout) -> Bool { NeuronTokens(layout) != nil }

    /// Declares the layers for networks of a layout, and for conditions of so many features. Traps unless
    /// `reads(layout)` and the config is possible, for such networks.
    public init(_ networks: ParameterLayout, config: Config = Config(), conditions features: Int? = nil) {
        guard let seen = config.seen(networks), let tokens = NeuronTokens(seen), config.isPossible, networks.count > 0
        else {
            preconditionFailure("NeuronTransformer: \(config) for a layout of \(networks.count)")
        }
        let width = config.width
        var builder = ParameterLayout.Builder()
        time = NeuronTime("time", width: width, layout: &builder)
        var ports = [TokenPort("network", features: tokens.globalFeatures, width: width, layout: &builder)]
        for units in tokens.units {
            ports.append(TokenPort("units.\(units.name)", features: units.features, width: width, layout: &builder))
        }
        blocks = (0..<config.layers).map { NeuronBlock("blocks.\($0)", tokens, config, layout: &builder) }
        modulation = Linear("final.modulation", in: width, out: 2 * width, layout: &builder)
        edgeHeads = tokens.edges.map { edge in
            EdgeHead(
                "edges.\(edge.name)", features: edge.slot.features, width: width, edgeWidth: config.edgeWidth,
                layout: &builder)
        }
        direct = Linear("direct", in: width, out: tokens.features.reduce(0, +), layout: &builder)
        condition = ConditionPort("condition", in: features, out: width, layout: &builder)
        if let features, config.outputs == .units, let last = tokens.units.indices.last {
            classes = (Linear("classes", in: features, out: width, bias: false, layout: &builder), last)
        } else {
            classes = nil
        }
        closed =
            ports.flatMap(\.closed) + blocks.flatMap(\.closed) + edgeHeads.flatMap(\.closed) + [modulation, direct]
        layout = builder.layout()
        dimension = networks.count
        (self.config, self.tokens, self.ports) = (config, tokens, ports)
    }

    /// PyTorch's default initialisation, with zeros in the heads and modulations.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "velocity-net.initialization")
        let drawn = Initialization.pytorch.network(layout, stream)
        var mask = [Float](repeating: 1, count: layout.count)
        for slot in closed.flatMap({ [$0.weight] + ($0.bias.map { [$0] } ?? []) }) {
            mask.replaceSubrange(slot.range, with: repeatElement(0, count: slot.count))
        }
        return drawn * Tensor(mask, shape: [layout.count])
    }

    /// v(x, t): [B, D] and [B, 1] to [B, D]. There is no dropout.
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        let x = input.x
        let batch = x.shape[0], parts = tokens.parts(width: config.width)
        let (entries, edges) = tokens.read(x)
        let c = condition(parameters, time(parameters, input.t), input.condition).silu()
        var opened = zip(zip(ports, entries), parts).map { item, units in
            item.0.open(parameters, item.1, batch: batch, units: units)
        }
        if let classes, let asked = input.condition?.classes {
            let place = classes.units + 1
            opened[place] = opened[place] + classes.port.tokens(parameters, asked)
        }
        var h = Tensor.concatenate(opened, axis: 1)
        let matrices = NeuronTokens.matrices(edges)
        for block in blocks { h = block(parameters, h, c, matrices) }
        let halves = (0..<2).map { PackedSlot(offset: $0 * config.width, shape: [config.width]) }
        let m = modulation(parameters, c).unpacked(halves)
        let last = h.layerNormalized(scale: m[1] + 1, shift: m[0]).reshaped([batch, -1]).unpacked(parts)
        return written(parameters, last, entries, edges, c)
    }

    /// The velocity from the last tokens, the entries that were read, and the time's features.
    private func written(
        _ parameters: Parameters, _ last: [Tensor], _ entries: [Tensor?], _ edges: [Tensor], _ c: Tensor
    ) -> Tensor {
        let batch = c.shape[0]
        let factors = direct(parameters, c).unpacked(tokens.featureSlots)
        let values = entries.indices.map { index -> Tensor? in
            guard let entry = entries[index], let output = ports[index].close(parameters, last[index]) else {
                return nil
            }
            return output + entry * factors[index].reshaped([batch, 1, -1])
        }
        let written = edges.indices.map { index in
            let (first, second) = tokens.edges[index].ends
            let output = edgeHeads[index](parameters, edges[index], last[first + 1], last[second + 1])
            return output + edges[index] * factors[entries.count + index].reshaped([batch, 1, 1, -1])
        }
        return tokens.write(values, edges: written)
    }
}

extension NeuronTransformer {
    /// Sizes; the defaults are for networks of some thousand weights.
    public struct Config: VelocityNetConfig {
        /// Features of a token.
        public var width: Int
        /// Blocks.
        public var layers: Int
        /// Heads of the attention; they divide the width.
        public var heads: Int
        /// Hidden units of a block's perceptron.
        public var hidden: Int
        /// Features of a message along an edge, and of an edge in the head; unused where no weight joins two units.
        public var edgeWidth: Int
        /// What the networks' outputs are.
        public var outputs = Outputs.features

        /// What the networks' outputs are to the net.
        public enum Outputs: String, Codable, Sendable, CaseIterable {
            /// Places, which the net tells apart.
            case features
            /// Units, told apart by a condition's class tokens alone.
            case units
        }

        /// Sizes for networks of some thousand weights.
        public init() { self.init(width: 128) }

        /// Describes a net; four times the width of hidden units where not given.
        public init(width: Int, layers: Int = 4, heads: Int = 4, hidden: Int? = nil, edgeWidth: Int = 32) {
            (self.width, self.layers, self.heads) = (width, layers, heads)
            (self.hidden, self.edgeWidth) = (hidden ?? 4 * width, edgeWidth)
        }

        /// Whether such a net can be: an even width that the heads divide, everything positive.
        public var isPossible: Bool {
            width > 0 && layers >= 0 && heads > 0 && hidden > 0 && edgeWidth > 0 && width % 2 == 0 && width % heads == 0
        }

        /// What can be set.
        public static let keys = [
            ConfigKey("width", .integer(2...8192), "Features of a token, even, a multiple of heads"),
            ConfigKey("layers", .integer(0...64), "Blocks"),
            ConfigKey("heads", .integer(1...64), "Heads of the attention, a divisor of the width"),
            ConfigKey("hidden", .integer(1...65_536), "Hidden units of a block's perceptron"),
            ConfigKey("edgeWidth", .integer(1...4096), "Features of a message where a weight joins two units"),
            ConfigKey(
                "outputs", .choice(Outputs.allCases.map(\.rawValue)),
                "features: outputs have their places; units: a support set's classes alone tell them apart"),
        ]

        /// A width that the heads do not divide.
        public func problems() -> [ConfigProblem] {
            ConfigProblem.own(isPossible ? nil : "width \(width), heads \(heads): an even width that the heads divide")
        }

        /// The layout as the net sees it; nil where outputs are to be units and are none.
        func seen(_ layout: ParameterLayout) -> ParameterLayout? {
            outputs == .units ? layout.withOutputUnits() : layout
        }

        /// Throws `DataError` where a tensor of the networks joins more than two groups of neurons, or outputs that are
        /// to be units are none.
        public func check(_ layout: ParameterLayout) throws {
            guard let layout = seen(layout) else {
                throw DataError(
                    .configuration, path: "generator.outputs", expected: "features for these networks", found: "units",
                    hint: "their last tensor has no free axis of outputs")
            }
            guard !NeuronTransformer.reads(layout) else { return }
            throw DataError(
                .configuration, path: "generator.kind", expected: "a net that reads these networks",
                found: "neuron-transformer, and a tensor with more than two axes of neurons",
                hint: "generator: {kind: flow-mlp} takes any weights")
        }

        /// The net for weights of networks of the layout; `dimension` is their number.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            try check(layout)
            return NeuronTransformer(layout, config: self)
        }

        /// It is told them with the time.
        public var takesConditions: Bool { true }

        /// The same with conditions.
        public func conditionalNet(
            dimension: Int, layout: ParameterLayout, features: Int
        ) throws -> any VelocityNet {
            try check(layout)
            return NeuronTransformer(layout, config: self, conditions: features)
        }

        /// As many as there are outputs, where these are units.
        public func classTokens(_ layout: ParameterLayout) -> Int? { outputs == .units ? layout.outputUnits : nil }

        /// Its tokens are neurons.
        public var needsPlaces: Bool { true }
        /// The kind with its depth.
        public var label: String { "neuron transformer, \(layers) layers" }
        /// Features of a token.
        public var size: (name: String, value: Int) { ("width", width) }
    }
}

extension NeuronTransformer.Config {
    private enum CodingKeys: String, CodingKey { case width, layers, heads, hidden, edgeWidth, outputs }

    /// Reads the settings; those that were recorded before there was a choice of outputs have features.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int { try fields.decode(Int.self, forKey: key) }
        self.init(
            width: try number(.width), layers: try number(.layers), heads: try number(.heads),
            hidden: try number(.hidden), edgeWidth: try number(.edgeWidth))
        outputs = try fields.decodeIfPresent(Outputs.self, forKey: .outputs) ?? .features
    }
}
