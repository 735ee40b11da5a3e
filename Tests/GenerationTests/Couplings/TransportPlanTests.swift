import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Transport plans in closed form")
struct TransportPlanTests {
    private static let converged = Sinkhorn(regularization: 1, isRelative: false, sweeps: 20_000, tolerance: 1e-13)

    private static func cost(_ count: Int, seed: UInt64 = 1) -> Tensor {
        Coupling.squaredDistances(normalDoubles([count, 3], seed: seed), normalDoubles([count, 3], seed: seed + 50))
    }

    private static func with(_ epsilon: Double) -> Sinkhorn {
        Sinkhorn(regularization: epsilon, isRelative: false, sweeps: 20_000, tolerance: 1e-12)
    }

    private static func optimal(_ starts: Tensor, _ codes: Tensor) -> [Int32] {
        var stream = RandomStream(seed: 1, purpose: "transport")
        return Coupling.optimalTransport.matching(starts, to: codes, &stream)
    }

    @Test("costs a_i + b_j leave nothing to choose: every pair is as likely", arguments: [2, 5, 9])
    func separable(_ count: Int) {
        let (a, b) = (normalDoubles([count, 1], seed: 3), normalDoubles([1, count], seed: 4))
        let plan = Self.converged.plan(a + b).matrix
        let even = Tensor.full([count, count], 1 / Double(count), precision: .double)
        #expect(relativeDifference(plan, even) < 1e-12)
    }

    @Test("circulant costs: the plan is each row's softmax, found in one sweep", arguments: [0.2, 1, 7])
    func circulant(_ epsilon: Double) {
        let costs = [0.3, 1.1, 0.2, 2.5, 0.9]
        let values = (0..<5).flatMap { row in (0..<5).map { costs[($0 - row + 5) % 5] } }
        let (matrix, error, sweeps) = Self.with(epsilon).plan(Tensor(values, shape: [5, 5]))
        let kernel = (Tensor(values, shape: [5, 5]) / -epsilon).exp()
        #expect(relativeDifference(matrix, kernel / kernel.sum(axes: [1], keepingDims: true)) < 1e-12)
        #expect(sweeps == 1 && error < 1e-12)
    }

    @Test("exchanging starts and codes transposes the plan")
    func transposition() {
        let cost = Self.cost(6)
        let (there, back) = (Self.converged.plan(cost).matrix, Self.converged.plan(cost.transposed()).matrix)
        #expect(relativeDifference(there.transposed(), back) < 1e-10)
    }

    @Test("a relative epsilon does not know the codes' scale, an absolute one does")
    func scale() {
        let cost = Self.cost(7)
        let relative = Sinkhorn(regularization: 0.3)
        #expect(relativeDifference(relative.plan(cost).matrix, relative.plan(cost * 1024).matrix) < 1e-12)
        let (near, far) = (Self.converged.plan(cost).matrix, Self.converged.plan(cost * 8).matrix)
        #expect(relativeDifference(near, far) > 0.05)
        #expect(relativeDifference(far, Self.with(0.125).plan(cost).matrix) < 1e-9, "only the quotient counts")
    }

    @Test("with epsilon the plan's cost and its entropy rise", arguments: 1...4 as ClosedRange<UInt64>)
    func monotone(_ seed: UInt64) {
        let cost = Self.cost(6, seed: seed)
        let plans = [0.3, 1, 3, 10].map { Self.with($0).plan(cost).matrix }
        let costs = plans.map { ($0 * cost).sum().scalar }
        let entropies = plans.map { plan in plan.doubles.reduce(0) { $0 - ($1 > 0 ? $1 * plainLog($1) : 0) } }
        #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(entropies, entropies.dropFirst()).allSatisfy { $0 < $1 })
        #expect((entropies.last ?? 0) <= 6 * plainLog(6) + 1e-9, "even plans have the most")
    }

    @Test("sweeps end at the tolerance or at their number")
    func sweeps() {
        let cost = Self.cost(8)
        #expect(Sinkhorn(regularization: 0.01, sweeps: 5, tolerance: 0).plan(cost).sweeps == 5)
        #expect(Sinkhorn(regularization: 0.01, sweeps: 5, tolerance: 10).plan(cost).sweeps == 1)
    }

    @Test("what is left open follows from the path: 2 sigma^2 for a bridge, 0.05 mean costs for others")
    func along() {
        let bridge = Sinkhorn().along(Path(.schrodingerBridge, sigma: 0.3))
        #expect(abs((bridge.regularization ?? 0) - 0.18) < 1e-15 && !bridge.isRelative)
        for kind in Path.Kind.allCases where kind != .schrodingerBridge {
            let other = Sinkhorn().along(Path(kind, sigma: 0.3))
            #expect(other.regularization == 0.05 && other.isRelative, "\(kind)")
        }
        let given = Sinkhorn(regularization: 7)
        #expect(given.along(Path(.schrodingerBridge, sigma: 0.3)) == given)
        for coupling in [Coupling.independent, .optimalTransport] {
            #expect(coupling.along(Path(.schrodingerBridge, sigma: 1)) == coupling)
        }
        #expect(Coupling.sinkhorn(Sinkhorn()).along(Path(.schrodingerBridge, sigma: 0.3)) == .sinkhorn(bridge))
    }

    @Test("codes that are shifted starts in another order: optimal transport finds the order")
    func shifted() {
        let starts = normalDoubles([20, 4]).converted(to: .single)
        let order = (0..<20).map { Int32($0 * 7 % 20) }
        let codes = starts.gathered(axis: 0, order) + Tensor([3, -1, 0.5, 8] as [Float], shape: [4])
        #expect(Self.optimal(starts, codes) == order)
    }

    @Test("moving or widening both sets alike changes no matching", arguments: 1...5 as ClosedRange<UInt64>)
    func invariance(_ seed: UInt64) {
        let (starts, codes) = (normalDoubles([15, 3], seed: seed), normalDoubles([15, 3], seed: seed + 90))
        let found = Self.optimal(starts, codes)
        #expect(Self.optimal(starts * 4, codes * 4) == found)
        #expect(Self.optimal(starts + 2, codes - 5) == found, "|x - y - c|^2 differs by sums over each side alone")
    }

    @Test("rounding a permutation gives it; blocks of a plan do not mix")
    func rounding() {
        let order = [2, 0, 3, 1]
        let permutation = Tensor.oneHot(order.map { Int32($0) }, classes: 4, precision: .double)
        let blocks = Tensor(
            [0.25, 0.75, 0, 0, 0.75, 0.25, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5] as [Double], shape: [4, 4])
        for index in 0..<40 as Range<UInt64> {
            var stream = RandomStream(seed: 1, purpose: "rounding", index: index)
            let found = DependentRounding.matching(permutation, &stream)
            let columns = DependentRounding.matching(blocks, &stream)
            #expect(found == order)
            #expect(Set(columns[..<2]) == [0, 1] && Set(columns[2...]) == [2, 3])
        }
    }

    @Test("an absolute epsilon has to be given")
    func problems() {
        var sinkhorn = Sinkhorn()
        #expect(sinkhorn.problems().isEmpty)
        sinkhorn.isRelative = false
        let expected = "regularization: expected a number with relative: false, found null"
        #expect(sinkhorn.problems().map(\.description) == [expected])
        sinkhorn.regularization = 0.1
        #expect(sinkhorn.problems().isEmpty)
    }
}

private func plainLog(_ x: Double) -> Double { Tensor([x], shape: [1]).log().doubles[0] }
