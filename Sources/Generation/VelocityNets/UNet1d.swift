import Basics
import Networks
import Tensors

/// A U-Net along the code: residual convolutions at lengths L, L/2, L/4, ..., each level's result handed across to the
/// level's way back.
///
/// A code [B, K] is padded with zeros to [B, 1, L], L the next multiple of 2^(levels - 1). Downwards a convolution of
/// width 3 halves the length, upwards a transposed one of width 4 doubles it. The head is zero at the start, so that v
/// is.
///
/// Source: Ronneberger, Fischer, Brox, U-Net, 2015, and Ho, Jain, Abbeel, Denoising diffusion probabilistic models,
/// 2020, along a line as in p-diff (Wang et al., Neural network diffusion, 2024), whose released net has neither norms
/// nor levels. Where we differ: the places of a code are not alike, as pixels are, so a learned table [C_0, L] is added
/// after the first convolution.
public struct UNet1d: VelocityNet {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    /// K.
    public let dimension: Int
    /// L.
    let length: Int
    private let time: TimeEmbedding
    private let condition: ConditionPort?
    private let entry: Conv1d
    private let places: Slot
    private let downward: [Stage]
    private let middle: ResidualConvolution1d
    private let upward: [Stage]
    private let norm: GroupNorm
    private let head: Conv1d

    /// One level's residual block and the change of length next to it, if any.
    private struct Stage: Sendable {
        var block: ResidualConvolution1d
        var halving: Conv1d?
        var doubling: ConvTranspose1d?
    }

    /// Declares the layers for codes of length `dimension`, and for conditions of so many features, which are added to
    /// the time's embedding. Traps unless the dimension is positive and the config has no problem.
    public init(dimension: Int, config: Config = Config(), conditions features: Int? = nil) {
        precondition(dimension > 0 && config.problem == nil, "UNet1d: dimension \(dimension), \(config.problem ?? "")")
        var builder = ParameterLayout.Builder()
        let channels = config.channels, last = channels.count - 1
        let unit = 1 << last
        length = (dimension + unit - 1) / unit * unit
        time = TimeEmbedding("time", width: config.timeWidth, layout: &builder)
        entry = Conv1d(
            "entry", in: 1, out: channels[0], kernel: config.kernel, padding: config.kernel / 2, layout: &builder)
        places = builder.addSlot("places", shape: [channels[0], length], role: .shift)
        downward = channels.indices.map { level in
            Stage(
                block: ResidualConvolution1d(
                    "down.\(level)", in: channels[max(level - 1, 0)], out: channels[level], config: config,
                    layout: &builder),
                halving: level == last
                    ? nil
                    : Conv1d(
                        "down.\(level).halving", in: channels[level], out: channels[level], kernel: 3, stride: 2,
                        padding: 1, layout: &builder))
        }
        middle = ResidualConvolution1d(
            "middle", in: channels[last], out: channels[last], config: config, layout: &builder)
        upward = channels.indices.reversed().map { level in
            Stage(
                block: ResidualConvolution1d(
                    "up.\(level)", in: 2 * channels[level], out: channels[level], config: config, layout: &builder),
                doubling: level == 0
                    ? nil
                    : ConvTranspose1d(
                        "up.\(level).doubling", in: channels[level], out: channels[level - 1], kernel: 4, stride: 2,
                        padding: 1, layout: &builder))
        }
        norm = GroupNorm("norm", groups: config.groups, channels: channels[0], spatialRank: 1, layout: &builder)
        head = Conv1d(
            "head", in: channels[0], out: 1, kernel: config.kernel, padding: config.kernel / 2, layout: &builder)
        condition = ConditionPort("condition", in: features, out: config.timeWidth, layout: &builder)
        layout = builder.layout()
        self.dimension = dimension
    }

    /// PyTorch's default initialisation; modulations, second convolutions and head at zero.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "velocity-net.initialization")
        return Initialization.pytorch.network(layout, stream) { slot in
            let isStill = slot.name.contains("modulation.") || slot.name.contains("conv2.")
            return isStill || slot.name.hasPrefix("head.") ? 0 : 1
        }
    }

    /// v(x, t): [B, K] and [B, 1] to [B, K].
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        let e = condition(parameters, time(parameters, input.t), input.condition).silu()
        let x = input.x
        let line = x.padded(axis: 1, before: 0, after: length - dimension).reshaped([x.shape[0], 1, length])
        var h = entry(parameters, line) + parameters[places]
        var handed: [Tensor] = []
        for stage in downward {
            h = stage.block(parameters, h, e, &pass)
            handed.append(h)
            if let halving = stage.halving { h = halving(parameters, h) }
        }
        h = middle(parameters, h, e, &pass)
        for (stage, across) in zip(upward, handed.reversed()) {
            h = stage.block(parameters, .concatenate([h, across], axis: 1), e, &pass)
            if let doubling = stage.doubling { h = doubling(parameters, h) }
        }
        let result = head(parameters, norm(parameters, h).silu())
        return result.reshaped([x.shape[0], length]).sliced(axis: 1, 0..<dimension)
    }
}

