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
