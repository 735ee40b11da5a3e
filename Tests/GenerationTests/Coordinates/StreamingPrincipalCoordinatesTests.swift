import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Principal coordinates of rows that stream")
struct StreamingPrincipalCoordinatesTests {
    private static func rows(_ n: Int, _ d: Int, seed: UInt64 = 1) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "rows")
        return stream.normal([n, d]) * (stream.uniform([1, d]) + 0.1) + stream.normal([1, d])
    }

    private static func fitted(_ rows: Tensor, _ count: Int, bytes: Int = 1 << 30) throws -> PrincipalCoordinates {
        try #require(try PrincipalCoordinates(streaming: TensorRows(rows), components: count, maximumBytes: bytes))
    }

    /// Below, at and beyond the tile of 32 rows, the block of 4,096 columns and the segment of 16 blocks.
    @Test(
        "equals the fit in memory up to rounding",
        arguments: [
            (2, 3, 1), (20, 7, 19), (32, 300, 31), (70, 9001, 12), (100, 50, 99), (65, 4096, 64), (6, 70_000, 5),
        ])
    func sameAsInMemory(_ n: Int, _ d: Int, _ count: Int) throws {
        let rows = Self.rows(n, d)
        let expected = try #require(PrincipalCoordinates(fitting: rows, components: count))
        let found = try Self.fitted(rows, count)
        #expect(found.dimension == expected.dimension)
        #expect(relativeDifference(found.variances, expected.variances) < 1e-9)
        #expect(abs(found.capturedVariance - expected.capturedVariance) < 1e-12)
        #expect(relativeDifference(found.mean, expected.mean) < 1e-6)
        #expect(relativeDifference(found.components, expected.components) < 1e-5)
    }

    @Test("the same bytes however little memory there is, at any number of threads")
    func sameBytes() throws {
        let rows = Self.rows(150, 5000)
        let expected = try Self.fitted(rows, 40)
        for bytes in [1, 3 * 32 * 5000 * 4, 20 << 20] {
            let found = try Self.fitted(rows, 40, bytes: bytes)
            #expect(found.components.bits == expected.components.bits, "\(bytes) bytes")
            #expect(found.mean.bits == expected.mean.bits && found.variances == expected.variances)
        }
        for found in try ThreadCounts.results({ try Self.fitted(rows, 40) }) {
            #expect(found.components.bits == expected.components.bits)
        }
    }

    /// Counts what is read, and hands out rows that a tensor need not hold.
    private final class CountingRows: RowSource {
        let (count, width) = (200, 64)
        var largest = 0
        var total = 0

        func rows(_ range: Range<Int>) -> [Float] {
            largest = max(largest, range.count)
            total += range.count
            return range.flatMap { row in (0..<width).map { Float((row * 37 + $0 * 11) % 101) - 50 } }
        }
    }

    @Test("rows are read a tile at a time: once for the mean, then for every pair of blocks, then once")
    func reads() throws {
        let source = CountingRows()
        var stages: [String] = []
        _ = try PrincipalCoordinates(
            streaming: source, components: 5, maximumBytes: 3 * 32 * 64 * 4
        ) { stage, done, total in
            if done == total { stages.append(stage.rawValue) }
        }
        #expect(source.largest == 32 && stages == PrincipalCoordinates.Stage.allCases.map(\.rawValue))
        // Seven tiles, two held: 0, 2, 4 and 6 tiles are read again; 200 rows fill six tiles and a quarter.
        #expect(source.total == 200 + (200 + 32 * (2 + 4 + 6)) + 200)
    }

    @Test("progress may stop it; rows without variance, or not finite, have no components")
    func refusals() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            let rows = TensorRows(Self.rows(5, 8))
            _ = try PrincipalCoordinates(streaming: rows, components: 2) { _, _, _ in throw Stop() }
        }
        let flat = TensorRows(.full([5, 8], 0.3))
        #expect(try PrincipalCoordinates(streaming: flat, components: 4) == nil)
        var values = Self.rows(5, 8).floats
        values[17] = .nan
        let wild = TensorRows(Tensor(values, shape: [5, 8]))
        #expect(try PrincipalCoordinates(streaming: wild, components: 4) == nil)
    }
}
