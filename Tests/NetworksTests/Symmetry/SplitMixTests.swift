import Testing

@testable import Networks

@Suite struct SplitMixTests {
    /// A pure function of its keys: seeds and indices give unrelated sequences, the same keys the same one.
    @Test func keyed() {
        var seen = Set<UInt64>()
        for seed in 0..<20 as Range<UInt64> {
            for index in 0..<20 as Range<UInt64> {
                var first = SplitMix(seed: seed, index: index)
                var second = SplitMix(seed: seed, index: index)
                for _ in 0..<5 {
                    let bits = first.next()
                    #expect(bits == second.next())
                    seen.insert(bits)
                }
            }
        }
        #expect(seen.count == 2000)
    }

    /// All orders of four occur about equally often (chi-squared with 23 degrees of freedom).
    @Test func permutationsAreUniform() {
        var counts: [[Int]: Int] = [:]
        for index in 0..<24_000 as Range<UInt64> {
            var generator = SplitMix(seed: 5, index: index)
            counts[generator.permutation(4), default: 0] += 1
        }
        #expect(counts.count == 24)
        let statistic = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(statistic < 50)
    }

    @Test func small() {
        var generator = SplitMix(seed: 0, index: 0)
        #expect(generator.permutation(0) == [] && generator.permutation(1) == [0])
    }
}
