import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Sinkhorn's plans and their rounding")
struct SinkhornTests {
    private static func cost(_ count: Int, _ seed: UInt64 = 1) -> Tensor {
        Coupling.squaredDistances(normalDoubles([count, 2], seed: seed), normalDoubles([count, 2], seed: seed + 100))
    }

    private static func sums(_ plan: Tensor) -> [Double] {
        plan.sum(axes: [0]).doubles + plan.sum(axes: [1]).doubles
    }

    @Test("squared distances", arguments: [0.0, 1e6])
    func distances(_ shift: Double) {
        let (a, b) = (normalDoubles([4, 3], seed: 1), normalDoubles([5, 3], seed: 2))
        let expected = (a.reshaped([4, 1, 3]) - b.reshaped([1, 5, 3])).square().sum(axes: [2])
        #expect(relativeDifference(Coupling.squaredDistances(a + shift, b + shift), expected) < 1e-8)
    }

    @Test(
        "rows and columns sum to one, entries are not negative, whatever the entropy and the sweeps",
        arguments: [1e-9, 1e-6, 1e-4, 0.01, 0.1, 1, 100], [1, 3, 200])
    func marginals(_ regularization: Double, _ sweeps: Int) {
        let sinkhorn = Sinkhorn(regularization: regularization, sweeps: sweeps, tolerance: 0)
        let plan = sinkhorn.plan(Self.cost(15)).matrix
        #expect(relativeDifference(Self.sums(plan), Array(repeating: 1, count: 30)) < 1e-12)
        #expect(plan.doubles.allSatisfy { $0 >= 0 })
    }

    @Test("two points: the closed form", arguments: [0.3, 1, 5])
    func twoPoints(_ epsilon: Double) {
        let cost = Tensor([0.1, 0.9, 1.3, 0.4], shape: [2, 2])
        let sinkhorn = Sinkhorn(regularization: epsilon, isRelative: false, sweeps: 1000, tolerance: 1e-14)
        let odds = exp(-(0.1 + 0.4 - 0.9 - 1.3) / (2 * epsilon))
        let p = odds / (1 + odds)
        #expect(relativeDifference(sinkhorn.plan(cost).matrix.doubles, [p, 1 - p, 1 - p, p]) < 1e-12)
        let relative = Sinkhorn(regularization: epsilon / 0.675, sweeps: 1000, tolerance: 1e-14)
        #expect(relativeDifference(relative.plan(cost).matrix.doubles, [p, 1 - p, 1 - p, p]) < 1e-12)
    }

    @Test("a converged plan is a scaled kernel: its log odds are those of the costs")
    func scaledKernel() {
        let cost = Self.cost(6)
        let sinkhorn = Sinkhorn(regularization: 3, isRelative: false, sweeps: 10_000, tolerance: 1e-13)
        let (matrix, error, sweeps) = sinkhorn.plan(cost)
        #expect(error < 1e-13 && sweeps < 10_000)
        let logs = matrix.log() + cost / 3
        // log P_ij + C_ij / epsilon = f_i + g_j: all mixed second differences vanish.
        let mixed = logs - logs.sliced(axis: 0, 0..<1) - logs.sliced(axis: 1, 0..<1) + logs.doubles[0]
        #expect(mixed.abs().max().scalar < 1e-10)
    }

    @Test("by default a plan's pair frequencies are the converged plan's", arguments: [2, 10], [15, 64])
    func usualTolerance(_ width: Int, _ count: Int) {
        let cost = Coupling.squaredDistances(
            normalDoubles([count, width], seed: 1), normalDoubles([count, width], seed: 101) * 1.2 + 0.3)
        let usual = Sinkhorn(regularization: 0.05).plan(cost)
        let converged = Sinkhorn(regularization: 0.05, sweeps: 20_000, tolerance: 1e-12).plan(cost)
        #expect(usual.error < 1e-6 && converged.error < 1e-12)
        #expect((usual.matrix - converged.matrix).abs().max().scalar < 1e-4)
    }

    @Test("equal points leave nothing to choose")
    func equalPoints() {
        let plan = Sinkhorn(regularization: 0.1).plan(.zeros([4, 4], precision: .double)).matrix
        #expect(relativeDifference(plan, .full([4, 4], 0.25, precision: .double)) < 1e-12)
    }

    @Test("rounding draws pair (i, j) with the plan's probability")
    func probabilities() {
        let plan = Sinkhorn(regularization: 0.5).plan(Self.cost(5)).matrix
        let draws = 4000
        var counts = Array(repeating: 0.0, count: 25)
        for index in 0..<draws {
            var stream = RandomStream(seed: 1, purpose: "rounding", index: UInt64(index))
            let columns = DependentRounding.matching(plan, &stream)
            #expect(columns.sorted() == Array(0..<5))
            for (row, column) in columns.enumerated() { counts[row * 5 + column] += 1 }
        }
        for (count, p) in zip(counts, plan.doubles) {
            #expect(abs(count / Double(draws) - p) < 5 * (p * (1 - p) / Double(draws)).squareRoot() + 1e-9)
        }
    }

    @Test("a permutation is rounded to itself; a matrix that is not quite doubly stochastic to some matching")
    func edges() {
        var stream = RandomStream(seed: 1, purpose: "rounding")
        let order = stream.permutation(9)
        let exact = Tensor.oneHot(order.map { Int32($0) }, classes: 9, precision: .double)
        #expect(DependentRounding.matching(exact, &stream) == order)
        for seed in 0..<20 as Range<UInt64> {
            let rough = exact * 0.4 + normalDoubles([9, 9], seed: seed).sigmoid() * 0.13
            #expect(DependentRounding.matching(rough, &stream).sorted() == Array(0..<9))
        }
        #expect(DependentRounding.matching(.zeros([3, 3], precision: .double), &stream) == [0, 1, 2])
    }
}
