import Testing

@testable import Laboratory

/// What each corruption does to images of which the answer is known.
@Suite struct CorruptionFormTests {
    private static func image(_ values: [Float]) -> RawStudyRows {
        RawStudyRows(values: values, labels: [0], width: values.count)
    }

    private static func damaged(
        _ corruption: Corruption, _ values: [Float], side: Int, _ amount: Double
    ) -> [Float] {
        corruption.applied(to: image(values), side: side, amount: amount, seed: 3).values
    }

    private static func isClose(_ values: [Float], _ expected: [Float]) -> Bool {
        values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    private static let point: [Float] = [0, 0, 0, 0, 1, 0, 0, 0, 0]

    @Test func aQuarterOfABlurIsOneMeanOfTheNeighbourhood() {
        let once: [Float] = [1 / 4, 1 / 6, 1 / 4, 1 / 6, 1 / 9, 1 / 6, 1 / 4, 1 / 6, 1 / 4]
        #expect(Self.isClose(Self.damaged(.blur, Self.point, side: 3, 0.25), once))
        let half = zip(Self.point, once).map { ($0 + $1) / 2 }
        #expect(Self.isClose(Self.damaged(.blur, Self.point, side: 3, 0.125), half))
        #expect(
            Self.isClose(
                Self.damaged(.blur, Self.point, side: 3, 0.5), Self.damaged(.blur, once, side: 3, 0.25)))
    }

    @Test func contrastKeepsTheMeanAndShrinksEveryDistance() {
        let pixels: [Float] = [0, 0.25, 0.75, 1]
        #expect(
            Self.isClose(Self.damaged(.contrast, pixels, side: 2, 1), [0.475, 0.4875, 0.5125, 0.525]))
        #expect(Self.isClose(Self.damaged(.contrast, pixels, side: 2, 0), pixels))
    }

    @Test(arguments: [(0.0, 0), (0.5, 2), (1, 4)])
    func occlusionBlanksOneSquare(amount: Double, width: Int) {
        for seed: UInt64 in 0..<8 {
            let pixels = Corruption.occlusion.applied(
                to: Self.image(Array(repeating: 1, count: 36)), side: 6, amount: amount, seed: seed
            ).values
            let blank = pixels.indices.filter { pixels[$0] == 0 }
            #expect(blank.count == width * width && pixels.allSatisfy { $0 == 0 || $0 == 1 })
            #expect(Set(blank.map { $0 / 6 }).count == width && Set(blank.map { $0 % 6 }).count == width)
        }
    }

    @Test(arguments: [0, 0.2, 0.7, 1])
    func aTurnLeavesTheCentreAndIsLinear(amount: Double) {
        let pixels = (0..<25).map { Float($0 * $0 % 11) / 10 }
        let turned = Self.damaged(.rotation, pixels, side: 5, amount)
        #expect(abs(turned[12] - pixels[12]) < 1e-6)
        let halves = Self.damaged(.rotation, pixels.map { $0 / 2 }, side: 5, amount)
        #expect(Self.isClose(halves, turned.map { $0 / 2 }))
        if amount == 0 { #expect(Self.isClose(turned, pixels)) }
        // What is the same from both sides stays so, as both are turned alike.
        let both = zip(pixels, pixels.reversed()).map { ($0 + $1) / 2 }
        let even = Self.damaged(.rotation, both, side: 5, amount)
        #expect(Self.isClose(even, even.reversed()))
    }

    @Test func noiseGrowsWithTheAmountAlongTheSameDraw() {
        let grey = [Float](repeating: 0.5, count: 64)
        let (little, more) = (
            Self.damaged(.noise, grey, side: 8, 0.05), Self.damaged(.noise, grey, side: 8, 0.1)
        )
        #expect(zip(little, more).allSatisfy { abs(2 * ($0 - 0.5) - ($1 - 0.5)) < 1e-6 })
        #expect(Set(little).count > 32)
        let other = Corruption.noise.applied(to: Self.image(grey), side: 8, amount: 0.05, seed: 4)
            .values
        #expect(other != little)
    }

    @Test(arguments: Corruption.allCases)
    func anImageIsDamagedTheSameWhateverStandsBehindIt(corruption: Corruption) {
        let pixels = (0..<16).map { Float($0) / 15 }
        let pair = RawStudyRows(values: pixels + pixels.reversed(), labels: [4, 2], width: 16)
        let both = corruption.applied(to: pair, side: 4, amount: 0.6, seed: 3)
        #expect(Array(both.values.prefix(16)) == Self.damaged(corruption, pixels, side: 4, 0.6))
        #expect(both.labels == [4, 2] && both.count == 2)
        #expect(corruption.applied(to: pair.selecting([]), side: 4, amount: 1, seed: 3).values.isEmpty)
    }
}
