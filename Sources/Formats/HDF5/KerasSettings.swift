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
    private let padding: String?
    /// Extents by key; one number stands for both.
    private let extents: [String: [Int]]
    /// Shape of a batch of samples, without the number of them.
    private let shape: [Int]?

    private enum CodingKeys: String, CodingKey {
        case epsilon, activation, scale, offset, alpha, threshold
        case leakiness = "negative_slope"  // of a leaky ReLU
        case maximum = "max_value"
    }

    /// A key by its name.
    private struct ShapeKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A function: its name, or an object that has it; a layer that stands for one has settings of its own.
    private struct Function: Decodable, Sendable {
        let name: String
        /// The settings of a layer, none or one: a value cannot hold its own kind but in a list.
        let settings: [KerasSettings]

        private enum CodingKeys: String, CodingKey {
            case config
            case className = "class_name"
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                (name, settings) = (text, [])
                return
            }
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            let own = try? fields.decode(String.self, forKey: .config)
            name = try own ?? fields.decode(String.self, forKey: .className)
            settings = own == nil ? [try? fields.decode(KerasSettings.self, forKey: .config)].compactMap { $0 } : []
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
        let words = try decoder.container(keyedBy: ShapeKey.self)
        padding = try? words.decode(String.self, forKey: ShapeKey("padding"))
        var extents: [String: [Int]] = [:]
        for name in ["kernel_size", "strides", "pool_size", "dilation_rate", "padding"] {
            let one = (try? words.decode(Int.self, forKey: ShapeKey(name))).map { [$0, $0] }
            let nested = (try? words.decode([[Int]].self, forKey: ShapeKey(name)))?.flatMap { $0 }
            extents[name] = one ?? nested ?? (try? words.decode([Int].self, forKey: ShapeKey(name)))
        }
        self.extents = extents
        let shapes = ["batch_shape", "batch_input_shape"].compactMap {
            try? words.decode([Int?].self, forKey: ShapeKey($0))
        }
        shape = shapes.first.flatMap { $0.dropFirst().contains(nil) ? nil : $0.dropFirst().compactMap { $0 } }
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
        let image = settings?.image.map { [StatedLayers.Layer.spatial(.image($0))] } ?? []
        return image + (spatial(name, settings).map { [.spatial($0)] } ?? []) + computed(name, settings)
    }

    /// What samples are, where they are images; channels last.
    private var image: ImageExtent? {
        guard let shape, shape.count == 3, shape.allSatisfy({ (1...4096).contains($0) }) else { return nil }
        return ImageExtent(channels: shape[2], height: shape[0], width: shape[1])
    }

    /// The one number of both extents; nil where they differ.
    private func extent(_ name: String, usual: Int) -> Int? {
        guard let extents = extents[name], let first = extents.first else { return usual }
        return extents.allSatisfy { $0 == first } ? first : nil
    }

    /// What a layer does with rows and columns; nil where it does nothing with them.
    private static func spatial(_ name: String, _ settings: KerasSettings?) -> StatedLayers.Spatial? {
        switch name {
        case "Conv2D":
            guard let settings, let kernel = settings.extent("kernel_size", usual: 1),
                let stride = settings.extent("strides", usual: 1), settings.extent("dilation_rate", usual: 1) == 1
            else { return .other("kernels, strides or dilations that are not square, or more than 1") }
            return .convolution(kernel: kernel, stride: stride, padding: settings.padding == "same" ? nil : 0)
        case "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "UpSampling2D", "Cropping2D": return .other(name)
        case "ZeroPadding2D": return .zeros(settings?.extent("padding", usual: 1))
        case "MaxPooling2D", "AveragePooling2D":
            let kind: LeNet5.Pooling = name.hasPrefix("Max") ? .max : .average
            guard let size = settings?.extent("pool_size", usual: 2),
                let stride = settings?.extent("strides", usual: size)
            else { return .other("windows that are not square") }
            return .pool(kind, size: size, isPlain: stride == size && settings?.padding != "same")
        case "GlobalAveragePooling2D": return .globalPool(.average)
        case "GlobalMaxPooling2D": return .globalPool(.max)
        default: return nil
        }
    }

    private static func computed(_ name: String, _ settings: KerasSettings?) -> [StatedLayers.Layer] {
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
        return [.weights] + function(settings?.activation)
    }

    private var factors: String { "scale \(scale ?? 1), offset \(offset ?? 0)" }

    /// The layers that are an activation; nil for others.
    private static func nonlinear(_ name: String, _ settings: KerasSettings?) -> [StatedLayers.Layer]? {
        switch name {
        case "Activation": return function(settings?.activation)
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

    private static func function(_ function: Function?) -> [StatedLayers.Layer] {
        guard let function, function.name != "linear" else { return [] }
        if let settings = function.settings.first, let layer = nonlinear(function.name, settings) { return layer }
        return [.activation(functions[function.name], name: function.name)]
    }
}
