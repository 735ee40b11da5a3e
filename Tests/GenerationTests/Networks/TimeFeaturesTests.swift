import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Time features")
struct TimeFeaturesTests {
    private static let times = [0, 0.013, 0.5, 0.77, 1]

    private static func features(_ width: Int, _ times: [Double]) -> [[Double]] {
        let found = TimeFeatures(width: width)(Tensor(times, shape: [times.count, 1]))
        return (0..<times.count).map { found.selected(axis: 0, $0).doubles }
    }

    @Test("every pair of cosine and sine has length 1, at any width", arguments: [2, 4, 16, 64])
    func pairs(_ width: Int) {
        for row in Self.features(width, Self.times) {
            #expect(row.count == width)
            for index in 0..<(width / 2) {
                let length = row[index] * row[index] + row[index + width / 2] * row[index + width / 2]
                #expect(abs(length - 1) < 1e-12)
            }
        }
    }

    @Test("at time 0 all cosines are 1 and all sines 0")
    func zero() {
        #expect(Self.features(6, [0])[0] == [1, 1, 1, 0, 0, 0])
    }

    @Test("inner products depend on the difference of times alone")
    func differences() {
        func product(_ a: Double, _ b: Double) -> Double {
            let rows = Self.features(32, [a, b])
            return zip(rows[0], rows[1]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(product(0.25, 0.5) - product(0.5, 0.75)) < 1e-10)
        #expect(abs(product(0.25, 0.5) - product(0.5, 0.25)) < 1e-10)
        #expect(abs(product(0.3, 0.3) - 16) < 1e-12)
        #expect(product(0.3, 0.31) < 15.9, "a hundredth of the way is told apart")
    }

    @Test("frequencies fall geometrically from 1000 by 10000^(-1/n)", arguments: [2, 4, 10])
    func frequencies(_ width: Int) {
        let (half, tiny) = (width / 2, 1e-7)
        // sin(w h) / h is w where w h is small.
        let row = Self.features(width, [tiny])[0]
        let found = row[half...].map { $0 / tiny }
        #expect(abs(found[0] / 1000 - 1) < 1e-7)
        for (first, second) in zip(found, found.dropFirst()) {
            let power = (0..<half).reduce(1.0) { product, _ in product * first / second }
            #expect(abs(power / 10_000 - 1) < 1e-5)
        }
    }

    @Test("rows do not depend on each other, and the precision is the times'")
    func rows() {
        let all = Self.features(8, Self.times)
        for (time, row) in zip(Self.times, all) { #expect(Self.features(8, [time])[0] == row) }
        let single = TimeFeatures(width: 8)(Tensor([0.5] as [Float], shape: [1, 1]))
        #expect(single.precision == .single && single.shape == [1, 8])
    }
}
