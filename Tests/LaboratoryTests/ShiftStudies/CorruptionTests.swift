import Testing

@testable import Laboratory

@Suite struct CorruptionTests {
    /// Two images of 4x4 pixels.
    private static let images = RawStudyRows(
        values: (0..<32).map { Float($0 % 7) / 7 }, labels: [0, 1], width: 16)

    @Test(arguments: Corruption.allCases)
    func nearlyNothingIsDamagedByNearlyNothing(corruption: Corruption) {
        let damaged = corruption.applied(to: Self.images, side: 4, amount: 1e-6, seed: 1)
        #expect(zip(damaged.values, Self.images.values).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(damaged.labels == [0, 1] && damaged.width == 16)
    }

    @Test(arguments: Corruption.allCases)
    func moreIsWorseAndSeedsDecide(corruption: Corruption) {
        func distance(_ amount: Double) -> Float {
            zip(corruption.applied(to: Self.images, side: 4, amount: amount, seed: 1).values, Self.images.values)
                .reduce(0) { $0 + abs($1.0 - $1.1) }
        }
        // A blur takes a chessboard past grey: it is nearer to its negative, and then to itself again.
        if corruption != .blur { #expect(distance(0.3) < distance(1)) }
        let again = corruption.applied(to: Self.images, side: 4, amount: 1, seed: 1).values
        #expect(again == corruption.applied(to: Self.images, side: 4, amount: 1, seed: 1).values)
        #expect(again.allSatisfy { (0...1).contains($0) })
    }

    @Test func aBlurKeepsWhatIsEven() {
        let even = RawStudyRows(values: Array(repeating: 0.5, count: 16), labels: [0], width: 16)
        #expect(Corruption.blur.applied(to: even, side: 4, amount: 1, seed: 0).values == even.values)
        #expect(Corruption.contrast.applied(to: even, side: 4, amount: 1, seed: 0).values == even.values)
    }
}
