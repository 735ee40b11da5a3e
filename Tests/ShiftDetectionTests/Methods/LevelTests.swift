import Tensors
import Testing

@testable import ShiftDetection

/// How often nothing is called something: rows drawn anew from a known law in every trial.
@Suite struct LevelTests {
    private let alpha = 0.05

    /// alpha and three standard errors over so many trials.
    private func bound(_ trials: Int) -> Double { alpha + 3 * (alpha * (1 - alpha) / Double(trials)).squareRoot() }

    /// Permutations of P and Q together hold the level, whatever the method.
    @Test(arguments: MethodRows.methods.indices) func permutationsHoldTheLevel(_ index: Int) throws {
        let (method, trials) = (MethodRows.methods[index], 1000)
        let found = parallelMap(trials) { trial -> Bool? in
            let reference = MethodRows.draw(30, seed: 11, index: trial)
            let sample = MethodRows.draw(10, seed: 12, index: trial)
            let test = try? method.test(
                sample, against: reference, model: ShiftModel(seed: UInt64(trial)), permutations: 39,
                seed: UInt64(trial))
            return test.map { $0.pValue <= alpha }
        }
        #expect(!found.contains(nil))
        let share = Double(found.count { $0 == true }) / Double(trials)
        #expect(share <= bound(trials), "\(method): \(share)")
    }

    /// Column by column, adjusted by Holm: any false finding among four columns, of which one has gaps.
    @Test func columnsTogetherHoldTheLevel() {
        let trials = 1000
        let found = parallelMap(trials) { trial -> Bool in
            var stream = RandomStream(seed: 17, purpose: "test.columns", index: UInt64(trial))
            func side(_ count: Int) -> [ShiftColumn] {
                let (x, u) = (stream.normal([count, 2]).doubles, stream.uniform([count, 3]).doubles)
                return [
                    ShiftColumn(name: "a", values: .numbers((0..<count).map { x[2 * $0] })),
                    ShiftColumn(name: "b", values: .numbers((0..<count).map { u[3 * $0] < 0.2 ? nil : x[2 * $0 + 1] })),
                    ShiftColumn(name: "c", values: .categories((0..<count).map { u[3 * $0 + 1] < 0.3 ? "x" : "y" })),
                    ShiftColumn(name: "d", values: .numbers((0..<count).map { (u[3 * $0 + 2] * 4).rounded() })),
                ]
            }
            let (reference, sample) = (side(60), side(20))
            return ColumnTests.run(reference: reference, sample: sample).contains { $0.holm <= alpha }
        }
        let share = Double(found.count(where: \.self)) / Double(trials)
        #expect(share <= bound(trials), "\(share)")
    }

    /// How much of the level a method with few values leaves: its p-values are conservative, and randomized ones, a study's
    /// alone, reach the level itself.
    @Test func conservativeAndRandomizedSizes() throws {
        let trials = 1000
        let found = parallelMap(trials) { trial -> (Bool, Bool)? in
            let reference = MethodRows.draw(30, seed: 31, index: trial)
            let sample = MethodRows.draw(10, seed: 32, index: trial)
            let test = try? DisagreementMethod().test(
                sample, against: reference, model: ShiftModel(seed: UInt64(trial)), permutations: 39,
                seed: UInt64(trial))
            return test.map { ($0.pValue <= alpha, $0.randomizedPValue <= alpha) }
        }.compactMap { $0 }
        #expect(found.count == trials)
        let (plain, random) = (Double(found.count { $0.0 }) / 1000, Double(found.count { $0.1 }) / 1000)
        #expect(
            plain <= random && random <= bound(trials) && random >= 2 * alpha - bound(trials), "\(plain), \(random)")
    }

    /// Subsets or bootstraps of P alone are too narrow: they vary as parts of P do, and Q is no part of P. With 100 rows
    /// against 50 a nominal 5 % is about 16 % and 9 %; with Q among the rows it is 5 %.
    @Test func subsetsOfTheReferenceAloneAreTooNarrow() {
        let (n, m, draws, trials) = (100, 50, 39, 1000)
        func mean(_ values: [Double], _ rows: some Sequence<Int>) -> Double {
            rows.reduce(0) { $0 + values[$1] } / Double(m)
        }
        let found = parallelMap(trials) { trial -> [Bool] in
            var stream = RandomStream(seed: 13, purpose: "test.narrow", index: UInt64(trial))
            let scores = stream.normal([n + m]).doubles
            let own = mean(scores, n..<(n + m))
            let parts = PermutationTest.subsets(draws, size: m, of: n, seed: UInt64(trial))
            let together = PermutationTest.subsets(draws, size: m, of: n + m, seed: UInt64(trial))
            let again = (0..<draws).map { _ in (0..<m).map { _ in stream.integer(below: n) } }
            return [parts, again, together].map { subsets in
                PermutationTest(statistic: own, null: subsets.map { mean(scores, $0) }).pValue <= alpha
            }
        }
        let shares = (0..<3).map { way in Double(found.count { $0[way] }) / Double(trials) }
        #expect((0.12...0.20).contains(shares[0]) && (0.071...0.12).contains(shares[1]), "\(shares)")
        #expect(shares[2] <= bound(trials) && shares[2] > 0.03, "\(shares)")
    }
}

extension PermutationTest {
    /// (larger + u (equal + 1)) / (n + 1), u uniform: uniform itself under the null, whatever the ties. u is a function of the
    /// values alone, so that nobody can draw it again until it suits.
    fileprivate var randomizedPValue: Double {
        let hash = (null + [statistic]).reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ $1.bitPattern) &* 0x100_0000_01B3
        }
        var stream = RandomStream(seed: hash, purpose: "test.randomized")
        let u = (Double(stream.integer(below: 1 << 30)) + 0.5) / Double(1 << 30)
        let (larger, equal) = (null.count { $0 > statistic + 1e-12 }, null.count { abs($0 - statistic) <= 1e-12 })
        return (Double(larger) + u * Double(equal + 1)) / Double(null.count + 1)
    }
}
