import Networks
import Tensors

extension VelocityNet {
    /// An integration from t = 0 to t = 1 of a velocity from a start, which may show every state.
    typealias Integration = (
        _ start: Tensor, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor, _ observe: StateObserver?
    ) -> Tensor

    /// The map from x(0) to x(1), through the net's reduced space where it has one.
    ///
    /// A tolerance is for x, and errors in the reduced space are others: adaptive steps integrate x itself.
    func flow(_ parameters: Parameters, by solver: Solver) -> (_ start: Tensor, _ observe: StateObserver?) -> Tensor {
        flow(parameters, isReduced: solver.tolerance == nil) { start, velocity, observe in
            solver.integrate(start, velocity: velocity, observe: observe)
        }
    }

    /// The same by any integration.
    func flow(
        _ parameters: Parameters, isReduced: Bool = true, integrate: @escaping Integration
    ) -> (_ start: Tensor, _ observe: StateObserver?) -> Tensor {
        if isReduced, let reduced = reduced(parameters) {
            return { x, observe in
                let states = observe.map { see -> StateObserver in
                    { y, t in see(t == 1 ? reduced.end(x, y) : reduced.state(x, y, t), t) }
                }
                return reduced.end(x, integrate(reduced.start(x), reduced.velocity, states))
            }
        }
        return { start, observe in
            integrate(start, { x, t in self(parameters, VelocityInput(x, .full([x.shape[0], 1], t))) }, observe)
        }
    }
}

/// Is handed a state and its time.
typealias StateObserver = (_ x: Tensor, _ t: Double) -> Void
