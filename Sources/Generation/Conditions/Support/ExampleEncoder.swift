import Networks
import Tensors

/// What single examples are to the net, before any of the others is looked at.
protocol ExampleEncoder: Sendable {
    /// Examples [S, shape...] to [S, W].
    func callAsFunction(_ parameters: Parameters, _ examples: Tensor) -> Tensor
}

/// Rows: h = A x + W_2 gelu(W_1 x + b_1) + b_2. The linear way keeps what the net's first layer reads: the row itself.
struct RowEncoder: ExampleEncoder {
    private let straight: Linear
    private let first: Linear
    private let second: Linear

    init(_ shape: [Int], width: Int, layout: inout ParameterLayout.Builder) {
        let count = shape.reduce(1, *)
        straight = Linear("conditions.examples.straight", in: count, out: width, bias: false, layout: &layout)
        first = Linear("conditions.examples.0", in: count, out: 2 * width, layout: &layout)
        second = Linear("conditions.examples.2", in: 2 * width, out: width, layout: &layout)
    }

    func callAsFunction(_ parameters: Parameters, _ examples: Tensor) -> Tensor {
        let rows = examples.reshaped([examples.shape[0], -1])
        return straight(parameters, rows) + second(parameters, first(parameters, rows).gelu())
    }
}

/// Images: two convolutions 3x3 with strides of 2 and a linear layer over what they leave, beside the pixels' own.
///
///     h = A x + W flatten(gelu(conv_2(gelu(conv_1(x))))) + b,   16 and 32 channels
struct ImageEncoder: ExampleEncoder {
    private let straight: Linear
    private let first: Conv2d
    private let second: Conv2d
    private let output: Linear

    private static let channels = (first: 16, second: 32)

    /// Images [channels, height, width].
    init(_ shape: [Int], width: Int, layout: inout ParameterLayout.Builder) {
        precondition(shape.count == 3, "image encoder: images \(shape)")
        let halving = Convolution(stride: 2, padding: 1)
        func halved(_ extent: Int) -> Int { (extent + 1) / 2 }
        let pixels = halved(halved(shape[1])) * halved(halved(shape[2]))
        straight = Linear(
            "conditions.examples.straight", in: shape.reduce(1, *), out: width, bias: false, layout: &layout)
        first = Conv2d(
            "conditions.examples.0", in: shape[0], out: Self.channels.first, kernel: 3, halving, layout: &layout)
        second = Conv2d(
            "conditions.examples.2", in: Self.channels.first, out: Self.channels.second, kernel: 3, halving,
            layout: &layout)
        output = Linear("conditions.examples.5", in: Self.channels.second * pixels, out: width, layout: &layout)
    }

    func callAsFunction(_ parameters: Parameters, _ examples: Tensor) -> Tensor {
        let count = examples.shape[0]
        let maps = second(parameters, first(parameters, examples).gelu()).gelu()
        return straight(parameters, examples.reshaped([count, -1]))
            + output(parameters, maps.reshaped([count, -1]))
    }
}
