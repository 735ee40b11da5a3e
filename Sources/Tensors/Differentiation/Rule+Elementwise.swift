import CKernels

extension ck_unary {
    /// g f'(x): both the VJP and the JVP of an elementwise function.
    func derivative(_ rule: Rule, times g: Tensor) -> Tensor {
        let x = rule.inputs[0]
        switch self {
        case CK_NEGATE: return -g
        case CK_EXP: return g * rule.keptResult
        case CK_LOG: return g / x
        case CK_SQRT: return g.scaled(by: 0.5) / rule.keptResult
        case CK_RECIPROCAL: return -g * rule.keptResult.square()
        case CK_TANH: return .zipped(CK_TANH_GRADIENT, rule.keptResult, g)
        case CK_ERF: return g * (-x.square()).exp().scaled(by: 2 / Double.pi.squareRoot())
        case CK_SIGMOID: return g * rule.keptResult * (1 - rule.keptResult)
        case CK_SIN: return g * x.cos()
        case CK_COS: return -g * x.sin()
        case CK_ABS: return g * x.sign()
        case CK_RELU: return .zipped(CK_RELU_GRADIENT, x, g)
        case CK_SQUARE: return g * x.scaled(by: 2)
        case CK_GELU: return .zipped(CK_GELU_GRADIENT, x, g)
        case CK_SILU:
            let s = x.sigmoid()
            return g * s * (x * (1 - s) + 1)
        case CK_SOFTPLUS: return g * x.sigmoid()
        case CK_GELU_TANH: return g * Self.geluTanhSlope(x)
        case CK_LOG1P: return g / (x + 1)
        case CK_EXPM1: return g * x.exp()
        default: preconditionFailure("derivative: elementwise function \(rawValue) has no rule")
        }
    }

    /// d/dx of x s(u), s the sigmoid, u = sqrt(8 / pi) (x + 0.044715 x^3): s + x s (1 - s) u'.
    ///
    /// It is 0 or 1 beyond 40; holding x there keeps its square from overflowing.
    private static func geluTanhSlope(_ x: Tensor) -> Tensor {
        let scale = (8 / Double.pi).squareRoot(), x = x.clamped(to: -40...40), square = x.square()
        let s = (x * square.scaled(by: 0.044715 * scale, plus: scale)).sigmoid()
        return s + x * s * (1 - s) * square.scaled(by: 3 * 0.044715 * scale, plus: scale)
    }
}

extension ck_binary {
    /// g df/d(input): the VJP before broadcasting is summed away, and a term of the JVP.
    func partial(_ index: Int, _ rule: Rule, times g: Tensor) -> Tensor {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        switch self {
        case CK_ADD: return g
        case CK_SUBTRACT: return index == 0 ? g : -g
        case CK_MULTIPLY: return g * (index == 0 ? b : a)
        case CK_DIVIDE: return index == 0 ? g / b : -g * a / b.square()
        case CK_MAXIMUM, CK_MINIMUM: return g * share(index, a, b)
        case CK_RELU_GRADIENT: return index == 0 ? g.scaled(by: 0) : .zipped(CK_RELU_GRADIENT, a, g)
        case CK_UNLESS: return index == 0 ? g.scaled(by: 0) : .zipped(CK_UNLESS, a, g)
        case CK_TANH_GRADIENT: return index == 0 ? (g * a * b).scaled(by: -2) : .zipped(CK_TANH_GRADIENT, a, g)
        case CK_GELU_GRADIENT: return index == 0 ? g * b * Self.geluCurvature(a) : .zipped(CK_GELU_GRADIENT, a, g)
        default: preconditionFailure("derivative: elementwise function \(name) has no rule")
        }
    }

    /// 1 where this operand wins, 1/2 where both are equal.
    private func share(_ index: Int, _ a: Tensor, _ b: Tensor) -> Tensor {
        let (mine, other) = index == 0 ? (a, b) : (b, a)
        let wins = self == CK_MAXIMUM ? mine.isGreater(than: other) : other.isGreater(than: mine)
        return wins + mine.isEqual(to: other).scaled(by: 0.5)
    }

    /// d2 gelu / dx2 = phi(x) (2 - x^2), in an order in which a large x gives 0.
    private static func geluCurvature(_ x: Tensor) -> Tensor {
        let density = x.square().scaled(by: -0.5).exp().scaled(by: 1 / (2 * Double.pi).squareRoot())
        return density.scaled(by: 2) - density * x * x
    }
}
