import CKernels

/// An operand without history that nobody else holds is written over: its block becomes the result's. Such are the
/// inner values of an expression, and variables that are handed on by `consume`.
extension Tensor {
    consuming func mapped(_ op: ck_unary) -> Tensor {
        if node == nil || op == CK_SIGN || op == CK_STEP { return Tensor(backend.map(op, release())) }
        let result = backend.map(op, array)
        return .recorded(.unary(op), [self], result, keepingResult: op.derivativeUsesResult)
    }

    static func zipped(_ op: ck_binary, _ a: consuming Tensor, _ b: consuming Tensor) -> Tensor {
        precondition(a.precision == b.precision, "\(op.name): precisions \(a.precision) and \(b.precision)")
        a.checkBackend(b, op.name)
        let (backend, shape) = (a.backend, Shape.broadcast(a.shape, b.shape, op.name))
        if (a.node == nil && b.node == nil) || op.isComparison {
            return Tensor(backend.zip(op, a.release().broadcast(to: shape), b.release().broadcast(to: shape)))
        }
        let result = backend.zip(op, a.array.broadcast(to: shape), b.array.broadcast(to: shape))
        return .recorded(.binary(op), [a, b], result)
    }

    /// `scale * x + offset`.
    public consuming func scaled(by scale: Double, plus offset: Double = 0) -> Tensor {
        if node == nil { return Tensor(backend.affine(release(), scale: scale, offset: offset)) }
        let result = backend.affine(array, scale: scale, offset: offset)
        return .recorded(.affine(scale: scale, offset: offset), [self], result)
    }

    /// Elementwise e^x.
    public consuming func exp() -> Tensor { mapped(CK_EXP) }
    /// Elementwise natural logarithm; -inf at 0, NaN below.
    public consuming func log() -> Tensor { mapped(CK_LOG) }
    /// Elementwise square root; NaN below 0.
    public consuming func sqrt() -> Tensor { mapped(CK_SQRT) }
    /// Elementwise 1/x.
    public consuming func reciprocal() -> Tensor { mapped(CK_RECIPROCAL) }
    /// Elementwise hyperbolic tangent.
    public consuming func tanh() -> Tensor { mapped(CK_TANH) }
    /// Elementwise error function.
    public consuming func erf() -> Tensor { mapped(CK_ERF) }
    /// Elementwise 1 / (1 + e^-x).
    public consuming func sigmoid() -> Tensor { mapped(CK_SIGMOID) }
    /// Elementwise sine (radians).
    public consuming func sin() -> Tensor { mapped(CK_SIN) }
    /// Elementwise cosine (radians).
    public consuming func cos() -> Tensor { mapped(CK_COS) }
    /// Elementwise |x|; derivative 0 at 0, and NaN at NaN (PyTorch: 0).
    public consuming func abs() -> Tensor { mapped(CK_ABS) }
    /// Elementwise sign: -1, 0 or 1; NaN at NaN (PyTorch: 0). Its derivative is zero.
    public consuming func sign() -> Tensor { mapped(CK_SIGN) }
    /// Elementwise max(x, 0); derivative 0 at 0, and 1 at NaN, as in PyTorch.
    public consuming func relu() -> Tensor { mapped(CK_RELU) }
    /// Elementwise x^2.
    public consuming func square() -> Tensor { mapped(CK_SQUARE) }
    /// Elementwise x Phi(x), exact (Hendrycks & Gimpel, Gaussian Error Linear Units, 2016).
    public consuming func gelu() -> Tensor { mapped(CK_GELU) }
    /// Elementwise x sigmoid(x).
    public consuming func silu() -> Tensor { mapped(CK_SILU) }
    /// Elementwise x s(u), s the sigmoid, u = sqrt(8 / pi) (x + 0.044715 x^3): `gelu` approximately, as PyTorch's
    /// `approximate="tanh"`.
    public consuming func geluTanh() -> Tensor { mapped(CK_GELU_TANH) }
    /// Elementwise log(1 + x), exact near 0; -inf at -1, NaN below.
    public consuming func log1p() -> Tensor { mapped(CK_LOG1P) }
    /// Elementwise e^x - 1, exact near 0.
    public consuming func expm1() -> Tensor { mapped(CK_EXPM1) }
    /// Elementwise log(1 + e^x), without overflow.
    public consuming func softplus() -> Tensor { mapped(CK_SOFTPLUS) }
    /// Elementwise larger of two, NaN where one is; where equal the derivative is shared evenly.
    ///
    /// Where one is NaN both have a derivative of 1, as in PyTorch.
    public consuming func maximum(_ other: consuming Tensor) -> Tensor { .zipped(CK_MAXIMUM, self, other) }
    /// Elementwise smaller of two, NaN where one is; derivatives as those of `maximum`.
    public consuming func minimum(_ other: consuming Tensor) -> Tensor { .zipped(CK_MINIMUM, self, other) }
    /// 1 where self > other, else 0. No derivative.
    public consuming func isGreater(than other: consuming Tensor) -> Tensor { .zipped(CK_GREATER, self, other) }
    /// 1 where self >= other, else 0. No derivative.
    public consuming func isGreaterOrEqual(to other: consuming Tensor) -> Tensor {
        .zipped(CK_GREATER_EQUAL, self, other)
    }
    /// 1 where equal, else 0. No derivative.
    public consuming func isEqual(to other: consuming Tensor) -> Tensor { .zipped(CK_EQUAL, self, other) }
}

