import Tensors

/// A block of self-attention and a two-layer perceptron, each with a residual connection and a layer norm.
///
/// Norm first: x += drop(attention(norm1(x))), then x += drop(linear2(drop(a(linear1(norm2(x)))))). Norm last:
/// x = norm1(x + ...), x = norm2(x + ...), as in Vaswani et al., 2017. Slots and results as PyTorch's
/// `nn.TransformerEncoderLayer` with `batch_first`, whose default is norm last and ReLU.
public struct TransformerBlock: Sendable {
    /// Where the layer norms stand.
    public enum NormOrder: String, Codable, Hashable, Sendable, CaseIterable {
        /// Before attention and perceptron (Xiong et al., 2020).
        case first
        /// After the residual sums.
        case last
    }

    /// What the slots are called, and their order.
    public enum Naming: Sendable {
        /// self_attn, linear1, linear2, norm1, norm2 (`nn.TransformerEncoderLayer`).
        case pytorch
        /// ln_1, self_attention, ln_2, mlp.0, mlp.3 (torchvision's vision transformer).
        case torchvision
    }

    /// What a block is made of.
    public struct Config: Codable, Hashable, Sendable {
        /// Features of a token.
        public var width: Int
        /// Heads of the attention.
        public var heads: Int
        /// Hidden units of the perceptron.
        public var hidden: Int
        /// Nonlinearity of the perceptron.
        public var activation: Activation
        /// Where the layer norms stand.
        public var normOrder: NormOrder
        /// Probability of zero for attention weights, hidden units and both branches.
        public var dropout: Double
        /// Added to the layer norms' variances.
        public var epsilon: Double

        /// Describes a block; four times the width of hidden units where not given.
        public init(
            width: Int, heads: Int, hidden: Int? = nil, activation: Activation = .gelu, normOrder: NormOrder = .first,
            dropout: Double = 0, epsilon: Double = 1e-5
        ) {
            (self.width, self.heads, self.hidden) = (width, heads, hidden ?? 4 * width)
            (self.activation, self.normOrder) = (activation, normOrder)
            (self.dropout, self.epsilon) = (dropout, epsilon)
        }
    }

    /// What it is made of.
    public let config: Config
    /// `self_attn`.
    public let attention: MultiHeadAttention
    /// Width to hidden units.
    public let linear1: Linear
    /// Hidden units to width.
    public let linear2: Linear
    /// Of the attention's branch.
    public let norm1: LayerNorm
    /// Of the perceptron's branch.
    public let norm2: LayerNorm
    private let dropout: Dropout

    /// Declares `name.self_attn.*`, `name.linear1.*`, `name.linear2.*`, `name.norm1.*`, `name.norm2.*`, or
    /// torchvision's names in torchvision's order; an empty name leaves out the prefix.
    ///
    /// The perceptron's hidden units form a symmetry group, the attention's heads another; `group` is that of the
    /// features of a token.
    public init(
        _ name: String, _ config: Config, naming: Naming = .pytorch, form: AttentionForm = .fused,
        layout: inout ParameterLayout.Builder, group: Int? = nil
    ) {
        let prefix = name.isEmpty ? "" : name + "."
        precondition(config.hidden > 0, "transformer block: \(config.hidden) hidden units")
        func norm(_ name: String, _ layout: inout ParameterLayout.Builder) -> LayerNorm {
            LayerNorm(prefix + name, width: config.width, epsilon: config.epsilon, layout: &layout, group: group)
        }
        func attention(_ name: String, _ layout: inout ParameterLayout.Builder) -> MultiHeadAttention {
            MultiHeadAttention(
                prefix + name, width: config.width, heads: config.heads, dropout: config.dropout, form: form,
                layout: &layout, group: group)
        }
        func perceptron(
            _ first: String, _ second: String, _ layout: inout ParameterLayout.Builder
        ) -> (Linear, Linear) {
            let units = layout.addGroup(prefix + first, size: config.hidden, scaling: config.activation.scaling)
            return (
                Linear(
                    prefix + first, in: config.width, out: config.hidden, layout: &layout, inputGroup: group,
                    outputGroup: units),
                Linear(
                    prefix + second, in: config.hidden, out: config.width, layout: &layout, inputGroup: units,
                    outputGroup: group)
            )
        }
        switch naming {
        case .pytorch:
            self.attention = attention("self_attn", &layout)
            (linear1, linear2) = perceptron("linear1", "linear2", &layout)
            norm1 = norm("norm1", &layout)
            norm2 = norm("norm2", &layout)
        case .torchvision:
            norm1 = norm("ln_1", &layout)
            self.attention = attention("self_attention", &layout)
            norm2 = norm("ln_2", &layout)
            (linear1, linear2) = perceptron("mlp.0", "mlp.3", &layout)
        }
        dropout = Dropout(config.dropout)
        self.config = config
    }

    /// - x: [B, T, W], or [P, B, T, W] for a population ([B, T, W] is shared by it); returns the same, with P for a
    ///   population.
    /// - mask: broadcasts to [B, H, T, T], or [P, B, H, T, T].
    /// - pass: in training attention weights, hidden units and both branches are dropped out.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil, pass: inout ForwardPass
    ) -> Tensor {
        let x = widened(x, parameters)
        switch config.normOrder {
        case .first:
            let h = x + attended(parameters, norm1(parameters, x), mask, &pass)
            return h + perceptron(parameters, norm2(parameters, h), &pass)
        case .last:
            let h = norm1(parameters, x + attended(parameters, x, mask, &pass))
            return norm2(parameters, h + perceptron(parameters, h, &pass))
        }
    }

    /// The same with dropout from one stream; none in evaluation.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil, stream: inout RandomStream?
    ) -> Tensor {
        ForwardPass.drawing(from: &stream) { self(parameters, x, mask: mask, pass: &$0) }
    }

    /// The same without dropout.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil) -> Tensor {
        var pass = ForwardPass.evaluation()
        return self(parameters, x, mask: mask, pass: &pass)
    }

    private func attended(
        _ parameters: Parameters, _ x: Tensor, _ mask: AttentionMask?, _ pass: inout ForwardPass
    ) -> Tensor {
        dropout(attention(parameters, x, mask: mask, pass: &pass), &pass)
    }

    private func perceptron(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let hidden = dropout(config.activation(linear1.tokens(parameters, x)), &pass)
        return dropout(linear2.tokens(parameters, hidden), &pass)
    }

    /// Inputs that a population shares, one view for each of its networks.
    private func widened(_ x: Tensor, _ parameters: Parameters) -> Tensor {
        guard let count = parameters.populationCount, x.rank == 3 else { return x }
        return x.broadcast(to: Shape([count] + x.shape.array))
    }
}

extension TransformerBlock {
    /// Parameters of one block: attention, perceptron and two norms.
    static func parameterCount(width: Int, hidden: Int) -> Int {
        4 * width * (width + 1) + 2 * width * hidden + hidden + width + 4 * width
    }
}
