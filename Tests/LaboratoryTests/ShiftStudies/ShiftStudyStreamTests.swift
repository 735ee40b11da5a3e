import ShiftDetection
import Tensors
import Testing

@testable import Laboratory

@Suite struct ShiftStudyStreamTests {
    /// Rows whose second class has a probability around `middle`.
    private static func rows(_ count: Int, around middle: Double, seed: Int) -> ReferenceRows {
        var stream = RandomStream(seed: UInt64(seed), purpose: "test.study.stream")
        let likely = stream.normal([count]).doubles.map { min(max(middle + 0.1 * $0, 0.01), 0.99) }
        let said = Tensor(likely.flatMap { [1 - $0, $0] }, shape: [count, 2])
        return ReferenceRows(
            ShiftRows(features: nil, probabilities: said), labels: likely.map { $0 > 0.5 ? 1 : 0 })
    }

    private static func stream(_ count: Int = 150, batch: Int = 10, seed: UInt64 = 3) -> ShiftStudyStream? {
        ShiftStudyStream(rows(count, around: 0.4, seed: 1), batch: batch, alpha: 0.05, seed: seed)
    }

    @Test func aThirdOfTheReferenceComesBeforeTheTurnInWholeBatches() throws {
        let found = try #require(Self.stream(151)).watched("same", Self.rows(77, around: 0.4, seed: 2))
        #expect(found.place == "same" && found.before == 50 && found.after == 70)
        #expect(try #require(Self.stream(batch: 50)).watched("a", Self.rows(60, around: 0.4, seed: 2)).before == 50)
        #expect(Self.stream(batch: 51) == nil && Self.stream(batch: 0) == nil)
    }

    @Test func aTurnIsFoundSoonAfterItAndTheSameRowsAreNot() throws {
        let moved = Self.rows(100, around: 0.7, seed: 3)
        let delays = try (0..<10).map { seed -> Int in
            let found = try #require(Self.stream(seed: UInt64(seed))).watched("moved", moved)
            return (found.alarm ?? 1_000) - found.before
        }
        #expect(delays.allSatisfy { (1...40).contains($0) }, "\(delays)")
        let same = try (0..<10).compactMap { seed in
            try #require(Self.stream(seed: UInt64(seed))).watched("same", Self.rows(100, around: 0.4, seed: 50 + seed))
                .alarm
        }
        #expect(same.count <= 2)
    }

    @Test func theSameSeedWatchesTheSameRows() throws {
        let moved = Self.rows(100, around: 0.55, seed: 3)
        let (first, second) = (try #require(Self.stream()), try #require(Self.stream()))
        #expect(first.watched("moved", moved) == second.watched("moved", moved))
    }
}
