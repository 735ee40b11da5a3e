import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Solvers")
struct SolverTests {
    private static let orders: [Solver.Method: Double] = [
        .euler: 1, .midpoint: 2, .heun: 2, .rk4: 4, .dormandPrince: 5,
    ]

    /// dx/dt = (1 + x^2) / 2, so x(1) = tan(arctan x(0) + 1/2).
    private static func error(_ method: Solver.Method, _ steps: Int) -> Double {
        let starts = [0.2, 0.5, 1]
        let end = Solver(method, steps: steps).integrate(Tensor(starts, shape: [3])) { x, _ in (x.square() + 1) / 2 }
        return zip(end.doubles, starts).reduce(0) { max($0, abs($1.0 - tan(atan($1.1) + 0.5))) }
    }

    @Test("the error falls with the method's order on a nonlinear equation", arguments: Solver.Method.allCases)
    func order(_ method: Solver.Method) throws {
        let slope = fittedOrder([16, 32, 64, 128]) { Self.error(method, $0) }
        #expect(abs(slope - (try #require(Self.orders[method]))) < 0.15, "fitted order \(slope)")
    }

    @Test("a polynomial in t of degree below the order is integrated exactly", arguments: Solver.Method.allCases)
    func exactness(_ method: Solver.Method) throws {
        let degree = Int(try #require(Self.orders[method])) - 1
        func integral(_ degree: Int) -> Double {
            Solver(method, steps: 3).integrate(.zeros([1], precision: .double)) { _, t in
                .full([1], (0..<degree).reduce(1) { product, _ in product * t }, precision: .double)
            }.scalar
        }
        #expect(abs(integral(degree) - 1 / Double(degree + 1)) < 1e-14)
        #expect(abs(integral(degree + 1) - 1 / Double(degree + 2)) > 1e-7, "and not beyond")
    }

    @Test("N steps are N intervals: times and number of evaluations", arguments: Solver.Method.allCases, [1, 4, 10])
    func times(_ method: Solver.Method, _ steps: Int) {
        var times: [Double] = []
        let solver = Solver(method, steps: steps)
        let end = solver.integrate(.zeros([2], precision: .double)) { _, t in
            times.append(t)
            return .ones([2], precision: .double)
        }
        #expect(relativeDifference(end.doubles, [1, 1]) < 1e-14, "a velocity of 1 moves by 1")
        #expect(times.count == solver.evaluations)
        let nodes: [Double] =
            switch method {
            case .euler: [0]
            case .midpoint: [0, 0.5]
            case .heun: [0, 1]
            case .rk4: [0, 0.5, 0.5, 1]
            case .dormandPrince: [0, 0.2, 0.3, 0.8, 8.0 / 9, 1]
            }
        let expected = (0..<steps).flatMap { step in nodes.map { (Double(step) + $0) / Double(steps) } }
        #expect(relativeDifference(times, expected) < 1e-15)
        let last =
            method == .euler ? Double(steps - 1) / Double(steps) : method == .midpoint ? 1 - 0.5 / Double(steps) : 1
        #expect(abs((times.last ?? -1) - last) < 1e-14)
    }

    @Test("a rotation keeps its radius as well as the order allows")
    func rotation() {
        let start = Tensor([1, 0] as [Double], shape: [2])
        let quarter = Tensor([0, -Double.pi / 2, Double.pi / 2, 0] as [Double], shape: [2, 2])
        let end = Solver(.rk4, steps: 50).integrate(start) { x, _ in matmul(quarter, x.reshaped([2, 1])).reshaped([2]) }
        #expect(relativeDifference(end.doubles, [0, 1]) < 1e-7)
    }

    @Test(
        "PyTorch's integrations of a velocity net",
        arguments: try TorchCase.family("velocity_net", where: { $0.contains("intervals") }))
    func torch(_ expected: TorchCase) throws {
        let net = try FlowMLP(expected)
        let method = try #require(Solver.Method(rawValue: try expected.option("method").string))
        let parameters = try net.parameters(expected.input("flat"))
        let x = try expected.input("x")
        let end = Solver(method, steps: try expected.option("steps").int).integrate(x) { x, t in
            net(parameters, x, .full([x.shape[0], 1], t, precision: .double))
        }
        #expect(relativeDifference(end, try expected.output("x")) < 1e-10)
    }
}
