import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Adaptive solver")
struct AdaptiveSolverTests {
    /// The problems of the fixtures; x is a list of rank 1.
    private static func velocity(_ problem: String, _ x: Tensor, _ t: Double) throws -> Tensor {
        let y = x.doubles
        switch problem {
        case "logistic": return x * (1 - x) * (1 + cos(5 * t))
        case "oscillator, backwards": return Tensor([y[1], -40 * y[0]], shape: [2])
        case "three bodies":
            let mu = 0.012277471
            let near = pow((y[0] + mu) * (y[0] + mu) + y[1] * y[1], 1.5)
            let far = pow((y[0] - (1 - mu)) * (y[0] - (1 - mu)) + y[1] * y[1], 1.5)
            let ax = y[0] + 2 * y[3] - (1 - mu) * (y[0] + mu) / near - mu * (y[0] - (1 - mu)) / far
            let ay = y[1] - 2 * y[2] - (1 - mu) * y[1] / near - mu * y[1] / far
            return Tensor([17 * y[2], 17 * y[3], 17 * ax, 17 * ay], shape: [4])
        default: throw FixtureProblem(description: "no problem \(problem)")
        }
    }

    private static func solve(_ expected: TorchCase, _ control: StepControl) throws -> Solution {
        let tolerance = try expected.option("tolerance").double
        let problem = try expected.option("problem").string
        let start = try expected.input("start")
        _ = try velocity(problem, start, 0)
        return Solver(adaptive: Tolerance(relative: tolerance, absolute: tolerance / 10)).solve(
            start, from: try expected.option("from").double, to: try expected.option("to").double,
            Tolerance(relative: tolerance, absolute: tolerance / 10), control
        ) { x, t in (try? velocity(problem, x, t)) ?? x }
    }

    @Test(
        "with the classical controller, SciPy's RK45: the same end, steps and evaluations",
        arguments: try TorchCase.family("integration"))
    func scipy(_ expected: TorchCase) throws {
        let found = try Self.solve(expected, StepControl(beta: 0))
        #expect(found.failure == nil)
        #expect(relativeDifference(found.end, try expected.output("end")) < 1e-8)
        #expect(found.evaluations == (try expected.option("evaluations").int))
        #expect(found.accepted == (try expected.option("accepted").int))
    }

    @Test("the PI controller meets the tolerance at a like cost", arguments: try TorchCase.family("integration"))
    func proportionalIntegral(_ expected: TorchCase) throws {
        let found = try Self.solve(expected, StepControl())
        let exact = try expected.output("exact")
        let theirs = relativeDifference(try expected.output("end"), exact)
        #expect(relativeDifference(found.end, exact) < max(10 * theirs, 1e-12))
        #expect(Double(found.evaluations) < 1.35 * (try expected.option("evaluations").double))
    }

    /// Rows of different speed: dx/dt = rate x (cos 9t).
    private static let rates = Tensor([0.1, 1, 25] as [Double], shape: [3, 1])

    private static func waves(_ x: Tensor, _ t: Double) -> Tensor { x * rates * cos(9 * t) }

