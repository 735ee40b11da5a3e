import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Couplings")
struct CouplingTests {
    private static let all: [Coupling] = [
        .independent, .optimalTransport, .sinkhorn(Sinkhorn(regularization: 0.05)),
        .sinkhorn(Sinkhorn(regularization: 2, isRelative: false)),
    ]

    private static func matching(
        _ coupling: Coupling, _ starts: Tensor, _ codes: Tensor, groups: [Int]? = nil, seed: UInt64 = 1
    ) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: "coupling")
        return coupling.matching(starts, to: codes, groups: groups, &stream).map { Int($0) }
    }

    private static func rows(_ count: Int, _ seed: UInt64, width: Int = 3) -> Tensor {
        normalDoubles([count, width], seed: seed).converted(to: .single)
    }

    private static func cost(_ order: [Int], _ starts: Tensor, _ codes: Tensor) -> Double {
        (starts.gathered(axis: 0, order.map { Int32($0) }) - codes).converted(to: .double).square().sum().scalar
    }

    private static func permutations(_ count: Int) -> [[Int]] {
        count == 0
            ? [[]]
            : permutations(count - 1).flatMap { shorter in
                (0..<count).map { place in Array(shorter[..<place]) + [count - 1] + Array(shorter[place...]) }
            }
    }

    @Test("every start is used exactly once", arguments: all, [1, 2, 7, 40])
    func matchings(_ coupling: Coupling, _ count: Int) {
        for seed in 0..<5 as Range<UInt64> {
            let order = Self.matching(coupling, Self.rows(count, 10 + seed), Self.rows(count, 20 + seed), seed: seed)
            #expect(order.sorted() == Array(0..<count))
            if coupling == .independent { #expect(order == Array(0..<count)) }
        }
    }

    @Test("optimal transport is the least of all matchings", arguments: 0..<10 as Range<UInt64>)
    func bruteForce(_ seed: UInt64) {
        let (starts, codes) = (Self.rows(6, 30 + seed), Self.rows(6, 50 + seed) * 2 + 100)
        let found = Self.cost(Self.matching(.optimalTransport, starts, codes), starts, codes)
        let least = Self.permutations(6).map { Self.cost($0, starts, codes) }.min() ?? .nan
        #expect(abs(found - least) < 1e-4)
    }

    @Test("on a line optimal transport keeps the order")
    func line() {
        let (starts, codes) = (Self.rows(30, 1, width: 1), Self.rows(30, 2, width: 1))
        let order = Self.matching(.optimalTransport, starts, codes)
        func ranks(_ values: [Double]) -> [Int] { values.map { value in values.filter { $0 < value }.count } }
        #expect(order.map { ranks(starts.doubles)[$0] } == ranks(codes.doubles))
    }

    @Test("never across labels", arguments: all)
    func groups(_ coupling: Coupling) {
        let labels = (0..<24).map { [7, 7, -1, 3][$0 % 4] }
        let (starts, codes) = (Self.rows(24, 1), Self.rows(24, 2))
        let order = Self.matching(coupling, starts, codes, groups: labels)
        #expect(order.sorted() == Array(0..<24))
        let isWithin = order.enumerated().allSatisfy { labels[$0] == labels[$1] }
        #expect(isWithin)
        guard coupling == .optimalTransport else { return }
        let members = (0..<24).filter { labels[$0] == 3 }
        let alone = Self.matching(
            coupling, starts.gathered(axis: 0, members.map { Int32($0) }),
            codes.gathered(axis: 0, members.map { Int32($0) }))
        #expect(members.map { order[$0] } == alone.map { members[$0] }, "each label is a problem of its own")
    }

    @Test("little entropy: nearly the optimal matching; much: any, like independent ones")
    func limits() {
        let (starts, codes) = (Self.rows(12, 1), Self.rows(12, 2))
        let least = Self.cost(Self.matching(.optimalTransport, starts, codes), starts, codes)
        let sharp = Coupling.sinkhorn(Sinkhorn(regularization: 0.002, sweeps: 5000, tolerance: 1e-6))
        #expect(Self.cost(Self.matching(sharp, starts, codes), starts, codes) < 1.02 * least)
        let blunt = Coupling.sinkhorn(Sinkhorn(regularization: 1e4))
        var counts = Array(repeating: 0, count: 12)
        for seed in 0..<1200 as Range<UInt64> { counts[Self.matching(blunt, starts, codes, seed: seed)[0]] += 1 }
        #expect(chiSquareExcess(counts) < 5)
    }

    @Test("the same stream gives the same matching, another one another")
    func reproducible() {
        let (starts, codes) = (Self.rows(20, 1), Self.rows(20, 2))
        let coupling = Coupling.sinkhorn(Sinkhorn(regularization: 1))
        let first = Self.matching(coupling, starts, codes)
        #expect(first == Self.matching(coupling, starts, codes))
        #expect(first != Self.matching(coupling, starts, codes, seed: 2))
    }
}
