import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Solvers on dx/dt = a x")
struct LinearEquationTests {
    /// R(z), by which one step of length h multiplies x, z = a h: the exponential series up to the order, and of
    /// Dormand and Prince's six stages one term more.
    private static func growth(_ method: Solver.Method, _ z: Double) -> Double {
        switch method {
        case .euler: 1 + z
        case .midpoint, .heun: 1 + z + z * z / 2
        case .rk4: 1 + z + z * z / 2 + pow(z, 3) / 6 + pow(z, 4) / 24
        case .dormandPrince:
            1 + z + z * z / 2 + pow(z, 3) / 6 + pow(z, 4) / 24 + pow(z, 5) / 120 + pow(z, 6) / 600
        }
    }

    private static func end(_ method: Solver.Method, steps: Int, _ a: Double, from: Double = 0, to: Double = 1)
        -> Double
    {
        Solver(method, steps: steps).integrate(Tensor([1.0], shape: [1]), from: from, to: to) { x, _ in x * a }.scalar
    }

    @Test("N steps multiply by R(a / N)^N", arguments: Solver.Method.allCases, [1, 2, 7])
    func stability(_ method: Solver.Method, _ steps: Int) {
        for a in [-3.0, -0.5, 0.25, 2] {
            let expected = pow(Self.growth(method, a / Double(steps)), Double(steps))
            #expect(abs(Self.end(method, steps: steps, a) - expected) < 1e-12 * max(1, abs(expected)), "a = \(a)")
        }
    }

    @Test("halving the steps divides the error by 2 to the order", arguments: Solver.Method.allCases)
    func order(_ method: Solver.Method) throws {
        let orders: [Solver.Method: Double] = [.euler: 1, .midpoint: 2, .heun: 2, .rk4: 4, .dormandPrince: 5]
        let errors = [16, 32].map { abs(Self.end(method, steps: $0, -2) - exp(-2)) }
        #expect(abs(log2(errors[0] / errors[1]) - (try #require(orders[method]))) < 0.2)
    }

    @Test("between other times only their distance counts, and backwards undoes", arguments: Solver.Method.allCases)
    func intervals(_ method: Solver.Method) {
        let there = Self.end(method, steps: 40, 0.7, from: -1, to: 2)
        let back = Self.end(method, steps: 40, 0.7, from: 2, to: -1)
        #expect(abs(there - Self.end(method, steps: 40, 2.1)) < 1e-12 * there)
        #expect(abs(there * back - 1) < 0.2 && abs(log(there) - 2.1) < 0.1)
        #expect(Self.end(method, steps: 3, 5, from: 0.5, to: 0.5) == 1, "no time, no motion")
    }

    @Test("adaptive steps keep to exp(a) within the tolerance", arguments: [-8, -1, 0.5, 3])
    func adaptive(_ a: Double) {
        let solver = Solver(adaptive: Tolerance(relative: 1e-9, absolute: 1e-9))
        let solution = solver.solve(Tensor([1.0], shape: [1])) { x, _ in x * a }
        #expect(solution.failure == nil && abs(solution.end.scalar - exp(a)) < 1e-7 * max(1, exp(a)))
        #expect(solution.evaluations == 2 + 6 * (solution.accepted + solution.rejected))
        #expect(solver.evaluations == nil)
    }

    @Test("Butcher's conditions: nodes are row sums, weights meet the order's sums", arguments: Solver.Method.allCases)
    func conditions(_ method: Solver.Method) {
        let tableau = method.tableau
        for (row, node) in zip(tableau.matrix, tableau.nodes) { #expect(abs(row.reduce(0, +) - node) < 1e-14) }
        let order =
            switch method {
            case .euler: 1
            case .midpoint, .heun: 2
            case .rk4: 4
            case .dormandPrince: 5
            }
        for power in 0..<order {
            let sum = zip(tableau.weights, tableau.nodes).reduce(0) { $0 + $1.0 * pow($1.1, Double(power)) }
            #expect(abs(sum - 1 / Double(power + 1)) < 1e-14, "sum b c^\(power)")
        }
        #expect(abs(tableau.errorWeights.reduce(0, +)) < 1e-15, "the embedded method is consistent too")
    }

    @Test("the observer sees every step's state and time, the last exactly the end", arguments: Solver.Method.allCases)
    func observer(_ method: Solver.Method) {
        var seen: [(x: Double, t: Double)] = []
        let solver = Solver(method, steps: 3)
        let end = solver.integrate(Tensor([1.0], shape: [1]), from: 0, to: 0.3, velocity: { x, _ in x * -1 }) {
            seen.append(($0.scalar, $1))
        }
        #expect(seen.count == 3 && seen[2].t == 0.3 && seen[2].x == end.scalar)
        for (index, step) in seen.enumerated() {
            #expect(abs(step.x - pow(Self.growth(method, -0.1), Double(index + 1))) < 1e-14)
        }
    }
}
