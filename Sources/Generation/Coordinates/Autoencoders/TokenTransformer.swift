import Networks
import Tensors

/// A stack of transformer blocks between two linear layers, over tokens with learned positions.
struct TokenTransformer: Sendable {
    private let entry: Linear
    private let positions: Slot
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let head: Linear

    /// Declares `name.entry`, `name.positions`, `name.blocks.0 ...`, `name.norm` and `name.head`.
    init(
        _ name: String, tokens: Int, in inputs: Int, out outputs: Int, config: TokenAutoencoder.Config,
        layout: inout ParameterLayout.Builder
    ) {
        entry = Linear("\(name).entry", in: inputs, out: config.width, layout: &layout)
        positions = layout.addSlot("\(name).positions", shape: [tokens, config.width], role: .embedding)
        let block = TransformerBlock.Config(width: config.width, heads: config.heads)
        blocks = (0..<config.layers).map { TransformerBlock("\(name).blocks.\($0)", block, layout: &layout) }
        norm = LayerNorm("\(name).norm", width: config.width, layout: &layout)
        head = Linear("\(name).head", in: config.width, out: outputs, layout: &layout)
    }

    /// [B, T, in] to [B, T, out].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        var h = Self.onTokens(x) { entry(parameters, $0) } + parameters[positions]
        for block in blocks { h = block(parameters, h) }
        return Self.onTokens(norm(parameters, h)) { head(parameters, $0) }
    }

    /// Runs a layer on tokens [B, T, in] as rows [B T, in].
    private static func onTokens(_ x: Tensor, _ layer: (Tensor) -> Tensor) -> Tensor {
        let (batch, tokens) = (x.shape[0], x.shape[1])
        let rows = layer(x.reshaped([batch * tokens, x.shape[2]]))
        return rows.reshaped([batch, tokens, rows.shape[1]])
    }
}
