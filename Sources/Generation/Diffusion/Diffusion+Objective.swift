import Tensors

extension Diffusion: Objective {
    /// A minibatch: every code at a level of its own, x = in (alpha x1 + sigma eps), target a x1 + b eps, no weights.
    public func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression {
        let factors = schedule.draw(codes.shape[0], &stream).map(preconditioning.factors(at:))
        let eps = stream.normal(codes.shape).converted(to: codes.precision)
        func column(_ value: (Preconditioning.Factors) -> Double) -> Tensor {
            Tensor(factors.map(value), shape: [factors.count, 1], precision: codes.precision)
        }
        let point = codes * column { $0.input * $0.level.alpha } + eps * column { $0.input * $0.level.sigma }
        let target = codes * column(\.data) + eps * column(\.noise)
        return Regression(x: point, t: column(\.level.time), target: target, weight: nil)
    }
}