    @Test("every row meets the tolerance, and all evaluations are counted", arguments: [1e-3, 1e-6, 1e-9])
    func rows(_ tolerance: Double) {
        let start = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [3, 2])
        var count = 0
        let solution = Solver(adaptive: Tolerance(relative: tolerance, absolute: 1e-12)).solve(start) { x, t in
            count += 1
            return Self.waves(x, t)
        }
        let exact = start * (Self.rates * (sin(9) / 9)).exp()
        let error = ((solution.end - exact) / exact).abs().doubles.reduce(0, max)
        #expect(error < 30 * tolerance && solution.failure == nil)
        #expect(count == solution.evaluations && count == 2 + 6 * (solution.accepted + solution.rejected))
        let integrated = Solver(adaptive: Tolerance(relative: tolerance, absolute: 1e-12)).integrate(
            start, velocity: Self.waves)
        #expect(integrated.bits == solution.end.bits)
    }

    @Test("forwards and backwards again leads to the start")
    func thereAndBack() {
        let solver = Solver(adaptive: Tolerance(relative: 1e-10, absolute: 1e-10))
        let start = Tensor([1, -2, 0.5] as [Double], shape: [3, 1])
        let end = solver.integrate(start, velocity: Self.waves)
        let back = solver.integrate(end, from: 1, to: 0, velocity: Self.waves)
        #expect(relativeDifference(back, start) < 1e-8)
        #expect(relativeDifference(end, start) > 0.1)
        #expect(solver.solve(start, from: 0.3, to: 0.3, velocity: Self.waves).end.bits == start.bits)
    }

    @Test("nothing moves at velocity 0, and few steps are taken")
    func rest() {
        let solution = Solver(adaptive: Tolerance()).solve(.ones([2, 2])) { x, _ in x * 0 }
        #expect(solution.end.floats == [1, 1, 1, 1] && solution.accepted < 12)
    }

    @Test("a velocity that is not finite ends the integration where it begins, as a value")
    func notFinite() {
        func velocity(_ x: Tensor, _ t: Double) -> Tensor { t > 0.4 ? x * .nan : x }
        let solution = Solver(adaptive: Tolerance()).solve(.ones([1, 2], precision: .double), velocity: velocity)
        guard case .stepTooSmall(let t) = solution.failure else {
            Issue.record("failure \(String(describing: solution.failure))")
            return
        }
        #expect(abs(t - 0.4) < 1e-6 && solution.end.isFinite)
        #expect(solution.evaluations < 500)
        let end = Solver(adaptive: Tolerance()).integrate(.ones([1, 2]), velocity: velocity)
        #expect(end.floats.allSatisfy { $0.isNaN })
        let atOnce = Solver(adaptive: Tolerance()).solve(.ones([1])) { x, _ in x * .nan }
        #expect(atOnce.failure == .stepTooSmall(t: 0))
    }

    @Test("no more steps than allowed are tried")
    func tooMany() {
        let solution = Solver(adaptive: Tolerance(relative: 1e-9, absolute: 1e-9), maximumSteps: 5).solve(
            .ones([3, 1], precision: .double), velocity: Self.waves)
        guard case .tooManySteps(let t) = solution.failure else {
            Issue.record("failure \(String(describing: solution.failure))")
            return
        }
        #expect(t > 0 && t < 1 && solution.accepted + solution.rejected == 5)
        #expect(solution.evaluations == 2 + 6 * 5)
    }

    @Test("gradients pass through: dx/dt = a x has dx(1)/da = x(0) e^a and dx(1)/dx(0) = e^a")
    func gradients() {
        let inputs = [Tensor([2] as [Double], shape: [1]), Tensor([0.7] as [Double], shape: [1])]
        for solver in [Solver(adaptive: Tolerance(relative: 1e-9, absolute: 1e-9)), Solver(.rk4, steps: 100)] {
            let (value, pull) = pullback(at: inputs) { leaves in
                [solver.integrate(leaves[0]) { x, _ in x * leaves[1] }]
            }
            let gradients = pull([.ones([1], precision: .double)]).map(\.scalar)
            #expect(relativeDifference([value[0].scalar], [2 * exp(0.7)]) < 1e-8)
            #expect(relativeDifference(gradients, [exp(0.7), 2 * exp(0.7)]) < 1e-7)
        }
    }

    @Test("the same bytes at any number of threads")
    func threads() {
        let start = normalDoubles([25, 40]).converted(to: .single)
        let weight = normalDoubles([40, 40]).converted(to: .single) * 0.2
        let results = ThreadCounts.results {
            Solver(adaptive: Tolerance()).integrate(start) { x, t in matmul(x, weight).tanh() * cos(t) }.bits
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }
}
