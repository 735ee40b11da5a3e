import Basics
import Networks
import Tensors

/// The velocity v = -grad_x V(x, t) of a perceptron's potential:
///
///     V(x, t) = c(t)' x + sum_k q(t)_k x_k^2 / 2 + w' h_L,   h_i = softplus(W_i h_i-1 + B_i e(t) + b_i),   h_0 = x
///
/// x: [B, K]; h: [B, W]; e(t) the time's embedding, c and q affine in it. Without `timed` there is no e, and V is the same
/// at all times. The first two terms move and stretch all K directions, which W < K hidden units alone could not. All of
/// c, q and w are zero at the start, so that v is. The gradient is taken by differentiation, and a loss of v nests another
/// one in it.
/// Source: Terpin, Lanzetti, Gadea, Doerfler, Learning diffusion at lightspeed, 2024 (JKOnet*), whose potential has
/// two such layers and no other terms.
public struct PotentialNet: VelocityNet {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    /// K.
    public let dimension: Int
    private let time: TimeEmbedding?
    private let layers: [Layer]
    private let head: Linear
    private let forms: Slot
    private let formsInTime: Linear?

    private struct Layer: Sendable {
        var inner: Linear
        var time: Linear?
    }

    /// Declares the layers for codes of length `dimension`. Traps unless that is positive and the config has no
    /// problem.
    public init(dimension: Int, config: Config = Config()) {
        precondition(
            dimension > 0 && config.problem == nil, "PotentialNet: dimension \(dimension), \(config.problem ?? "")")
        var builder = ParameterLayout.Builder()
        let width = config.width
        time = config.timed ? TimeEmbedding("time", width: config.timeWidth, layout: &builder) : nil
        layers = (0..<config.depth).map { index in
            let inputs = index == 0 ? dimension : width
            return Layer(
                inner: Linear("layers.\(index)", in: inputs, out: width, layout: &builder),
                time: config.timed
                    ? Linear("layers.\(index).time", in: config.timeWidth, out: width, bias: false, layout: &builder)
                    : nil)
        }
        head = Linear("head", in: width, out: 1, bias: false, layout: &builder)
        forms = builder.addSlot("forms", shape: [2 * dimension], role: .bias)
        formsInTime =
            config.timed
            ? Linear("forms.time", in: config.timeWidth, out: 2 * dimension, bias: false, layout: &builder) : nil
        layout = builder.layout()
        self.dimension = dimension
    }

    /// PyTorch's default initialisation; head and forms at zero.
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "velocity-net.initialization")
        return Initialization.pytorch.network(layout, stream) { slot in
            slot.name.hasPrefix("head.") || slot.name.hasPrefix("forms") ? 0 : 1
        }
    }

    /// V(x, t): [B, K] and [B, 1] to [B].
    public func potential(_ parameters: Parameters, _ x: Tensor, _ t: Tensor) -> Tensor {
        let e = time.map { $0(parameters, t).silu() }
        var h = x
        for layer in layers {
            var inner = layer.inner(parameters, h)
            if let e, let time = layer.time { inner = inner + time(parameters, e) }
            h = inner.softplus()
        }
        var forms = parameters[forms]
        if let e, let formsInTime { forms = formsInTime(parameters, e) + forms }
        let tilt = forms.sliced(axis: -1, 0..<dimension), stretch = forms.sliced(axis: -1, dimension..<(2 * dimension))
        let quadratic = (x * (tilt + x * stretch / 2)).sum(axes: [1])
        return head(parameters, h).reshaped([x.shape[0]]) + quadratic
    }

    /// v(x, t): [B, K] and [B, 1] to [B, K].
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        -gradient(at: input.x) { potential(parameters, $0, input.t).sum() }.gradient
    }
}

extension PotentialNet {
    /// Widths and depth.
    public struct Config: VelocityNetConfig {
        /// Hidden units of a layer, W.
        public var width = 256
        /// Number of hidden layers.
        public var depth = 2
        /// Whether the potential depends on time.
        public var timed = true
        /// Width of the time embedding, even.
        public var timeWidth = 64

        /// Two layers of 256.
        public init() {}

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...16_384).contains(width) { return "width \(width) is not in 1...16384" }
            if !(1...64).contains(depth) { return "depth \(depth) is not in 1...64" }
            return (2...4096).contains(timeWidth) && timeWidth.isMultiple(of: 2)
                ? nil : "timeWidth \(timeWidth) is not an even number in 2...4096"
        }

        /// What can be set.
        public static let keys = [
            ConfigKey("width", .integer(1...16_384), "Hidden units of a layer"),
            ConfigKey("depth", .integer(1...64), "Number of hidden layers"),
            ConfigKey("timed", .flag, "Whether the potential depends on time"),
            ConfigKey("timeWidth", .integer(2...4096), "Width of the time embedding, even; without timed not used"),
        ]

        /// Why no net can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            PotentialNet(dimension: dimension, config: self)
        }

        /// The kind with its depth.
        public var label: String { "\(timed ? "timed" : "static") potential, depth \(depth)" }
        /// W.
        public var size: (name: String, value: Int) { ("width", width) }
    }
}
