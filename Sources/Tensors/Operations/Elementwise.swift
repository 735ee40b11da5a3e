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
    /// Elementwise |x|; derivative 0 at 0.
    public consuming func abs() -> Tensor { mapped(CK_ABS) }
    /// Elementwise sign: -1, 0 or 1. Its derivative is zero.
    public consuming func sign() -> Tensor { mapped(CK_SIGN) }
    /// Elementwise max(x, 0); derivative 0 at 0, as in PyTorch.
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
    /// Elementwise larger of two; where equal the derivative is shared evenly.
    public consuming func maximum(_ other: consuming Tensor) -> Tensor { .zipped(CK_MAXIMUM, self, other) }
    /// Elementwise smaller of two; where equal the derivative is shared evenly.
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
    /// Elementwise sum, broadcasting.
    public static func + (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_ADD, a, b) }
    /// Elementwise difference, broadcasting.
    public static func - (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_SUBTRACT, a, b) }
    /// Elementwise product, broadcasting.
    public static func * (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_MULTIPLY, a, b) }
    /// Elementwise quotient, broadcasting.
    public static func / (a: consuming Tensor, b: consuming Tensor) -> Tensor { zipped(CK_DIVIDE, a, b) }
    /// Elementwise negation.
    public static prefix func - (a: consuming Tensor) -> Tensor { a.mapped(CK_NEGATE) }
    /// Adds a number.
    public static func + (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1, plus: b) }
    /// Adds a number.
    public static func + (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: 1, plus: a) }
    /// Subtracts a number.
    public static func - (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1, plus: -b) }
    /// Subtracts from a number.
    public static func - (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: -1, plus: a) }
    /// Multiplies by a number.
    public static func * (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: b) }
    /// Multiplies by a number.
    public static func * (a: Double, b: consuming Tensor) -> Tensor { b.scaled(by: a) }
    /// Divides by a number.
    public static func / (a: consuming Tensor, b: Double) -> Tensor { a.scaled(by: 1 / b) }
}

extension ck_binary {
    var isComparison: Bool { self == CK_GREATER || self == CK_GREATER_EQUAL || self == CK_EQUAL }

    /// Name for messages.
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
