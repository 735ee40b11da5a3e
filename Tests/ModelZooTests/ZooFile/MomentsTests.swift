import Tensors
import Testing

@testable import ModelZoo

@Suite("Mean, deviation and range of pieces")
struct MomentsTests {
    private func moments(_ pieces: [[Float]]) -> Moments {
        var moments = Moments()
        for piece in pieces { moments.add(piece[...]) }
        return moments
    }

    @Test("of 1...n: mean (n + 1) / 2, variance (n^2 - 1) / 12, however it is cut", arguments: [1, 2, 7, 100])
    func consecutive(_ size: Int) throws {
        let values = (1...100).map { Float($0) }
        let pieces = stride(from: 0, to: 100, by: size).map { Array(values[$0..<min(100, $0 + size)]) }
        let found = moments(pieces)
        #expect(found.count == 100 && found.minimum == 1 && found.maximum == 100)
        #expect(abs(try #require(found.mean) - 50.5) < 1e-12)
        #expect(abs(try #require(found.deviation) - (9999.0 / 12).squareRoot()) < 1e-11)
    }

    /// The mean of the squares less the square of the mean would have no digit left.
    @Test("a large common part does not drown the deviation")
    func offset() throws {
        let found = moments((0..<50).map { _ in [8_000_000, 8_000_001] })
        #expect(found.deviation == 0.5 && found.mean == 8_000_000.5)
    }

    @Test("nothing has no mean; empty pieces change nothing; one number has no deviation from itself")
    func few() {
        #expect(moments([]).mean == nil && moments([[]]).deviation == nil && moments([]).minimum == nil)
        let one = moments([[], [-3], []])
        #expect(one.count == 1 && one.mean == -3 && one.deviation == 0 && one.minimum == -3 && one.maximum == -3)
    }
}
