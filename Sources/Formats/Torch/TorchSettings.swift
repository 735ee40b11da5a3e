import Networks

/// Settings of a module of PyTorch that was saved whole, and what they say of the computation.
struct TorchSettings {
    private let numbers: [String: Double]
    private let approximation: String?

    /// Reads the settings that are of consequence; `value` gives an attribute of the module.
    init(_ value: (String) -> PickleValue?) {
        var numbers: [String: Double] = [:]
        let leaky = "negative_slope"
        for name in ["eps", leaky, "alpha", "beta"] {
            switch value(name) {
            case .real(let number): numbers[name] = number
            case .integer(let number): numbers[name] = Double(number)
            default: break
            }
        }
        self.numbers = numbers
        if case .text(let text)? = value("approximate") { approximation = text } else { approximation = nil }
    }

    /// A setting that is a number.
    func number(_ name: String) -> Double? { numbers[name] }

    /// Adds what a module of a class computes. PyTorch's own containers call what is in them in its order; what a class
    /// of another's making does is not known.
    func add(_ global: PickleGlobal, hasModules: Bool, to stated: inout StatedLayers) {
        guard global.module.hasPrefix("torch.nn.modules.") else {
            stated.isSequence = false
            return
        }
        let name = global.name
        if name.contains("BatchNorm") {
            stated.layers.append(.norm(.batch, name: name))
        } else if name == "LayerNorm" {
            stated.layers.append(.norm(.layer, name: name))
        } else if name.hasSuffix("Norm") || name.contains("InstanceNorm") {
            stated.layers.append(.norm(.other, name: name))
        } else if ["Linear", "Conv", "Embedding", "Attention", "LSTM", "GRU", "RNN"].contains(where: name.contains) {
            stated.layers.append(.weights)
        } else if Self.nonlinear.contains(name) {
            stated.layers.append(.activation(activation(name), name: name))
        }
        if hasModules, name != "Sequential" { stated.isSequence = false }
    }

    private static let nonlinear: Set<String> = [
        "ReLU", "Tanh", "GELU", "Sigmoid", "SiLU", "LeakyReLU", "ELU", "SELU", "Softplus", "ReLU6", "Hardswish", "Mish",
        "PReLU", "CELU", "Hardtanh", "Hardsigmoid", "Softsign", "Tanhshrink", "LogSigmoid", "RReLU", "Softmax",
        "LogSoftmax", "GLU", "Threshold", "Hardshrink", "Softshrink",
    ]

    /// Ours, where there is one that computes the same.
    private func activation(_ name: String) -> Activation? {
        switch name {
        case "ReLU": .relu
        case "Tanh": .tanh
        case "GELU": approximation == "tanh" ? .geluTanh : .gelu
        case "Sigmoid": .sigmoid
        case "SiLU": .silu
        case "LeakyReLU": .leakyReLU(slope: numbers["negative_slope"] ?? 0.01)
        case "ELU": .elu(alpha: numbers["alpha"] ?? 1)
        case "SELU": .selu
        case "Softplus": numbers["beta"] ?? 1 == 1 ? .softplus : nil
        default: nil
        }
    }
}
