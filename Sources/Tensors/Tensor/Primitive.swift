import CKernels

/// Everything that can stand in a history. Each case has a forward, a VJP and a JVP, all in tensor operations.
///
/// To add one, see the page "Add an operation" in this module's README.
enum Primitive: Sendable {
    /// The point at which a derivative is taken; one input, the tensor it stands for.
    case leaf
    case unary(ck_unary)
    case affine(scale: Double, offset: Double)
    case binary(ck_binary)
    case matmul(transposeA: Bool, transposeB: Bool)
    /// x W' + b; inputs x, W `[..., out, in]`, b `[..., out]`.
    case linear
    case sum(axes: [Int])
    case maxLast
    case logSoftmax
    /// Inputs x, gamma, beta; saved mean and 1/std.
    case layerNorm(epsilon: Double)
    case broadcast
    case reshape
    case permute([Int])
    case slice(axis: Int, start: Int)
    case pad(axis: Int, before: Int, after: Int)
    case concatenate(axis: Int)
    case gather(axis: Int, indices: [Int32])
    case scatterAdd(axis: Int, indices: [Int32])
    /// Flat `[..., D]` to all slots, one output a slot.
    case unpack([PackedSlot])
    /// All slots to flat `[..., D]`.
    case pack([PackedSlot])
    /// softmax(scale q k' + bias) v; inputs q, k, v; saved what the backend needs, then the bias if there is one.
    case attention(scale: Double, isCausal: Bool)
    /// x^p elementwise, for a constant p.
    case power(exponent: Double)
    /// Patches of the last two axes as columns.
    case unfold(SlidingWindow)
    /// Columns added up into patches of the last two axes: the transpose of `unfold`.
    case fold(SlidingWindow)
    /// A whole function whose inner values are computed again where a rule needs them; one output a result.
    case checkpoint(Recomputation)
    /// A factor of the trilinear form of a convolution; inputs x, w and perhaps a bias, or g, w, or x, g.
    case convolution(ConvolutionGeometry, ConvolutionRole)
    /// Elements at given places of each row `[..., n]`.
    case take(Places)
    /// Adds each element to its place in a row of `count` zeros: the transpose of `take`.
    case put(Places, count: Int)
}

/// What a derivative rule may look at.
struct Rule {
    /// The operation's inputs; with their histories only where derivatives nest.
    let inputs: [Tensor]
    /// The operation's result, where it was kept.
    let result: Tensor?
    /// Further arrays kept by the forward.
    let saved: [StridedArray]
    /// Whether another derivative is being taken of this one.
    let isNested: Bool
    /// Which inputs need a gradient.
    let needs: [Bool]
    /// Shapes of the operation's outputs, in order.
    let outputShapes: [Shape]

    init(_ node: Node, needs: [Bool], isNested: Bool) {
        inputs = isNested ? node.inputs : node.inputs.map(\.detached)
        result = node.result.map { Tensor($0, node: isNested ? node : nil) }
        saved = node.saved
        self.isNested = isNested
        self.needs = needs
        outputShapes = node.outputShapes
    }

    /// The gradient by input `index`, computed only where the sweep needs it.
    func ifNeeded(_ index: Int, _ gradient: () -> Tensor) -> Tensor? { needs[index] ? gradient() : nil }

    /// The kept result; traps where the forward did not keep it, which is a defect of the operation.
    var keptResult: Tensor {
        guard let result else { preconditionFailure("rule: the forward kept no result") }
        return result
    }
}

