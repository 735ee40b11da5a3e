import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Times of training")
struct TimeDistributionTests {
    private static let count = 20_000

    private static func draws(_ times: TimeDistribution) -> [Double] {
        var stream = RandomStream(seed: 1, purpose: "times")
        let draws = times.sample(count, &stream)
        precondition(draws.shape == [count, 1])
        return draws.doubles
    }

    @Test(
        "all times lie in [0, 1]",
        arguments: [
            TimeDistribution.uniform, .beta(alpha: 2, beta: 5), .beta(alpha: 0.05, beta: 0.05),
            .beta(alpha: 0.5, beta: 3),
            .logitNormal(mean: 0, std: 1), .logitNormal(mean: -30, std: 10),
        ])
    func range(_ times: TimeDistribution) {
        #expect(Self.draws(times).allSatisfy { $0 >= 0 && $0 <= 1 })
    }

    @Test("Beta's mean and variance", arguments: [(2.0, 5.0), (0.5, 0.5), (1, 1), (0.3, 4), (8, 1.5)])
    func beta(_ alpha: Double, _ beta: Double) {
        let moments = Moments(Self.draws(.beta(alpha: alpha, beta: beta)))
        let total = alpha + beta
        let variance = alpha * beta / (total * total * (total + 1))
        #expect(moments.meanErrors(from: alpha / total, std: variance.squareRoot()) < 5)
        // The variance's standard error is sqrt((kurtosis - 1) / n).
        #expect(abs(moments.variance / variance - 1) < 5 * ((moments.kurtosis - 1) / Double(Self.count)).squareRoot())
    }

    @Test("Beta(1, b) has the distribution function 1 - (1 - t)^b")
    func betaFunction() {
        let sorted = Self.draws(.beta(alpha: 1, beta: 3)).sorted()
        let gaps = sorted.enumerated().map { (index: Int, t: Double) -> Double in
            let expected = 1 - pow(1 - t, 3)
            return abs(Double(index + 1) / Double(Self.count) - expected)
        }
        // Kolmogorov's statistic exceeds 1.95 / sqrt(n) once in a thousand.
        #expect((gaps.max() ?? 1) < 1.95 / Double(Self.count).squareRoot())
    }

    @Test("the logits of logit-normal times are normal", arguments: [(0.0, 1.0), (-0.7, 0.4)])
    func logitNormal(_ mean: Double, _ std: Double) {
        let logits = Moments(Self.draws(.logitNormal(mean: mean, std: std)).map { log($0 / (1 - $0)) })
        #expect(logits.meanErrors(from: mean, std: std) < 5)
        #expect(abs(logits.variance / (std * std) - 1) < 5 * (2 / Double(Self.count)).squareRoot())
        #expect(abs(logits.kurtosis - 3) < 5 * (24 / Double(Self.count)).squareRoot())
    }
}
