import Testing

@testable import Basics

@Suite("Seeds")
struct SeedTests {
    @Test("One range of seeds, which every reader of JSON keeps exactly")
    func seeds() {
        #expect(Seed.range.lowerBound == 0 && Double(Seed.range.upperBound) == 0x1p53 - 1)
        #expect(ConfigType.seed.expectation == Seed.expectation)
    }
}
