import Tensors

/// How a network's weights are drawn before training.
///
/// The schemes named `zoo-` are those of the published model zoos (Schuerholt et al., Model Zoos, 2022): PyTorch's
/// `init` functions with their defaults for the weights of linear and convolution layers, and biases of 0.01.
public enum Initialization: String, Codable, Hashable, Sendable, CaseIterable {
    /// U(-b, b), b = sqrt(6 / fan_in); biases 0 (He et al., 2015, with gain sqrt 2): Kaiming's.
    case heUniform = "he-uniform"
    /// N(0, 2 / fan_in); biases 0.
    case heNormal = "he-normal"
    /// U(-b, b), b = sqrt(6 / (fan_in + fan_out)); biases 0 (Glorot & Bengio, 2010).
    case xavierUniform = "xavier-uniform"
    /// N(0, 2 / (fan_in + fan_out)); biases 0.
    case xavierNormal = "xavier-normal"
    /// PyTorch's default for linear and convolution layers: weights and biases U(-b, b), b = 1 / sqrt(fan_in).
    case pytorch
    /// U(0, 1); biases 0.01.
    case zooUniform = "zoo-uniform"
    /// N(0, 1); biases 0.01.
    case zooNormal = "zoo-normal"
    /// As he-uniform; biases 0.01.
    case zooKaimingUniform = "zoo-kaiming-uniform"
    /// As he-normal; biases 0.01.
    case zooKaimingNormal = "zoo-kaiming-normal"
    /// As xavier-uniform; biases 0.01.
    case zooXavierUniform = "zoo-xavier-uniform"
    /// As xavier-normal; biases 0.01.
    case zooXavierNormal = "zoo-xavier-normal"

    /// Draws a population [P, D], network p from its own seed alone.
    public func population(_ layout: ParameterLayout, seeds: [UInt64]) -> Tensor {
        let rows = seeds.map { seed in
            network(layout, RandomStream(seed: seed, purpose: "network.initialization")).reshaped([1, layout.count])
        }
        return .concatenate(rows, axis: 0)
    }

    /// Draws one network [D].
    public func network(_ layout: ParameterLayout, _ stream: RandomStream) -> Tensor {
        var stream = stream
        var fans = (in: 1, out: 1)
        let parts = layout.slots.map { slot -> Tensor in
            if slot.role == .weight || slot.role == .embedding {
                let receptive = slot.shape.dropFirst(2).reduce(1, *)
                fans = (slot.shape.dropFirst().reduce(1, *), slot.shape[0] * receptive)
            }
            return draw(slot, fanIn: fans.in, fanOut: fans.out, &stream).reshaped([slot.count])
        }
        return .concatenate(parts, axis: 0)
    }

    private func draw(_ slot: Slot, fanIn: Int, fanOut: Int, _ stream: inout RandomStream) -> Tensor {
        let shape = Shape(slot.shape)
        func uniform(_ bound: Double) -> Tensor { stream.uniform(shape).scaled(by: 2 * bound, plus: -bound) }
        switch slot.role {
        case .scale: return .ones(shape)
        case .shift: return .zeros(shape)
        case .bias: return self == .pytorch ? uniform(1 / Double(fanIn).squareRoot()) : .full(shape, bias)
        case .embedding: return stream.normal(shape)
        case .weight: break
        }
        let both = Double(fanIn + fanOut)
        switch self {
        case .heUniform, .zooKaimingUniform: return uniform((6 / Double(fanIn)).squareRoot())
        case .heNormal, .zooKaimingNormal: return stream.normal(shape) * (2 / Double(fanIn)).squareRoot()
        case .xavierUniform, .zooXavierUniform: return uniform((6 / both).squareRoot())
        case .xavierNormal, .zooXavierNormal: return stream.normal(shape) * (2 / both).squareRoot()
        case .pytorch: return uniform(1 / Double(fanIn).squareRoot())
        case .zooUniform: return stream.uniform(shape)
        case .zooNormal: return stream.normal(shape)
        }
    }

    /// What biases start at, where they are not drawn.
    private var bias: Double { rawValue.hasPrefix("zoo-") ? 0.01 : 0 }
}
