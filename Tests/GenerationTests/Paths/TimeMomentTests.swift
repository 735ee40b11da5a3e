import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Moments of training times")
struct TimeMomentTests {
    private static let count = 20_000

    private static func draws(_ times: TimeDistribution, seed: UInt64 = 1) -> [Double] {
        var stream = RandomStream(seed: seed, purpose: "moments")
        return times.sample(count, &stream).doubles
    }

    /// Standard errors between the mean of powers and its expectation.
    private static func errors(_ times: TimeDistribution, _ power: Int, from expected: Double) -> Double {
        let values = draws(times).map { t in (0..<power).reduce(1) { product, _ in product * t } }
        let moments = Moments(values)
        return moments.meanErrors(from: expected, std: moments.variance.squareRoot())
    }

    @Test("uniform: E t^k = 1 / (k + 1)", arguments: 1...5)
    func uniform(_ power: Int) {
        #expect(Self.errors(.uniform, power, from: 1 / Double(power + 1)) < 5)
    }

    @Test("Beta: E t^k = product of (alpha + r) / (alpha + beta + r)", arguments: [(2.0, 5.0), (0.5, 0.5), (6, 0.7)])
    func beta(_ alpha: Double, _ beta: Double) {
        for power in 1...4 {
            let expected = (0..<power).reduce(1.0) { $0 * (alpha + Double($1)) / (alpha + beta + Double($1)) }
            #expect(Self.errors(.beta(alpha: alpha, beta: beta), power, from: expected) < 5, "E t^\(power)")
        }
    }

    @Test("exchanged shapes look at the other end: 1 - t of Beta(b, a) has the moments of Beta(a, b)")
    func mirrored() {
        let (one, other) = (Self.draws(.beta(alpha: 2, beta: 5)), Self.draws(.beta(alpha: 5, beta: 2), seed: 2))
        let (left, right) = (Moments(one), Moments(other.map { 1 - $0 }))
        let error = ((left.variance + right.variance) / Double(Self.count)).squareRoot()
        #expect(abs(left.mean - right.mean) < 5 * error)
        #expect(abs(left.skewness - right.skewness) < 0.15 && left.skewness > 0.3)
    }

    @Test("logit-normal: half of all times lie below the mean's sigmoid", arguments: [-2.0, 0, 1.5])
    func median(_ mean: Double) {
        let middle = Tensor([mean], shape: [1]).sigmoid().doubles[0]
        let below = Self.draws(.logitNormal(mean: mean, std: 0.8)).filter { $0 < middle }.count
        #expect(abs(Double(below) / Double(Self.count) - 0.5) < 5 * 0.5 / Double(Self.count).squareRoot())
    }

    @Test("logit-normal around 0 is symmetric about one half, and narrow for a small std")
    func narrow() {
        #expect(Self.errors(.logitNormal(mean: 0, std: 1), 1, from: 0.5) < 5)
        // sigmoid'(0) = 1/4.
        let moments = Moments(Self.draws(.logitNormal(mean: 0, std: 0.01)))
        #expect(abs(moments.variance.squareRoot() / 0.0025 - 1) < 0.03)
    }

    @Test(
        "the same stream gives the same times, the next draw others; what is written reads back",
        arguments: [
            TimeDistribution.uniform, .beta(alpha: 0.4, beta: 3), .beta(alpha: 2, beta: 5),
            .logitNormal(mean: -1, std: 0.5),
        ])
    func reproducible(_ times: TimeDistribution) throws {
        var (one, other) = (RandomStream(seed: 1, purpose: "t"), RandomStream(seed: 1, purpose: "t"))
        let (first, second, again) = (times.sample(9, &one), times.sample(9, &one), times.sample(9, &other))
        #expect(first.bits == again.bits && first.bits != second.bits && first.shape == [9, 1])
        #expect(try Tree(encoding: times).decode(TimeDistribution.self) == times)
    }
}
