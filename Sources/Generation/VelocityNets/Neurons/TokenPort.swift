import Networks
import Tensors

/// The way in and out of one kind of token, the network's own or one group's units: h = W x + b, v = W_out h + b_out.
///
/// A kind without entries of its own (units that only edges know) starts as b and has no way out.
struct TokenPort: Sendable {
    private let entry: Linear?
    private let start: Slot?
    private let head: Linear?

    init(_ name: String, features: Int, width: Int, layout: inout ParameterLayout.Builder) {
        if features > 0 {
            entry = Linear("\(name).entry", in: features, out: width, layout: &layout)
            head = Linear("\(name).head", in: width, out: features, layout: &layout)
            start = nil
        } else {
            start = layout.addSlot("\(name).start", shape: [width], role: .bias)
            (entry, head) = (nil, nil)
        }
    }

    /// The layers that are zero at the start.
    var closed: [Linear] { head.map { [$0] } ?? [] }

    /// - x: [B, units, F], or nil where F = 0; returns [B, units, W].
    func open(_ parameters: Parameters, _ x: Tensor?, batch: Int, units: PackedSlot) -> Tensor {
        if let entry, let x { return entry.tokens(parameters, x) }
        guard let start else { return .zeros(Shape([batch] + units.shape.array), precision: parameters.flat.precision) }
        return parameters[start].broadcast(to: Shape([batch] + units.shape.array))
    }

    /// - h: [B, units, W]; returns [B, units, F], nil where F = 0.
    func close(_ parameters: Parameters, _ h: Tensor) -> Tensor? { head.map { $0.tokens(parameters, h) } }
}

/// The velocity of the weights between two groups of units, from their own values E and the units' tokens h:
///
/// v_ij = W_3 gelu(W_1 E_ij + W_a h_i + W_b h_j + b) + b_3 + P h_i . Q_c h_j / sqrt(width)
///
/// The perceptron lets a weight's own value count, the bilinear form lets its two units agree on it; both are zero at
/// the start (W_3, b_3 and Q are).
struct EdgeHead: Sendable {
    private let own: Linear
    private let first: Linear
    private let second: Linear
    private let output: Linear
    private let left: Linear
    private let right: Linear
    private let width: Int

    init(_ name: String, features: Int, width: Int, edgeWidth: Int, layout: inout ParameterLayout.Builder) {
        own = Linear("\(name).own", in: features, out: edgeWidth, bias: false, layout: &layout)
        first = Linear("\(name).first", in: width, out: edgeWidth, layout: &layout)
        second = Linear("\(name).second", in: width, out: edgeWidth, bias: false, layout: &layout)
        left = Linear("\(name).left", in: width, out: edgeWidth, bias: false, layout: &layout)
        right = Linear("\(name).right", in: width, out: features * edgeWidth, bias: false, layout: &layout)
        output = Linear("\(name).output", in: edgeWidth, out: features, layout: &layout)
        self.width = edgeWidth
    }

    /// The layers that are zero at the start.
    var closed: [Linear] { [right, output] }

    /// - edges: E, [B, I, J, F]; a, b: tokens [B, I, W] and [B, J, W]; returns [B, I, J, F].
    func callAsFunction(_ parameters: Parameters, _ edges: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        let (batch, i, j, features) = (edges.shape[0], edges.shape[1], edges.shape[2], edges.shape[3])
        let mine = own.tokens(parameters, edges)
        let fromFirst = first.tokens(parameters, a).reshaped([batch, i, 1, width])
        let fromSecond = second.tokens(parameters, b).reshaped([batch, 1, j, width])
        let alone = output.tokens(parameters, (mine + fromFirst + fromSecond).gelu())
        let agreed = matmul(
            left.tokens(parameters, a),
            right.tokens(parameters, b).reshaped([batch, j * features, width]), transposeB: true)
        return alone + agreed.reshaped(edges.shape).scaled(by: 1 / Double(width).squareRoot())
    }
}
