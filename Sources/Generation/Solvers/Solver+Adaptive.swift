import Foundation
import Tensors

extension Solver {
    /// Steps of the length that `control` makes of their estimated errors. The last slope of a step is the first of the
    /// next one (FSAL): six evaluations a step, and two to begin with.
    func solve(
        _ start: Tensor, from: Double, to: Double, _ tolerance: Tolerance, _ controller: StepControl,
        velocity: (_ x: Tensor, _ t: Double) -> Tensor, observe: ((_ x: Tensor, _ t: Double) -> Void)? = nil
    ) -> Solution {
        let tableau = method.tableau
        let perStep = tableau.weights.count
        var (x, t, accepted, rejected, control) = (start, from, 0, 0, controller)
        guard from != to else { return Solution(end: x, evaluations: 0, accepted: 0) }
        var slope = velocity(x, t)
        var h = Self.firstStep(x, slope, from, to, tolerance, velocity)
        // What a time in this interval can resolve, with a margin.
        let smallest = 10 * max(abs(from), abs(to)).ulp
        func solution(_ failure: Solution.Failure?) -> Solution {
            Solution(
                end: x, evaluations: 2 + (accepted + rejected) * perStep, accepted: accepted, rejected: rejected,
                failure: failure)
        }
        while t != to {
            guard accepted + rejected < steps else { return solution(.tooManySteps(t: t)) }
            guard abs(h) >= smallest else { return solution(.stepTooSmall(t: t)) }
            let reachesEnd = abs(to - t) <= abs(h)
            if reachesEnd { h = to - t }
            let slopes = tableau.slopes(at: x, t, h, first: slope, velocity: velocity)
            let next = tableau.advanced(x, along: slopes, h)
            let end = reachesEnd ? to : t + h
            let last = velocity(next, end)
            let magnitude = x.detached.abs().maximum(next.detached.abs())
            let (isAccepted, factor) = control.next(tolerance.norm(tableau.error(slopes, last: last, h), magnitude))
            if isAccepted {
                (x, t, slope) = (next, end, last)
                accepted += 1
                observe?(x, t)
            } else {
                rejected += 1
            }
            h *= factor
        }
        return solution(nil)
    }

    /// A step whose explicit Euler step would move x by little, corrected by how much the slope changes along it;
    /// signed.
    ///
    /// Reference: Hairer, Norsett, Wanner, 1993, section II.4, "starting step size".
    private static func firstStep(
        _ x: Tensor, _ slope: Tensor, _ from: Double, _ to: Double, _ tolerance: Tolerance,
        _ velocity: (Tensor, Double) -> Tensor
    ) -> Double {
        let (length, sign) = (abs(to - from), to > from ? 1.0 : -1.0)
        let magnitude = x.detached.abs()
        func norm(_ values: Tensor) -> Double { tolerance.norm(values, magnitude) }
        let (position, speed) = (norm(x), norm(slope))
        let guess = min(position < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * position / speed, length)
        let moved = velocity(x + slope * (guess * sign), from + guess * sign)
        let change = norm(moved.detached - slope.detached) / guess
        let steepest = max(speed, change)
        let step = steepest <= 1e-15 ? max(1e-6, guess * 1e-3) : pow(0.01 / steepest, 0.2)
        // A slope that is not finite leaves no length to go by: the tiny first guess fails or shrinks on.
        return sign * (step.isFinite ? min(100 * guess, step, length) : min(1e-6, length))
    }
}

/// How large the error of a step may be: root mean square of error_i / (absolute + relative |x_i|) at most 1, in the
/// worst row.
///
/// The norm of Hairer, Norsett and Wanner (II.4.11), here for each row of a batch: all samples meet the tolerance.
/// What single precision can tell ends at about 1e-6.
public struct Tolerance: Codable, Sendable, Equatable {
    /// Beside 0.
    public var absolute = 1e-5
    /// Against the larger of |x| at both ends of the step.
    public var relative = 1e-5

    /// Both tolerances. Traps unless they are finite, none negative and one of them positive.
    public init(relative: Double = 1e-5, absolute: Double = 1e-5) {
        precondition(
            relative >= 0 && absolute >= 0 && (relative + absolute).isFinite && relative + absolute > 0,
            "tolerance: relative \(relative), absolute \(absolute)")
        (self.relative, self.absolute) = (relative, absolute)
    }

    /// The norm of `values` at points whose larger magnitudes are `magnitude`; NaN where one of a row is.
    func norm(_ values: Tensor, _ magnitude: Tensor) -> Double {
        let squares = (values.detached / (magnitude * relative + absolute)).square()
        let rows = squares.rank < 2 ? squares.mean() : squares.mean(axes: Array(1..<squares.rank))
        // By hand: a maximum of tensors may or may not pass on a NaN.
        return rows.doubles.reduce(0) { $1.isNaN || $0.isNaN ? .nan : max($0, $1) }.squareRoot()
    }
}

/// The next step's length from the error of this one: the PI controller of Dormand and Prince's code DOPRI5.
///
/// factor = safety error^-(1/5 - 3/4 beta) previous^beta, at least 1/5, at most 10, and never above 1 right after a
/// rejection. beta = 0 is the classical controller, which knows of the last error only.
/// Reference: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 1993, section II.4; Gustafsson,
/// Control theoretic techniques for stepsize selection, 1991.
struct StepControl {
    /// How much the previous error counts.
    var beta = 0.04
    private static let safety = 0.9
    private static let bounds = 0.2...10.0
    private var previous = 1e-4
    private var wasRejected = false

    init(beta: Double = 0.04) { self.beta = beta }

    /// By what to multiply the step after one of this error (1 is just allowed), and whether that one is taken.
    mutating func next(_ error: Double) -> (isAccepted: Bool, factor: Double) {
        guard error <= 1 else {
            wasRejected = true
            let factor = Self.safety * pow(error, -(0.2 - 0.75 * beta))
            return (false, factor > Self.bounds.lowerBound ? factor : Self.bounds.lowerBound)
        }
        let factor = Self.safety * pow(error, -(0.2 - 0.75 * beta)) * pow(previous, beta)
        let limit = wasRejected ? 1 : Self.bounds.upperBound
        previous = max(error, 1e-4)
        wasRejected = false
        return (true, min(max(factor, Self.bounds.lowerBound), limit))
    }
}

/// Where an integration ended and what it cost.
public struct Solution: Sendable {
    /// Why the end of the interval was not reached.
    public enum Failure: Sendable, Equatable {
        /// No step that time can resolve met the tolerance at this time: a velocity that is not finite, a jump, or a
        /// tolerance below what the precision allows.
        case stepTooSmall(t: Double)
        /// All allowed steps were tried and time stands here.
        case tooManySteps(t: Double)
    }

    /// x at the end of the interval, or where the integration failed.
    public let end: Tensor
    /// Evaluations of the velocity (NFE).
    public let evaluations: Int
    /// Steps taken.
    public let accepted: Int
    /// Steps tried and not taken.
    public var rejected = 0
    /// Nil where the end was reached.
    public var failure: Failure?
}
