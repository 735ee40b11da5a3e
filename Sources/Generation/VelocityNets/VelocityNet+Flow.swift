import Networks
import Tensors

extension VelocityNet {
    /// An integration from t = 0 to t = 1 of a velocity from a start.
    typealias Integration = (_ start: Tensor, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor) -> Tensor

    /// The map from x(0) to x(1), through the net's reduced space where it has one.
    func flow(_ parameters: Parameters, integrate: @escaping Integration) -> (_ start: Tensor) -> Tensor {
        if let reduced = reduced(parameters) {
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