extension Primitive {
    /// Cotangents of the inputs from those of the outputs (reverse mode), nil where none is needed.
    func vjp(_ rule: Rule, _ cotangents: [Tensor?]) -> [Tensor?] {
        switch self {
        case .unpack(let slots): return [Self.packCotangents(rule, slots, cotangents)]
        case .checkpoint(let f): return Self.checkpointVJP(rule, f, cotangents)
        default: break
        }
        guard let g = cotangents[0] else { return rule.inputs.map { _ in nil } }
        switch self {
        case .leaf: return [g]
        case .unary(let op): return [op.derivative(rule, times: g)]
        case .affine(let scale, _): return [g.scaled(by: scale)]
        case .binary(let op):
            return [0, 1].map { index in
                rule.ifNeeded(index) { op.partial(index, rule, times: g).summed(to: rule.inputs[index].shape) }
            }
        case .matmul(let ta, let tb): return Self.matmulVJP(rule, g, transposeA: ta, transposeB: tb)
        case .linear: return Self.linearVJP(rule, g)
        case .sum: return [g.broadcast(to: rule.inputs[0].shape)]
        case .maxLast: return [Self.maxWeights(rule) * g]
        case .logSoftmax: return [g - rule.keptResult.exp() * g.sum(axes: [-1], keepingDims: true)]
        case .layerNorm(let epsilon): return Self.layerNormVJP(rule, g, epsilon)
        case .attention(let scale, let isCausal):
            return Self.attentionVJP(rule, g, scale: scale, isCausal: isCausal)
        case .power(let exponent): return [Self.powerDerivative(rule, exponent, times: g)]
        case .convolution(let geometry, let role): return Self.convolutionVJP(rule, g, geometry, role)
        case .take(let places): return [g.putting(places, count: rule.inputs[0].shape.last ?? 0)]
        case .put(let places, _): return [g.taking(places)]
        default: return movementVJP(rule, g)
        }
    }

    /// Tangents of the outputs from those of the inputs (forward mode); a nil tangent is zero.
    func jvp(_ rule: Rule, _ tangents: [Tensor?]) -> [Tensor?] {
        switch self {
        case .leaf: return tangents
        case .unary(let op): return [tangents[0].map { op.derivative(rule, times: $0) }]
        case .affine(let scale, _): return [tangents[0].map { $0.scaled(by: scale) }]
        case .binary(let op):
            let shape = rule.outputShapes[0]
            return [
                Self.total(
                    [0, 1].map { index in
                        tangents[index].map { op.partial(index, rule, times: $0.broadcast(to: shape)) }
                    })
            ]
        case .matmul(let ta, let tb):
            let left = tangents[0].map { Tensors.matmul($0, rule.inputs[1], transposeA: ta, transposeB: tb) }
            let right = tangents[1].map { Tensors.matmul(rule.inputs[0], $0, transposeA: ta, transposeB: tb) }
            return [Self.total([left, right])]
        case .linear: return [Self.linearJVP(rule, tangents)]
        case .sum(let axes): return [tangents[0].map { $0.sum(axes: axes, keepingDims: true) }]
        case .maxLast:
            return [tangents[0].map { (Self.maxWeights(rule) * $0).sum(axes: [-1], keepingDims: true) }]
        case .logSoftmax:
            return [
                tangents[0].map { $0 - (rule.keptResult.exp() * $0).sum(axes: [-1], keepingDims: true) }
            ]
        case .layerNorm(let epsilon):
            let along = zip(rule.inputs, tangents).map { $1 ?? .zeros($0.shape, like: $0) }
            return pushforward(at: rule.inputs, along: along) {
                [$0[0].layerNormalizedPlainly(scale: $0[1], shift: $0[2], epsilon: epsilon)]
            }.tangents
        case .attention(let scale, let isCausal):
            return Self.attentionJVP(rule, tangents, scale: scale, isCausal: isCausal)
        case .power(let exponent): return [tangents[0].map { Self.powerDerivative(rule, exponent, times: $0) }]
        case .checkpoint(let f): return Self.checkpointJVP(rule, f, tangents)
        case .convolution(let geometry, let role): return [Self.convolutionJVP(rule, tangents, geometry, role)]
        case .take(let places): return [tangents[0].map { $0.taking(places) }]
        case .put(let places, let count): return [tangents[0].map { $0.putting(places, count: count) }]
        default: return movementJVP(rule, tangents)
        }
    }

    /// Sum of those that are there.
    static func total(_ terms: [Tensor?]) -> Tensor? {
        terms.compactMap { $0 }.reduce(nil) { sum, term in sum.map { $0 + term } ?? term }
    }
}
