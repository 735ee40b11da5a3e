import Basics
import Networks
import Tensors

/// DeepWeightFlow's velocity net: a time embedding beside x, then Linear-LayerNorm-GELU-Dropout blocks and a zero head.
///
/// e = W2 gelu(W1 t + b1) + b2 on raw t; h_0 = [x, e]; h_i = dropout(gelu(layer_norm(W h_{i-1} + b))), the last block
/// without dropout; v = W_out h + b_out with W_out = 0, b_out = 0 at the start.
///
/// Source: DeepWeightFlow (2026), "standard" variant with hidden widths h, h/2, h; the "deeper" one is h, h, h/2, h.
public struct FlowMLP: VelocityNet {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    /// Length of x.
    public let dimension: Int
    private let time: (first: Linear, second: Linear)
    let blocks: [(linear: Linear, norm: LayerNorm)]
    let head: Linear
    private let dropout: Dropout
    private let condition: ConditionPort?

    /// DeepWeightFlow's net for codes of length `dimension`, and for conditions of so many features. Traps unless all
    /// widths are positive.
    public init(dimension: Int, config: Config, conditions features: Int? = nil) {
        self.init(
            dimension: dimension, hidden: config.widths, timeWidth: config.timeWidth, dropout: config.dropout,
            conditions: features)
    }

    /// Declares the layers for codes of length `dimension` with any hidden widths; conditions are added to the time's
    /// embedding. Traps unless all widths are positive.
    public init(
        dimension: Int, hidden widths: [Int], timeWidth: Int, dropout probability: Double,
        conditions features: Int? = nil
    ) {
        precondition(
            dimension > 0 && timeWidth > 0 && !widths.isEmpty && widths.allSatisfy { $0 > 0 },
            "FlowMLP: dimension \(dimension), hidden \(widths), time width \(timeWidth)")
        var builder = ParameterLayout.Builder()
        time = (
            Linear("time.0", in: 1, out: timeWidth, layout: &builder),
            Linear("time.2", in: timeWidth, out: timeWidth, layout: &builder)
        )
        var blocks: [(Linear, LayerNorm)] = []
        var width = dimension + timeWidth
        for (index, hidden) in widths.enumerated() {
            let linear = Linear("blocks.\(index).linear", in: width, out: hidden, layout: &builder)
            blocks.append((linear, LayerNorm("blocks.\(index).norm", width: hidden, layout: &builder)))
            width = hidden
        }
        self.blocks = blocks
        head = Linear("head", in: width, out: dimension, layout: &builder)
        condition = ConditionPort("condition", in: features, out: timeWidth, layout: &builder)
        dropout = Dropout(probability)
        layout = builder.layout()
        self.dimension = dimension
    }

    /// PyTorch's default initialisation, the head at zero.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "velocity-net.initialization")
        let drawn = Initialization.pytorch.network(layout, stream)
        let body = drawn.sliced(axis: 0, 0..<head.weight.offset)
        let end = head.bias?.range.upperBound ?? head.weight.range.upperBound
        let open = body.padded(axis: 0, before: 0, after: end - head.weight.offset)
        return condition == nil ? open : .concatenate([open, drawn.sliced(axis: 0, end..<layout.count)], axis: 0)
    }

    /// v(x, t): [B, dimension] and [B, 1] to [B, dimension].
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        let e = condition(parameters, embedding(parameters, input.t), input.condition)
        let joined = Tensor.concatenate([input.x, e], axis: -1)
        let first = blocks[0].linear(parameters, joined)
        return head(parameters, lastHidden(parameters, first, &pass))
    }

    /// e(t): [B, 1] to [B, timeWidth].
    func embedding(_ parameters: Parameters, _ t: Tensor) -> Tensor {
        time.second(parameters, time.first(parameters, t).gelu())
    }

    /// What the head sees, from what the first linear layer says, both [B, width].
    func lastHidden(_ parameters: Parameters, _ first: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = first
        for (index, block) in blocks.enumerated() {
            if index > 0 { h = block.linear(parameters, h) }
            h = block.norm(parameters, h).gelu()
            if index < blocks.count - 1 { h = dropout(h, &pass) }
        }
        return h
    }
}

