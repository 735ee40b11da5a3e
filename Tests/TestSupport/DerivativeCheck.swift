import Tensors

/// How far a function's derivatives are from what they must be; every entry should be tiny.
public struct DerivativeCheck {
    /// VJP against central differences in double precision.
    public let vjp: Double
    /// JVP against central differences in double precision.
    public let jvp: Double
    /// |<u, J v> - <J' u, v>|, relative.
    public let adjoint: Double
    /// |<a, H b> - <b, H a>| for the scalar <w, f(x)>, relative.
    public let symmetry: Double
    /// H b against central differences of the gradient.
    public let hessian: Double
    /// Single precision against double, value and VJP.
    public let single: Double

    /// Whether all are as small as rounding and central differences allow.
    public var isRight: Bool {
        vjp < 1e-6 && jvp < 1e-6 && adjoint < 1e-10 && symmetry < 1e-9 && hessian < 1e-5 && single < 2e-5
    }

    /// Checks `f` at `inputs` (double precision) along random directions.
    public init(at inputs: [Tensor], of f: @escaping ([Tensor]) -> [Tensor]) {
        func random(_ tensors: [Tensor], _ seed: UInt64) -> [Tensor] {
            tensors.enumerated().map { normalDoubles($1.shape, seed: seed, index: UInt64($0)).moved(toBackendOf: $1) }
        }
        func moved(_ step: Double, along v: [Tensor]) -> [Tensor] { zip(inputs, v).map { $0 + $1 * step } }
        func inner(_ a: [Tensor], _ b: [Tensor]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar } }
        func gap(_ a: Double, _ b: Double) -> Double { abs(a - b) / max(1e-9, abs(a), abs(b), 1e-3) }

        let v = random(inputs, 11)
        let (values, pull) = pullback(at: inputs, of: f)
        let u = random(values, 12)
        let cotangents = pull(u)
        let tangents = pushforward(at: inputs, along: v, of: f).tangents
        let step = 1e-5
        let slopes = zip(f(moved(step, along: v)), f(moved(-step, along: v))).map { ($0 - $1) / (2 * step) }
        vjp = gap(inner(cotangents, v), inner(u, slopes))
        jvp = zip(tangents, slopes).map { relativeDifference($0, $1, floor: 1e-3) }.max() ?? 0
        adjoint = gap(inner(u, tangents), inner(cotangents, v))

        func gradient(_ x: [Tensor]) -> [Tensor] { pullback(at: x, of: f).pull(u) }
        func product(_ direction: [Tensor]) -> [Tensor] {
            pushforward(at: inputs, along: direction, of: gradient).tangents
        }
        let w = random(inputs, 13)
        let (hv, hw) = (product(v), product(w))
        symmetry = gap(inner(w, hv), inner(v, hw))
        let curves = zip(gradient(moved(step, along: v)), gradient(moved(-step, along: v))).map {
            ($0 - $1) / (2 * step)
        }
        hessian = zip(hv, curves).map { relativeDifference($0, $1, floor: 1e-2) }.max() ?? 0

        let narrow = inputs.map { $0.converted(to: .single) }
        let (narrowValues, narrowPull) = pullback(at: narrow, of: f)
        let narrowGradient = narrowPull(u.map { $0.converted(to: .single) })
        let pairs = Array(zip(narrowValues + narrowGradient, values + cotangents))
        single = pairs.map { relativeDifference($0.doubles, $1.doubles, floor: 1e-2) }.max() ?? 0
    }
}
