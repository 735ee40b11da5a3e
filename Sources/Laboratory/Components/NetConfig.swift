import Basics
import Generation
import Networks

/// The net that learns the process.
public enum NetConfig: VariantConfig {
    /// DeepWeightFlow's MLP.
    case flowMLP(FlowMLPConfig)
    /// A residual MLP that time modulates.
    case residualMLP(ResidualMLP.Config)
    /// A one-dimensional U-Net over the code.
    case unet1d(UNet1d.Config)
    /// A transformer whose tokens are neurons.
    case neuronTransformer(NeuronTransformer.Config)

    /// DeepWeightFlow's MLP.
    public init() { self = .flowMLP(.init()) }

    /// DeepWeightFlow's MLP first.
    public static let variants = [
        ConfigVariant("flow-mlp", FlowMLPConfig.self, "DeepWeightFlow's MLP"),
        ConfigVariant("residual-mlp", ResidualMLP.Config.self, "a residual MLP that time modulates"),
        ConfigVariant("unet-1d", UNet1d.Config.self, "a one-dimensional U-Net over the code"),
        ConfigVariant(
            "neuron-transformer", NeuronTransformer.Config.self,
            "a transformer over neurons, equivariant to the networks' own symmetries"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "flow-mlp": self = .flowMLP(try FlowMLPConfig(from: decoder))
        case "residual-mlp": self = .residualMLP(try ResidualMLP.Config(from: decoder))
        case "unet-1d": self = .unet1d(try UNet1d.Config(from: decoder))
        case "neuron-transformer": self = .neuronTransformer(try NeuronTransformer.Config(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .flowMLP(let config): try encoder.encodeVariant("flow-mlp", config)
        case .residualMLP(let config): try encoder.encodeVariant("residual-mlp", config)
        case .unet1d(let config): try encoder.encodeVariant("unet-1d", config)
        case .neuronTransformer(let config): try encoder.encodeVariant("neuron-transformer", config)
        }
    }
}

extension NetConfig {
    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        switch self {
        case .flowMLP: []
        case .residualMLP(let config): config.problems()
        case .unet1d(let config): config.problems()
        case .neuronTransformer(let config): config.problems()
        }
    }

    /// Throws `DataError` where the net cannot be made for networks of a layout.
    func check(_ layout: ParameterLayout) throws {
        guard needsPlaces, !NeuronTransformer.reads(layout) else { return }
        throw DataError(
            .configuration, path: "generator.kind", expected: "a net that reads these networks",
            found: "neuron-transformer, and a tensor with more than two axes of neurons",
            hint: "generator: {kind: flow-mlp} takes any weights")
    }

    /// The net for codes of a length; `layout` is that of the networks, which `check` has let pass.
    func net(dimension: Int, layout: ParameterLayout) -> any VelocityNet {
        switch self {
        case .flowMLP(let config): FlowMLP(dimension: dimension, config: config.config)
        case .residualMLP(let config): ResidualMLP(dimension: dimension, config: config)
        case .unet1d(let config): UNet1d(dimension: dimension, config: config)
        case .neuronTransformer(let config): NeuronTransformer(layout, config: config)
        }
    }

    /// The kind with its width and depth in a few words.
    var name: String {
        let (factor, size) = width
        return "\(kindName), \(factor) \(size)"
    }

    /// The kind with what is not its width, for people.
    var kindName: String {
        switch self {
        case .flowMLP(let config): config.deeper ? "deeper MLP" : "MLP"
        case .residualMLP(let config): "residual MLP, depth \(config.depth)"
        case .unet1d(let config): "U-Net of \(config.channels.count) levels"
        case .neuronTransformer(let config): "neuron transformer, \(config.layers) layers"
        }
    }

    /// What the width is called, and what it is.
    var width: (name: String, value: Int) {
        switch self {
        case .flowMLP(let config): ("h", config.hidden)
        case .residualMLP(let config): ("width", config.width)
        case .unet1d(let config): ("channels", config.channels.last ?? 0)
        case .neuronTransformer(let config): ("width", config.width)
        }
    }

    /// Whether the net takes weights in their places, and no other codes.
    var needsPlaces: Bool {
        if case .neuronTransformer = self { true } else { false }
    }
}
