import Foundation
import Tensors

@testable import ShiftDetection

/// Rows with everything that methods on rows look at, drawn from a known law.
struct MethodRows {
    /// Two normal features whose mean is moved by `shift`; a logistic model of their sum; three networks, each with an
    /// opinion of its own.
    static func draw(_ count: Int, shift: Double = 0, seed: UInt64, index: Int = 0) -> ShiftRows {
        var stream = RandomStream(seed: seed, purpose: "test.rows", index: UInt64(index))
        let features = stream.normal([count, 2]) + shift
        let noise = stream.normal([3, count]).doubles.map { $0 * 0.8 }
        let logits = (features.sum(axes: [1])).doubles
        let networks = (0..<3).flatMap { network in logits.indices.map { logits[$0] + noise[network * count + $0] } }
        return ShiftRows(
            features: features, probabilities: probabilities(logits).reshaped([count, 2]),
            ensembles: [.trained: probabilities(networks).reshaped([3, count, 2])])
    }

    private static func probabilities(_ logits: [Double]) -> Tensor {
        let values = logits.flatMap { logit in
            let p = 1 / (1 + exp(-logit))
            return [1 - p, p]
        }
        return Tensor(values, shape: [values.count])
    }

    /// Every method that looks at rows, in every way it can.
    static let methods: [any ShiftMethod] = {
        var biased = DiscrepancyMethod(on: .logits)
        (biased.estimate, biased.bandwidth) = (.biased, 1.5)
        var mean = EntropyMethod()
        mean.statistic = .mean
        return [
            EnergyMethod(), EnergyMethod(on: .features), KolmogorovSmirnovMethod(),
            KolmogorovSmirnovMethod(on: .features), ChiSquareMethod(), ChiSquareMethod(on: .features),
            DiscrepancyMethod(), biased, ClassifierMethod(), DisagreementMethod(), EntropyMethod(), mean,
        ]
    }()
}
