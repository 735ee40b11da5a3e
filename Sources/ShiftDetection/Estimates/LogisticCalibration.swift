import Foundation

/// Two numbers that make a model's probabilities mean what they say: p becomes sigmoid(scale logit(p) + offset).
///
/// They minimise the summed log loss plus half the scale's square: on a hundred rows two numbers do not overfit as a
/// step function does.
///
/// Source: Platt, Probabilistic outputs for support vector machines, 1999; scikit-learn's
/// `LogisticRegression(C=1)` on logit(p), whose values it has. Probabilities are kept 1e-4 away from 0 and 1.
public struct LogisticCalibration: Sendable, Equatable {
    /// What the log odds are multiplied by: below 1 where the model is too sure of itself.
    public let scale: Double
    /// What is added to them.
    public let offset: Double

    /// Fits by Newton's method. Traps unless each probability has an outcome, and on none.
    public init(probabilities: [Double], isPositive: [Bool]) {
        precondition(
            !probabilities.isEmpty && probabilities.count == isPositive.count,
            "logistic calibration: \(probabilities.count) probabilities, \(isPositive.count) outcomes")
        let odds = probabilities.map(Self.logOdds)
        var (scale, offset) = (0.0, 0.0)
        for _ in 0..<Self.steps {
            // The penalty on the offset only keeps it finite where all outcomes are the same.
            var gradient = (scale, Self.least * offset)
            var curvature = (1.0, 0.0, Self.least)
            for (odd, positive) in zip(odds, isPositive) {
                let chance = Self.sigmoid(scale * odd + offset)
                let (error, weight) = (chance - (positive ? 1 : 0), chance * (1 - chance))
                gradient = (gradient.0 + error * odd, gradient.1 + error)
                curvature = (
                    curvature.0 + weight * odd * odd, curvature.1 + weight * odd, curvature.2 + weight
                )
            }
            let determinant = curvature.0 * curvature.2 - curvature.1 * curvature.1
            let step = (
                (curvature.2 * gradient.0 - curvature.1 * gradient.1) / determinant,
                (curvature.0 * gradient.1 - curvature.1 * gradient.0) / determinant
            )
            guard step.0.isFinite, step.1.isFinite else { break }
            scale -= min(max(step.0, -3), 3)
            offset -= min(max(step.1, -3), 3)
            if abs(step.0) + abs(step.1) < 1e-11 { break }
        }
        (self.scale, self.offset) = (scale, offset)
    }

    /// The calibrated probability.
    public func callAsFunction(_ probability: Double) -> Double {
        Self.sigmoid(scale * Self.logOdds(probability) + offset)
    }

    private static let steps = 30
    private static let least = 1e-6

    private static func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    /// log(p / (1 - p)), p kept 1e-4 away from 0 and 1.
    static func logOdds(_ probability: Double) -> Double {
        let p = min(max(probability, 1e-4), 1 - 1e-4)
        return log(p / (1 - p))
    }
}
