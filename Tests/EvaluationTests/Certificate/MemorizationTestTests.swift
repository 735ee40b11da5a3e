import Foundation
import Testing

@testable import Evaluation

@Suite("The three-sample test of memorization")
struct MemorizationTestTests {
    @Test("AUC is the share of pairs in which the network is further away, ties one half; z is Mann and Whitney's")
    func auc() throws {
        let test = try #require(MemorizationTest([1, 2, 3], fresh: [2, 4]))
        // Pairs: (1,2) (1,4) (2,2)=1/2 (2,4) (3,2)=1 (3,4).
        #expect(test.auc == 1.5 / 6 && test.count == 3 && test.freshCount == 2)
        #expect(test.z == MannWhitney([1, 2, 3], against: [2, 4])?.z)
        // SciPy 1.16, mannwhitneyu(x, y, use_continuity=False, method="asymptotic"): U = 6, p = 0.32719.
        let other = try #require(MemorizationTest([0.1, 0.5, 0.9, 1.3], fresh: [0.4, 0.8, 1.2, 1.6, 2.0]))
        #expect(abs(other.auc - 6.0 / 20) < 1e-15 && abs(other.z + 0.979795897) < 1e-8)
    }

    @Test("copies fail, networks like fresh ones and further away pass")
    func decisions() throws {
        let fresh = (0..<50).map { 1 + 0.01 * sin(Double($0)) }
        let copies = [Double](repeating: 0, count: 50)
        let failed = try #require(MemorizationTest(copies, fresh: fresh))
        #expect(!failed.passes && failed.auc == 0 && failed.z < -8)
        let same = try #require(MemorizationTest(fresh, fresh: fresh))
        #expect(same.passes && same.auc == 0.5 && same.z == 0)
        let far = try #require(MemorizationTest(fresh.map { $0 * 2 }, fresh: fresh))
        #expect(far.passes && far.auc == 1)
    }

    @Test("distances that are not finite are left out; without any there is no test")
    func notFinite() throws {
        #expect(MemorizationTest([.nan, .infinity], fresh: [1]) == nil)
        #expect(MemorizationTest([1], fresh: []) == nil)
        let test = try #require(MemorizationTest([.nan, 2], fresh: [1, .infinity]))
        #expect(test.count == 1 && test.freshCount == 1 && test.auc == 1)
    }

    @Test("what is written is read again")
    func coding() throws {
        let test = try #require(MemorizationTest([1, 2, 3], fresh: [2, 4]))
        let data = try JSONEncoder().encode(test)
        #expect(try JSONDecoder().decode(MemorizationTest.self, from: data) == test)
        #expect(String(decoding: data, as: UTF8.self).contains("\"passes\":true"))
    }
}
