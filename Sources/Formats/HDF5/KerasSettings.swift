import Networks

/// What a layer's configuration says that is of consequence in evaluation.
struct KerasSettings: Decodable, Sendable {
    /// What norms add to a variance where nothing is said.
    static let usualEpsilon = 1e-3

    let epsilon: Double?
    private let activation: Function?
    private let scale: Double?
    private let offset: Double?
    private let leakiness: Double?
    private let maximum: Double?
    private let threshold: Double?

    private enum CodingKeys: String, CodingKey {
        case epsilon, activation, scale, offset, alpha, threshold
        case leakiness = "negative_slope"  // of a leaky ReLU
        case maximum = "max_value"
    }

    /// A function: its name, or an object that has it.
    private struct Function: Decodable, Sendable {
        let name: String

        private enum CodingKeys: String, CodingKey {
            case config
            case className = "class_name"
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                name = text
                return
            }
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            let own = try? fields.decode(String.self, forKey: .config)
            name = try own ?? fields.decode(String.self, forKey: .className)
        }
    }

    /// Reads what is of a usual kind; the rest is not there.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ keys: CodingKeys...) -> Double? {
            keys.lazy.compactMap { try? fields.decode(Double.self, forKey: $0) }.first
        }
        epsilon = number(.epsilon)
        activation = try? fields.decode(Function.self, forKey: .activation)
        (scale, offset) = (number(.scale), number(.offset))
        (leakiness, maximum, threshold) = (number(.leakiness, .alpha), number(.maximum), number(.threshold))
    }
}

extension KerasSettings {
    /// Layers that do nothing in evaluation, or nothing that depends on more than shapes.
    private static let plain: Set<String> = [
        "InputLayer", "Flatten", "Reshape", "Permute", "Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise",
        "ActivityRegularization", "Identity", "Masking",
    ]
    /// Ends and beginnings of the names of such layers.
    private static let plainParts = ["Pooling1D", "Pooling2D", "Pooling3D", "Padding1D", "Padding2D", "Padding3D"]
    private static let plainStarts = ["SpatialDropout", "Random"]
    private static let joins: Set<String> = [
        "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
    ]
    private static let weighted = ["Dense", "Conv", "Embedding", "Attention", "LSTM", "GRU", "SimpleRNN"]
    private static let functions: [String: Activation] = [
        "relu": .relu, "tanh": .tanh, "gelu": .gelu, "sigmoid": .sigmoid, "silu": .silu, "swish": .silu,
        "leaky_relu": .leakyReLU(slope: 0.2), "elu": .elu(), "selu": .selu, "softplus": .softplus,
    ]

    /// What a layer of a class computes, as far as it is of consequence.
    static func stated(_ className: String, _ settings: KerasSettings?) -> [StatedLayers.Layer] {
        let name = className.split(separator: ">").last.map(String.init) ?? className
        if plain.contains(name) || plainStarts.contains(where: name.hasPrefix)
            || plainParts.contains(where: name.hasSuffix)
        {
            return []
        }
        if joins.contains(name) { return [.join(name)] }
        switch name {
        case "BatchNormalization", "SyncBatchNormalization": return [.norm(.batch, name: name)]
        case "LayerNormalization": return [.norm(.layer, name: name)]
        case "GroupNormalization", "UnitNormalization", "RMSNormalization": return [.norm(.other, name: name)]
        case "Rescaling":
            return [.other("Rescaling (\(settings?.factors ?? "")); give it as the data's scale and shift")]
        case "Normalization": return [.other("Normalization; give its mean and variance as the data's preparation")]
        default: break
        }
        if let nonlinear = nonlinear(name, settings) { return nonlinear }
        guard weighted.contains(where: name.contains) else { return [.other(name)] }
        return [.weights] + function(settings?.activation?.name)
    }

    private var factors: String { "scale \(scale ?? 1), offset \(offset ?? 0)" }

    /// The layers that are an activation; nil for others.
    private static func nonlinear(_ name: String, _ settings: KerasSettings?) -> [StatedLayers.Layer]? {
        switch name {
        case "Activation": return function(settings?.activation?.name)
        case "ReLU":
            let isPlain = settings?.maximum == nil && settings?.threshold ?? 0 == 0 && settings?.leakiness ?? 0 == 0
            return [.activation(isPlain ? .relu : nil, name: name)]
        case "LeakyReLU":
            let leakiness = settings?.leakiness ?? 0.3
            return [.activation(.leakyReLU(slope: leakiness), name: "LeakyReLU with slope \(leakiness)")]
        case "ELU": return [.activation(.elu(alpha: settings?.leakiness ?? 1), name: name)]
        case "PReLU", "ThresholdedReLU", "Softmax": return [.activation(nil, name: name)]
        default: return nil
        }
    }

    private static func function(_ name: String?) -> [StatedLayers.Layer] {
        guard let name, name != "linear" else { return [] }
        return [.activation(functions[name], name: name)]
    }
}
