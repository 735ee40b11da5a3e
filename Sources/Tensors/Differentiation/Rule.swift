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
    /// Which inputs a gradient is wanted for.
    let needs: [Bool]
    /// Shapes of the outputs.
    let outputShapes: [Shape]

    init(_ node: Node, needs: [Bool], isNested: Bool) {
        inputs = isNested ? node.inputs : node.inputs.map(\.detached)
        result = node.result.map { Tensor($0, node: isNested ? node : nil) }
        saved = node.saved
        self.isNested = isNested
        self.needs = needs
        outputShapes = node.outputShapes
    }

    /// Gradient for input `index` if wanted.
    func wanted(_ index: Int, _ gradient: () -> Tensor) -> Tensor? { needs[index] ? gradient() : nil }

    /// The kept result; traps where the forward did not keep it, which is a defect of the operation.
    var keptResult: Tensor {
        guard let result else { preconditionFailure("rule: the forward kept no result") }
        return result
    }
}

extension Primitive {
    /// Cotangents of the inputs from those of the outputs (reverse mode), nil where none is wanted.
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
                rule.wanted(index) { op.partial(index, rule, times: g).summed(to: rule.inputs[index].shape) }
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
                Self.total([0, 1].map { index in
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
