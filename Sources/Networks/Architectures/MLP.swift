import Tensors

/// A multilayer perceptron: Linear, activation, ..., Linear. Slots are PyTorch's: layers.0.weight, layers.0.bias, ...
public struct MLP: Network {
    /// Widths and activation.
    public struct Config: NetworkConfig {
        /// Input, hidden and output widths.
        public var widths: [Int]
        /// Nonlinearity between layers.
        public var activation: Activation

        /// Describes an MLP; traps unless there are two positive widths or more.
        public init(widths: [Int], activation: Activation = .relu) {
            precondition(Self.isPossible(widths), "MLP: widths \(widths)")
            self.widths = widths
            self.activation = activation
        }

        private enum CodingKeys: String, CodingKey { case widths, activation }

        /// Reads a description; throws where widths are missing, not positive or absurdly large.
        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            widths = try fields.decode([Int].self, forKey: .widths)
            activation = try fields.decodeIfPresent(Activation.self, forKey: .activation) ?? .relu
            guard Self.isPossible(widths) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .widths, in: fields, debugDescription: "widths \(widths): expected two or more, all positive")
            }
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
    }

    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let layers: [Linear]
    private let activation: Activation

    /// Declares the layers. Hidden units of a layer form a symmetry group.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        var layers: [Linear] = []
        var inputGroup: Int?
        for index in 0..<(config.widths.count - 1) {
            let isLast = index == config.widths.count - 2
            let outputGroup =
                isLast
                ? nil
                : builder.addGroup(
                    "layers.\(index)", size: config.widths[index + 1], scaling: config.activation.scaling)
            layers.append(
                Linear(
                    "layers.\(index)", in: config.widths[index], out: config.widths[index + 1], layout: &builder,
                    inputGroup: inputGroup, outputGroup: outputGroup))
            inputGroup = outputGroup
        }
        self.layers = layers
        layout = builder.layout()
        activation = config.activation
    }

    /// - x: [B, in] or [P, B, in]; returns [B, out] or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = x
        for (index, layer) in layers.enumerated() {
            h = layer(parameters, h)
            if index < layers.count - 1 { h = activation(h) }
        }
        return h
    }
}
