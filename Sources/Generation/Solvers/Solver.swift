import Tensors

/// An explicit Runge-Kutta method with its steps: fixed ones, or such as keep an estimated error within a tolerance.
///
/// k_i = v(x + h sum_j a_ij k_j, t + c_i h); x <- x + h sum_i b_i k_i. N fixed steps are N intervals.
/// All operations are tensor operations, so gradients pass through a solution (the times of the steps are constants).
/// Reference: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 1993, sections II.1, II.4, II.5.
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
        /// Order 5, six evaluations; a seventh, which is the next step's first, estimates the error of adaptive steps.
        case dormandPrince = "dopri5"
    }

    /// The method.
    public let method: Method
    /// Number of intervals; the most that are tried where there is a tolerance.
    public let steps: Int
    /// The error allowed in a step, where steps are chosen by it.
    public let tolerance: Tolerance?

    /// Fixed steps. Traps unless steps >= 1.
    public init(_ method: Method, steps: Int) {
        precondition(steps >= 1, "solver: \(steps) steps")
        (self.method, self.steps, tolerance) = (method, steps, nil)
    }

    /// Adaptive steps by Dormand and Prince's 5(4) pair. Traps unless maximumSteps >= 1.
    public init(adaptive tolerance: Tolerance = Tolerance(), maximumSteps: Int = 10_000) {
        precondition(maximumSteps >= 1, "solver: at most \(maximumSteps) steps")
        (method, steps, self.tolerance) = (.dormandPrince, maximumSteps, tolerance)
    }

    /// Evaluations of the velocity for one integration (NFE); nil for adaptive steps, whose `Solution` counts them.
    public var evaluations: Int? { tolerance == nil ? steps * method.tableau.weights.count : nil }

    /// The solution at t = 1 of dx/dt = velocity(x, t) from `start` at t = 0; filled with NaN where adaptive steps
    /// could not reach it.
    /// `observe` is handed the state and the time after every step.
    public func integrate(
        _ start: Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor,
        observe: ((_ x: Tensor, _ t: Double) -> Void)? = nil
    ) -> Tensor {
        integrate(start, from: 0, to: 1, velocity: velocity, observe: observe)
    }

    /// The same between any two times, in either direction.
    public func integrate(
        _ start: Tensor, from: Double, to: Double, velocity: (_ x: Tensor, _ t: Double) -> Tensor,
        observe: ((_ x: Tensor, _ t: Double) -> Void)? = nil
    ) -> Tensor {
        let solution = solve(start, from: from, to: to, velocity: velocity, observe: observe)
        guard solution.failure != nil else { return solution.end }
        return .full(start.shape, .nan, precision: start.precision)
    }

    /// The solution with what it cost and whether the end was reached.
    public func solve(
        _ start: Tensor, from: Double = 0, to: Double = 1, velocity: (_ x: Tensor, _ t: Double) -> Tensor,
        observe: ((_ x: Tensor, _ t: Double) -> Void)? = nil
    ) -> Solution {
        if let tolerance {
            return solve(start, from: from, to: to, tolerance, StepControl(), velocity: velocity, observe: observe)
        }
        let tableau = method.tableau
        let h = (to - from) / Double(steps)
        var x = start
        for step in 0..<steps {
            let slopes = tableau.slopes(at: x, from + Double(step) * h, h, velocity: velocity)
            x = tableau.advanced(x, along: slopes, h)
            observe?(x, step + 1 == steps ? to : from + Double(step + 1) * h)
        }
        return Solution(end: x, evaluations: steps * tableau.weights.count, accepted: steps)
    }
}

/// A Butcher tableau: what tells one explicit Runge-Kutta method from another.
struct Tableau {
    /// a_ij, row i of length i.
    let matrix: [[Double]]
    /// b_i.
    let weights: [Double]
    /// c_i.
    let nodes: [Double]
    /// b_i - b^_i against the embedded method of lower order, one more than there are stages: the last is the slope at
    /// the new point. Empty where there is none.
    var errorWeights: [Double] = []

    /// k_i of a step of length h from (x, t). `first` is v(x, t) where that is known already.
    func slopes(
        at x: Tensor, _ t: Double, _ h: Double, first: Tensor? = nil, velocity: (Tensor, Double) -> Tensor
    ) -> [Tensor] {
        var slopes = first.map { [$0] } ?? []
        for (node, row) in zip(nodes, matrix).dropFirst(slopes.count) {
            slopes.append(velocity(Self.sum(x, row, slopes, h), t + node * h))
        }
        return slopes
    }

    /// x + h sum_i b_i k_i.
    func advanced(_ x: Tensor, along slopes: [Tensor], _ h: Double) -> Tensor { Self.sum(x, weights, slopes, h) }

    /// h sum_i (b_i - b^_i) k_i, `last` being the slope at the new point.
    func error(_ slopes: [Tensor], last: Tensor, _ h: Double) -> Tensor {
        let all = (slopes + [last]).map(\.detached)
        return Self.sum(.zeros(last.shape, precision: last.precision), errorWeights, all, h)
    }

    private static func sum(_ x: Tensor, _ factors: [Double], _ slopes: [Tensor], _ h: Double) -> Tensor {
        var point = x
        for (factor, slope) in zip(factors, slopes) where factor != 0 { point = point + slope * (factor * h) }
        return point
    }
}

extension Solver.Method {
    /// Rows a, weights b and nodes c.
    var tableau: Tableau {
        switch self {
        case .euler: Tableau(matrix: [[]], weights: [1], nodes: [0])
        case .midpoint: Tableau(matrix: [[], [0.5]], weights: [0, 1], nodes: [0, 0.5])
        case .heun: Tableau(matrix: [[], [1]], weights: [0.5, 0.5], nodes: [0, 1])
        case .rk4:
            Tableau(
                matrix: [[], [0.5], [0, 0.5], [0, 0, 1]], weights: [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6],
                nodes: [0, 0.5, 0.5, 1])
        case .dormandPrince: .dormandPrince
        }
    }
}

extension Tableau {
    /// Dormand and Prince, A family of embedded Runge-Kutta formulae, 1980: RK5(4)7M.
    fileprivate static var dormandPrince: Tableau {
        Tableau(
            matrix: [
                [], [1.0 / 5], [3.0 / 40, 9.0 / 40], [44.0 / 45, -56.0 / 15, 32.0 / 9],
                [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
                [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            ],
            weights: [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
            nodes: [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1],
            errorWeights: [
                71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339_200, 22.0 / 525, -1.0 / 40,
            ])
    }
}
