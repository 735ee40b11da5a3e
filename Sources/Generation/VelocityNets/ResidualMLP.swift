import Networks
import Tensors

/// A residual perceptron that the time steers by adaptive layer norms, each block the identity at the start
/// (adaLN-zero).
///
///     e = silu(embedding(t)),   h = W_in x + b_in
///     (shift, scale, gate) = A_i e + a_i
///     h <- h + gate (W_2 dropout(gelu(W_1 (n(h) (1 + scale) + shift) + b_1)) + b_2)          i = 1 ... depth
///     (shift, scale) = A e + a,   v = W_out (n(h) (1 + scale) + shift) + b_out
///
/// x, v: [B, K]; h: [B, W]; n: layer norm without parameters. All A, a, W_out and b_out are zero at the start, so that
/// v is.
///
/// Source: the block of Peebles & Xie, Scalable diffusion models with transformers, 2023, without its attention: codes
/// have no tokens. They let silu act on e in every block; so do we, once for all.
public struct ResidualMLP: VelocityNet {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    /// K.
    public let dimension: Int
    private let time: TimeEmbedding
    private let entry: Linear
    private let blocks: [Block]
    private let modulation: Linear
    private let head: Linear
    private let dropout: Dropout

    /// One residual branch.
    private struct Block: Sendable {
        var modulation: Linear
        var first: Linear
        var second: Linear
    }

    /// Declares the layers for codes of length `dimension`. Traps unless that is positive and the config has no
    /// problem.
    public init(dimension: Int, config: Config = Config()) {
        precondition(
            dimension > 0 && config.problem == nil, "ResidualMLP: dimension \(dimension), \(config.problem ?? "")")
        var builder = ParameterLayout.Builder()
        let width = config.width
        time = TimeEmbedding("time", width: config.timeWidth, layout: &builder)
        entry = Linear("entry", in: dimension, out: width, layout: &builder)
        blocks = (0..<config.depth).map { index in
            let name = "blocks.\(index)"
            return Block(
                modulation: Linear("\(name).modulation", in: config.timeWidth, out: 3 * width, layout: &builder),
                first: Linear("\(name).linear1", in: width, out: config.hidden, layout: &builder),
                second: Linear("\(name).linear2", in: config.hidden, out: width, layout: &builder))
        }
        modulation = Linear("modulation", in: config.timeWidth, out: 2 * width, layout: &builder)
        head = Linear("head", in: width, out: dimension, layout: &builder)
        dropout = Dropout(config.dropout)
        layout = builder.layout()
        self.dimension = dimension
    }

    /// PyTorch's default initialisation; modulations and head at zero.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "velocity-net.initialization")
        return Initialization.pytorch.network(layout, stream) { slot in
            slot.name.contains("modulation.") || slot.name.hasPrefix("head.") ? 0 : 1
        }
    }

    /// v(x, t): [B, K] and [B, 1] to [B, K].
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, _ t: Tensor, _ stream: inout RandomStream?
    ) -> Tensor {
        let e = time(parameters, t).silu()
        var h = entry(parameters, x)
        for block in blocks {
            let parts = Self.parts(block.modulation(parameters, e), 3)
            let input = AdaptiveLayerNorm.apply(h, shift: parts[0], scale: parts[1])
            let hidden = dropout(block.first(parameters, input).gelu(), &stream)
            h = h + parts[2] * block.second(parameters, hidden)
        }
        let parts = Self.parts(modulation(parameters, e), 2)
        return head(parameters, AdaptiveLayerNorm.apply(h, shift: parts[0], scale: parts[1]))
    }

    /// [B, count W] as `count` views [B, W]; their gradients come together in one piece.
    private static func parts(_ x: Tensor, _ count: Int) -> [Tensor] {
        let width = x.shape[x.rank - 1] / count
        return x.unpacked((0..<count).map { PackedSlot(offset: $0 * width, shape: [width]) })
    }
}
