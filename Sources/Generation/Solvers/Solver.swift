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
