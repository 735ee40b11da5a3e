import Testing

@testable import ShiftDetection

@Suite struct PermutationTestTests {
    @Test func pValueCountsTheSampleItself() {
        #expect(PermutationTest(statistic: 3, null: [0, 1, 2]).pValue == 0.25)
        #expect(PermutationTest(statistic: 0, null: [0, 1, 2]).pValue == 1)
        #expect(PermutationTest(statistic: 1, null: [0, 1, 2]).pValue == 0.75)
    }

    @Test func whatIsNoNumberIsNoEvidence() {
        #expect(PermutationTest(statistic: .nan, null: [0, 1]).pValue == 1)
        #expect(PermutationTest(statistic: 1, null: [.nan, 0]).pValue == 2.0 / 3)
    }

    @Test func subsetsDependOnSeedAndIndexAlone() {
        let few = PermutationTest.subsets(3, size: 4, of: 9, seed: 5)
        let many = PermutationTest.subsets(7, size: 4, of: 9, seed: 5)
        #expect(Array(many.prefix(3)) == few)
        #expect(many.allSatisfy { Set($0).count == 4 && $0.allSatisfy((0..<9).contains) })
        #expect(PermutationTest.subsets(3, size: 4, of: 9, seed: 6) != few)
    }
}
