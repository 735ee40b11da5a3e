import Basics
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
    private let condition: ConditionPort?
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

    /// Declares the layers for codes of length `dimension`, and for conditions of so many features, which are added to
    /// the time's embedding. Traps unless the dimension is positive and the config has no problem.
    public init(dimension: Int, config: Config = Config(), conditions features: Int? = nil) {
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
        condition = ConditionPort("condition", in: features, out: config.timeWidth, layout: &builder)
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
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        let e = condition(parameters, time(parameters, input.t), input.condition).silu()
        var h = entry(parameters, input.x)
        for block in blocks {
            let parts = Self.parts(block.modulation(parameters, e), 3)
            let modulated = AdaptiveLayerNorm.apply(h, shift: parts[0], scale: parts[1])
            let hidden = dropout(block.first(parameters, modulated).gelu(), &pass)
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

extension ResidualMLP {
    /// Widths, depth and dropout.
    public struct Config: VelocityNetConfig {
        /// Features of the residual stream, W.
        public var width = 512
        /// Number of blocks.
        public var depth = 3
        /// Hidden units of a block, in units of the width.
        public var expansion = 1.0
        /// Width of the time embedding, even.
        public var timeWidth = 64
        /// Dropout probability of a block's hidden units.
        public var dropout = 0.0

        /// About as many weights as DeepWeightFlow's net of the same width.
        public init() {}

        /// Hidden units of a block, 1 at least.
        public var hidden: Int { max(1, Int((Double(width) * expansion).rounded())) }

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...16_384).contains(width) { return "width \(width) is not in 1...16384" }
            if !(1...64).contains(depth) { return "depth \(depth) is not in 1...64" }
            if !(0.01...16).contains(expansion) { return "expansion \(expansion) is not in 0.01...16" }
            if !(2...4096).contains(timeWidth) || !timeWidth.isMultiple(of: 2) {
                return "timeWidth \(timeWidth) is not an even number in 2...4096"
            }
            return dropout >= 0 && dropout < 1 ? nil : "dropout \(dropout) is not in [0, 1)"
        }

        /// What can be set.
        public static let keys = [
            ConfigKey("width", .integer(1...16_384), "Features of the residual stream"),
            ConfigKey("depth", .integer(1...64), "Number of blocks"),
            ConfigKey(
                "expansion", .number(atLeast: 0.01, atMost: 16), "Hidden units of a block, in units of the width"),
            ConfigKey("timeWidth", .integer(2...4096), "Width of the time embedding, even"),
            ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability of a block's hidden units"),
        ]

        /// Why no net can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            ResidualMLP(dimension: dimension, config: self)
        }

        /// It is told them with the time.
        public var takesConditions: Bool { true }

        /// The same with conditions.
        public func conditionalNet(
            dimension: Int, layout: ParameterLayout, features: Int
        ) throws -> any VelocityNet {
            ResidualMLP(dimension: dimension, config: self, conditions: features)
        }

        /// The kind with its depth.
        public var label: String { "residual MLP, depth \(depth)" }
        /// W.
        public var size: (name: String, value: Int) { ("width", width) }
    }
}
