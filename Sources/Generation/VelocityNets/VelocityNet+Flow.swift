import Networks
import Tensors

extension VelocityNet {
    /// An integration from t = 0 to t = 1 of a velocity from a start.
    typealias Integration = (_ start: Tensor, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor) -> Tensor

    /// The map from x(0) to x(1), through the net's reduced space where it has one.
    ///
    /// A tolerance is for x, and errors in the reduced space are others: adaptive steps integrate x itself.
    func flow(_ parameters: Parameters, by solver: Solver) -> (_ start: Tensor) -> Tensor {
        flow(parameters, isReduced: solver.tolerance == nil, integrate: solver.integrate)
    }

    /// The same by any integration.
    func flow(
        _ parameters: Parameters, isReduced: Bool = true, integrate: @escaping Integration
    ) -> (_ start: Tensor) -> Tensor {
        if isReduced, let reduced = reduced(parameters) {
            return { x in reduced.end(x, integrate(reduced.start(x), reduced.velocity)) }
        }
        return { start in
            integrate(start) { x, t in
                var evaluation: RandomStream?
                return self(parameters, x, .full([x.shape[0], 1], t), &evaluation)
            }
        }
    }
}
