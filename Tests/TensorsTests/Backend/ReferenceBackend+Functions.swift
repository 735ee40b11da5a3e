import CKernels
import Foundation

extension ck_unary {
    static func exponential(_ x: Double) -> Double { exp(x) }
    static func logarithm(_ x: Double) -> Double { log(x) }

    /// The function of one number.
    func reference(_ x: Double) -> Double {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        switch self {
        case CK_NEGATE: return -x
        case CK_EXP: return exp(x)
        case CK_LOG: return log(x)
        case CK_SQRT: return x.squareRoot()
        case CK_RECIPROCAL: return 1 / x
        case CK_TANH: return tanh(x)
        case CK_ERF: return erf(x)
        case CK_SIGMOID: return sigmoid(x)
        case CK_SIN: return sin(x)
        case CK_COS: return cos(x)
        case CK_ABS: return abs(x)
        case CK_SIGN: return x > 0 ? 1 : x < 0 ? -1 : 0
        case CK_RELU: return max(x, 0)
        case CK_STEP: return x > 0 ? 1 : 0
        case CK_SQUARE: return x * x
        case CK_GELU: return 0.5 * x * erfc(-x / 2.squareRoot())
        case CK_GELU_TANH: return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case CK_SILU: return x * sigmoid(x)
        case CK_SOFTPLUS: return max(x, 0) + log1p(exp(-abs(x)))
        case CK_LOG1P: return log1p(x)
        case CK_EXPM1: return expm1(x)
        default: preconditionFailure("reference: elementwise function \(rawValue)")
        }
    }
}

extension ck_binary {
    /// The function of two numbers.
    func reference(_ a: Double, _ b: Double) -> Double {
        switch self {
        case CK_ADD: return a + b
        case CK_SUBTRACT: return a - b
        case CK_MULTIPLY: return a * b
        case CK_DIVIDE: return a / b
        case CK_MAXIMUM: return max(a, b)
        case CK_MINIMUM: return min(a, b)
        case CK_GREATER: return a > b ? 1 : 0
        case CK_GREATER_EQUAL: return a >= b ? 1 : 0
        case CK_EQUAL: return a == b ? 1 : 0
        case CK_GELU_GRADIENT:
            return b * (0.5 * erfc(-a / 2.squareRoot()) + a * exp(-a * a / 2) / (2 * Double.pi).squareRoot())
        case CK_RELU_GRADIENT: return a <= 0 ? 0 : b
        case CK_WHERE: return a > 0 ? b : 0
        case CK_TANH_GRADIENT: return b * (1 - a * a)
        case CK_UNLESS: return a > 0 ? 0 : b
        default: preconditionFailure("reference: elementwise function \(rawValue)")
        }
    }
}