extension UNet1d {
    /// Channels, kernel and dropout.
    public struct Config: VelocityNetConfig {
        /// Channels of each level, the longest sequence first; every level but the first has half its length.
        public var channels = [32, 64, 128]
        /// Width of the convolutions' kernels, odd; p-diff's.
        public var kernel = 7
        /// Groups of the group norms, a divisor of all channels.
        public var groups = 8
        /// Width of the time embedding, even.
        public var timeWidth = 64
        /// Dropout probability within a residual block.
        public var dropout = 0.0

        /// Three levels.
        public init() {}

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...8).contains(channels.count) { return "channels \(channels) are not 1 to 8 levels" }
            if !(1...64).contains(groups) { return "groups \(groups) is not in 1...64" }
            if !channels.allSatisfy({ (1...2048).contains($0) && $0.isMultiple(of: groups) }) {
                return "channels \(channels) are not multiples of groups \(groups) in 1...2048"
            }
            if !(1...63).contains(kernel) || kernel.isMultiple(of: 2) {
                return "kernel \(kernel) is not an odd number in 1...63"
            }
            if !(2...4096).contains(timeWidth) || !timeWidth.isMultiple(of: 2) {
                return "timeWidth \(timeWidth) is not an even number in 2...4096"
            }
            return dropout >= 0 && dropout < 1 ? nil : "dropout \(dropout) is not in [0, 1)"
        }

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "channels", .list(.integer(1...2048), count: 1...8), "Channels of each level; each halves the length"),
            ConfigKey("kernel", .integer(1...63), "Width of the kernels, odd"),
            ConfigKey("groups", .integer(1...64), "Groups of the group norms, a divisor of all channels"),
            ConfigKey("timeWidth", .integer(2...4096), "Width of the time embedding, even"),
            ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability within a residual block"),
        ]

        /// Why no net can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            UNet1d(dimension: dimension, config: self)
        }

        /// It is told them with the time.
        public var takesConditions: Bool { true }

        /// The same with conditions.
        public func conditionalNet(
            dimension: Int, layout: ParameterLayout, features: Int
        ) throws -> any VelocityNet {
            UNet1d(dimension: dimension, config: self, conditions: features)
        }

        /// The kind with its number of levels.
        public var label: String { "U-Net of \(channels.count) levels" }
        /// Channels of the shortest level.
        public var size: (name: String, value: Int) { ("channels", channels.last ?? 0) }
    }
}

/// Two convolutions beside a shortcut, the second after a group norm that the time shifts and scales.
///
///     h = conv_1(silu(n_1(x))),   (shift, scale) = A silu(e) + a
///     y = shortcut(x) + conv_2(dropout(silu(n_2(h) (1 + scale) + shift)))
///
/// x: [B, in, L]; y: [B, out, L]; the shortcut is the identity, or a kernel of width 1 where the channels differ.
///
/// Source: the residual block of Dhariwal & Nichol, Diffusion models beat GANs on image synthesis, 2021 ("scale-shift
/// norm"), along a line. conv_2 is to start at zero.
struct ResidualConvolution1d: Sendable {
    private let norms: (first: GroupNorm, second: GroupNorm)
    private let convolutions: (first: Conv1d, second: Conv1d)
    private let modulation: Linear
    private let shortcut: Conv1d?
    private let dropout: Dropout

    /// Declares `name.norm1`, `name.conv1`, `name.modulation`, `name.norm2`, `name.conv2` and `name.shortcut`.
    init(
        _ name: String, in inputs: Int, out outputs: Int, config: UNet1d.Config,
        layout: inout ParameterLayout.Builder
    ) {
        func norm(_ suffix: String, _ channels: Int) -> GroupNorm {
            GroupNorm("\(name).\(suffix)", groups: config.groups, channels: channels, spatialRank: 1, layout: &layout)
        }
        func convolution(_ suffix: String, _ inputs: Int) -> Conv1d {
            Conv1d(
                "\(name).\(suffix)", in: inputs, out: outputs, kernel: config.kernel, padding: config.kernel / 2,
                layout: &layout)
        }
        let norm1 = norm("norm1", inputs), conv1 = convolution("conv1", inputs)
        modulation = Linear("\(name).modulation", in: config.timeWidth, out: 2 * outputs, layout: &layout)
        norms = (norm1, norm("norm2", outputs))
        convolutions = (conv1, convolution("conv2", outputs))
        shortcut =
            inputs == outputs
            ? nil : Conv1d("\(name).shortcut", in: inputs, out: outputs, kernel: 1, layout: &layout)
        dropout = Dropout(config.dropout)
    }

    /// x [B, in, L] beside e' = silu(e) [B, T] to [B, out, L].
    func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, _ e: Tensor, _ pass: inout ForwardPass
    ) -> Tensor {
        let hidden = convolutions.first(parameters, norms.first(parameters, x).silu())
        let (batch, channels) = (hidden.shape[0], hidden.shape[1])
        let steering = modulation(parameters, e).reshaped([batch, 2 * channels, 1])
        let shift = steering.sliced(axis: 1, 0..<channels)
        let scale = steering.sliced(axis: 1, channels..<(2 * channels))
        let steered = (norms.second(parameters, hidden) * (scale + 1) + shift).silu()
        let branch = convolutions.second(parameters, dropout(steered, &pass))
        return (shortcut.map { $0(parameters, x) } ?? x) + branch
    }
}