extension Tensor {
    /// Elementwise sum; shapes broadcast by NumPy's rule.
    public static func + (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_ADD, a, b) }
    /// Elementwise difference; shapes broadcast by NumPy's rule.
    public static func - (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_SUBTRACT, a, b) }
    /// Elementwise product; shapes broadcast by NumPy's rule.
    public static func * (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_MULTIPLY, a, b) }
    /// Elementwise quotient; shapes broadcast by NumPy's rule.
    public static func / (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_DIVIDE, a, b) }
    /// Elementwise negation.
    public static prefix func - (a: consuming Tensor) -> Tensor { a.mapped(CK_NEGATE) }
    /// Adds a number to each element.
    public static func + (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1, plus: b) }
    /// Adds each element to a number.
    public static func + (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: 1, plus: a) }
    /// Subtracts a number from each element.
    public static func - (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1, plus: -b) }
    /// Subtracts each element from a number.
    public static func - (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: -1, plus: a) }
    /// Multiplies each element by a number.
    public static func * (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: b) }
    /// Multiplies each element by a number.
    public static func * (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: a) }
    /// Divides each element by a number (multiplies by its reciprocal).
    public static func / (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1 / b) }
}

extension ck_binary {
    var isComparison: Bool { self == CK_GREATER || self == CK_GREATER_EQUAL || self == CK_EQUAL }

    /// How messages name the operation.
    var name: String {
        switch self {
        case CK_ADD: "add"
        case CK_SUBTRACT: "subtract"
        case CK_MULTIPLY: "multiply"
        case CK_DIVIDE: "divide"
        case CK_MAXIMUM: "maximum"
        case CK_MINIMUM: "minimum"
        default: "elementwise"
        }
    }
}

extension ck_unary {
    /// Whether the derivative is cheapest in terms of the result.
    var derivativeUsesResult: Bool {
        self == CK_EXP || self == CK_SQRT || self == CK_RECIPROCAL || self == CK_TANH || self == CK_SIGMOID
    }
}

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
        case CK_GELU_TANH: return g * Self.geluTanhDerivative(x)
        case CK_LOG1P: return g / (x + 1)
        case CK_EXPM1: return g * x.exp()
        default: preconditionFailure("derivative: elementwise function \(rawValue) has no rule")
        }
    }

    /// d/dx of x s(u), s the sigmoid, u = sqrt(8 / pi) (x + 0.044715 x^3): s + x s (1 - s) u'.
    ///
    /// It is 0 or 1 beyond 40; holding x there keeps its square from overflowing.
    private static func geluTanhDerivative(_ x: Tensor) -> Tensor {
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
        case CK_DIVIDE: return index == 0 ? g / b : -g * (a / b / b)  // b * b may leave the range of numbers
        case CK_MAXIMUM, CK_MINIMUM: return g * share(index, a, b)
        case CK_RELU_GRADIENT: return index == 0 ? g.scaled(by: 0) : .zipped(CK_RELU_GRADIENT, a, g)
        case CK_WHERE, CK_UNLESS: return index == 0 ? g.scaled(by: 0) : .zipped(self, a, g)
        case CK_TANH_GRADIENT: return index == 0 ? (g * a * b).scaled(by: -2) : .zipped(CK_TANH_GRADIENT, a, g)
        case CK_GELU_GRADIENT: return index == 0 ? g * b * Self.geluCurvature(a) : .zipped(CK_GELU_GRADIENT, a, g)
        default: preconditionFailure("derivative: elementwise function \(name) has no rule")
        }
    }

    /// 0 where this operand loses, 1/2 where both are equal, else 1: also where one is NaN.
    private func share(_ index: Int, _ a: Tensor, _ b: Tensor) -> Tensor {
        let (mine, other) = index == 0 ? (a, b) : (b, a)
        let loses = self == CK_MAXIMUM ? other.isGreater(than: mine) : mine.isGreater(than: other)
        return 1 - (loses + mine.isEqual(to: other).scaled(by: 0.5))
    }

    /// d2 gelu / dx2 = phi(x) (2 - x^2), in an order in which a large x gives 0.
    private static func geluCurvature(_ x: Tensor) -> Tensor {
        let density = x.square().scaled(by: -0.5).exp().scaled(by: 1 / (2 * Double.pi).squareRoot())
        return density.scaled(by: 2) - density * x * x
    }
}