extension FlowMLP {
    /// Width and dropout of DeepWeightFlow's MLP.
    public struct Config: VelocityNetConfig {
        /// h.
        public var hidden = 512
        /// Whether there is one more block of width h.
        public var deeper = false
        /// Width of the time embedding.
        public var timeWidth = 64
        /// Dropout probability after every block but the last.
        public var dropout = 0.1

        /// The standard variant, h = 512.
        public init() {}

        /// The standard variant of width h.
        public init(width h: Int, timeWidth: Int = 64, dropout: Double = 0.1) {
            (hidden, self.timeWidth, self.dropout) = (h, timeWidth, dropout)
        }

        /// What can be set.
        public static let keys = [
            ConfigKey("hidden", .integer(2...16_384), "Width h of the net; its hidden layers are h, h/2, h"),
            ConfigKey("deeper", .flag, "DeepWeightFlow's deeper variant: hidden layers h, h, h/2, h"),
            ConfigKey("timeWidth", .integer(1...16_384), "Width of the time embedding"),
            ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability after every block but the last"),
        ]

        /// Hidden widths, in order.
        public var widths: [Int] { (deeper ? [hidden] : []) + [hidden, max(hidden / 2, 1), hidden] }

        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            FlowMLP(dimension: dimension, config: self)
        }

        /// It is told them with the time.
        public var takesConditions: Bool { true }

        /// The same with conditions.
        public func conditionalNet(
            dimension: Int, layout: ParameterLayout, features: Int
        ) throws -> any VelocityNet {
            FlowMLP(dimension: dimension, config: self, conditions: features)
        }

        /// "MLP", or "deeper MLP".
        public var label: String { deeper ? "deeper MLP" : "MLP" }
        /// h.
        public var size: (name: String, value: Int) { ("h", hidden) }
    }
}

extension FlowMLP {
    /// The flow in the space of the first layer's pre-activations.
    ///
    /// The net sees x only through W_in x and speaks only through W_out g + b_out, g its last hidden activation. So the
    /// state (z, c), z = W_in x and c the integral of g, follows
    ///
    ///     dz/dt = W_in W_out g + W_in b_out,   dc/dt = g(z, t),   x(1) = x(0) + W_out c(1) + b_out,
    ///
    /// where W_in W_out is formed once: an evaluation costs h^2 instead of 2 D h multiplications. nil where D is too small
    /// for that to pay, and with conditions.
    public func reduced(_ parameters: Parameters) -> ReducedFlow? {
        let (entry, exit) = (blocks[0].linear, head)
        let (width, inner) = (entry.weight.shape[0], exit.weight.shape[1])
        guard dimension > 2 * max(width, inner), condition == nil else { return nil }
        let weight = parameters[entry.weight]
        let onPosition = weight.sliced(axis: 1, 0..<dimension)
        let onTime = weight.sliced(axis: 1, dimension..<weight.shape[1])
        let back = matmul(onPosition, parameters[exit.weight])
        let drift = matmul(exit.offsets(parameters).reshaped([1, -1]), onPosition, transposeB: true)
        return ReducedFlow(
            width: width + inner,
            start: { x in
                .concatenate([matmul(x, onPosition, transposeB: true), .zeros([x.shape[0], inner])], axis: -1)
            },
            velocity: { y, t in
                var evaluation = ForwardPass.evaluation()
                let atTime = linear(
                    embedding(parameters, .full([1, 1], t)), weight: onTime, bias: entry.offsets(parameters))
                let g = lastHidden(parameters, y.sliced(axis: 1, 0..<width) + atTime, &evaluation)
                return .concatenate([matmul(g, back, transposeB: true) + drift, g], axis: -1)
            },
            end: { x, y in
                x
                    + linear(
                        y.sliced(axis: 1, width..<(width + inner)), weight: parameters[exit.weight],
                        bias: exit.offsets(parameters))
            },
            state: { x, y, t in
                x
                    + linear(
                        y.sliced(axis: 1, width..<(width + inner)), weight: parameters[exit.weight],
                        bias: exit.offsets(parameters) * t)
            })
    }
}
