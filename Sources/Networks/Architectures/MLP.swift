import Basics
import Tensors

/// A multilayer perceptron: Linear, norm, activation, ..., Linear. Slots are PyTorch's: layers.0.weight, layers.0.bias,
/// norms.0.weight, ...
public struct MLP: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let layers: [Linear]
    private let norms: [Norm]
    private let activation: Activation

    /// What stands between a hidden layer and its activation.
    private enum Norm: Sendable {
        case batch(BatchNorm)
        case layer(LayerNorm)
    }

    /// Declares the layers, each followed by its norm. Hidden units of a layer form a symmetry group.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let hidden = config.widths.dropFirst().dropLast()
        let groups = hidden.enumerated().map { index, width in
            builder.addGroup("layers.\(index)", size: width, scaling: config.activation.scaling)
        }
        var (layers, norms) = ([Linear](), [Norm]())
        func addNorm(_ index: Int) {
            let name = "norms.\(index)"
            switch config.norm {
            case .none: break
            case .batch:
                let width = config.widths[index + 1]
                norms.append(.batch(BatchNorm(name, channels: width, layout: &builder, group: groups[index])))
            case .layer:
                let width = config.widths[index + 1]
                norms.append(.layer(LayerNorm(name, width: width, layout: &builder, group: groups[index])))
            }
        }
        for (index, width) in config.widths.dropFirst().enumerated() {
            let isLast = index == groups.count
            layers.append(
                Linear(
                    "layers.\(index)", in: config.widths[index], out: width, bias: config.hasBias, layout: &builder,
                    inputGroup: index == 0 ? nil : groups[index - 1], outputGroup: isLast ? nil : groups[index],
                    isNormalized: !isLast && config.norm != .none))
            if !isLast, config.slotOrder == .forward { addNorm(index) }
        }
        if config.slotOrder == .normsLast { groups.indices.forEach(addNorm) }
        (self.layers, self.norms, activation) = (layers, norms, config.activation)
        layout = builder.layout()
    }

    /// - x: [B, in] or [P, B, in]; returns [B, out] or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = x
        for (index, layer) in layers.enumerated() {
            h = layer(parameters, h, &pass)
            if index == layers.count - 1 { break }
            if !norms.isEmpty { h = normalized(index, parameters, h, &pass) }
            h = activation(h)
        }
        return h
    }

    private func normalized(
        _ index: Int, _ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass
    ) -> Tensor {
        switch norms[index] {
        case .batch(let norm): norm(parameters, x, &pass)
        case .layer(let norm): norm(parameters, x)
        }
    }
}

extension MLP {
    /// Widths, activation, bias and norm: `{"kind":"mlp","widths":[64,32,10],"activation":"relu"}`, and
    /// where they are not the usual ones `"bias":false` and `"norm":"batch"`.
    public struct Config: NetworkConfig {
        /// What stands between a hidden layer and its activation.
        public enum Norm: String, Codable, Hashable, Sendable, CaseIterable {
            /// Nothing.
            case none
            /// Batch normalisation.
            case batch
            /// Layer normalisation.
            case layer
        }

        /// Input, hidden and output widths.
        public var widths: [Int]
        /// Nonlinearity between layers.
        public var activation: Activation
        /// Whether layers add a bias.
        public var hasBias: Bool
        /// What stands between a hidden layer and its activation.
        public var norm: Norm
        /// Where the norms' vectors lie; it is no key, since a file's layout tells.
        var slotOrder = SlotOrder.forward

        /// The order of an MLP's slots.
        enum SlotOrder: Hashable, Sendable {
            /// As the network computes: a layer, its norm, the next layer.
            case forward
            /// All layers, then all norms, as files were written before norms stood beside their layers.
            case normsLast
        }

        /// Describes an MLP; traps unless there are two positive widths or more.
        public init(widths: [Int], activation: Activation = .relu, bias hasBias: Bool = true, norm: Norm = .none) {
            precondition(Self.isPossible(widths), "MLP: widths \(widths)")
            (self.widths, self.activation, self.hasBias, self.norm) = (widths, activation, hasBias, norm)
        }

        /// Whether such an MLP can be: two widths or more, all positive, at most 2^31 weights.
        ///
        /// Descriptions come from files, and a layout is made before anything else is checked.
        public static func isPossible(_ widths: [Int]) -> Bool {
            widths.count >= 2 && widths.count <= 1024 && widths.allSatisfy { $0 > 0 && $0 <= 1 << 24 }
                && zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } <= 1 << 31
        }

        /// "mlp".
        public var kind: String { "mlp" }
        /// Rows of as many numbers as the first width.
        public var input: NetworkInput { .features(widths[0]) }
        /// The last width.
        public var outputs: Int { widths[widths.count - 1] }
        /// The MLP of these widths.
        public var network: any Network { MLP(self) }
        /// `nn.Sequential` of layers, norms and activations.
        public var nameSchemes: [NameScheme] {
            let step = norm == .none ? 2 : 3
            var modules: [(ours: String, place: Int)] = []
            for index in 0..<widths.count - 1 {
                modules.append(("layers.\(index)", step * index))
                if norm != .none, index < widths.count - 2 { modules.append(("norms.\(index)", step * index + 1)) }
            }
            return [.sequential(modules)]
        }
        /// With norms, the order that files were once written in.
        public var formerForms: [any NetworkConfig] {
            guard norm != .none, slotOrder == .forward else { return [] }
            var former = self
            former.slotOrder = .normsLast
            return [former]
        }
    }
}

extension MLP.Config {
    private enum CodingKeys: String, CodingKey { case widths, activation, bias, norm }

    /// Reads a description; throws where widths are missing, not positive or absurdly large.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        widths = try fields.decode([Int].self, forKey: .widths)
        activation = try fields.decodeIfPresent(Activation.self, forKey: .activation) ?? .relu
        hasBias = try fields.decodeIfPresent(Bool.self, forKey: .bias) ?? true
        norm = try fields.decodeIfPresent(Norm.self, forKey: .norm) ?? .none
        guard Self.isPossible(widths) else {
            let arePossible = widths.count >= 2 && widths.allSatisfy { $0 > 0 }
            throw DecodingError.dataCorruptedError(
                forKey: .widths, in: fields,
                debugDescription: "widths \(widths): expected "
                    + (arePossible ? "at most 2^31 parameters in all" : "two or more, all positive"))
        }
    }

    /// Writes widths and activation, and what is not usual.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(widths, forKey: .widths)
        try fields.encode(activation, forKey: .activation)
        if !hasBias { try fields.encode(hasBias, forKey: .bias) }
        if norm != .none { try fields.encode(norm, forKey: .norm) }
    }
}

extension MLP {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "mlp", Config.self, "a multilayer perceptron",
        picture: """
            x [widths 0] -> Linear -> norm -> activation -> Linear -> ... -> Linear -> outputs [last width]
            The norm stands between a layer and its activation, never after the last layer. --architecture names the
            widths from the inputs to the classes: 64,32,32,10 has three layers.
            """,
        keys: [
            ConfigKey("widths", .list(.integer(1...1 << 20), atLeast: 2), "Widths, input to output"),
            .activation,
            ConfigKey("bias", .optional(.flag), "Whether layers add a bias; null is true"),
            ConfigKey(
                "norm", .optional(.choice(MLP.Config.Norm.allCases.map(\.rawValue))),
                "What stands between a hidden layer and its activation; null is none"),
        ],
        defaults: [
            "widths": .list([64, 32, 32, 10].map { .integer($0) }), "activation": .string("relu"), "bias": .null,
            "norm": .null,
        ])
}
