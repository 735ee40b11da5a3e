import Tensors

/// An explicit Runge-Kutta method as data: a Butcher tableau. The loop exists once.
///
/// k_i = v(x + h sum_j a_ij k_j, t + c_i h); x <- x + h sum_i b_i k_i. N steps are N intervals of [0, 1].
/// Reference: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 1993, section II.1.
public struct Solver: Sendable, Equatable {
    /// The known methods.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// Order 1, one evaluation a step.
        case euler
        /// Order 2, two evaluations.
        case midpoint
        /// Order 2, two evaluations.
        case heun
        /// Order 4, four evaluations.
        case rk4
    }

    /// The method.
    public let method: Method
    /// Number of intervals.
    public let steps: Int

    /// Traps unless steps >= 1.
    public init(_ method: Method, steps: Int) {
        precondition(steps >= 1, "solver: \(steps) steps")
        self.method = method
        self.steps = steps
    }

    /// Evaluations of the velocity for one integration (NFE).
    public var evaluations: Int { steps * method.tableau.weights.count }

    /// Integrates dx/dt = velocity(x, t) from t = 0 to t = 1.
    public func integrate(_ start: Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor) -> Tensor {
        let tableau = method.tableau
        let h = 1 / Double(steps)
        var x = start
        for step in 0..<steps {
            let t = Double(step) * h
            var slopes: [Tensor] = []
            for (node, row) in zip(tableau.nodes, tableau.matrix) {
                var point = x
                for (a, k) in zip(row, slopes) where a != 0 { point = point + k * (a * h) }
                slopes.append(velocity(point, t + node * h))
            }
            for (b, k) in zip(tableau.weights, slopes) where b != 0 { x = x + k * (b * h) }
        }
        return x
    }
}

extension Solver.Method {
    /// Rows a, weights b and nodes c.
    fileprivate var tableau: (matrix: [[Double]], weights: [Double], nodes: [Double]) {
        switch self {
        case .euler: ([[]], [1], [0])
        case .midpoint: ([[], [0.5]], [0, 1], [0, 0.5])
        case .heun: ([[], [1]], [0.5, 0.5], [0, 1])
        case .rk4:
            ([[], [0.5], [0, 0.5], [0, 0, 1]], [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6], [0, 0.5, 0.5, 1])
        }
    }
}
