import Basics
import Foundation
import Tensors

/// How often training looks at which time: the law of t in [0, 1], 0 the source, 1 the data.
public enum TimeDistribution: ConfigChoice {
    /// U(0, 1).
    case uniform
    /// Density t^(alpha - 1) (1 - t)^(beta - 1) / B(alpha, beta); DeepWeightFlow's code has Beta(2, 5) as an option.
    case beta(alpha: Double, beta: Double)
    /// t = 1 / (1 + exp(-z)), z ~ N(mean, std^2): Esser et al., Scaling rectified flow transformers for high-resolution
    /// image synthesis, 2024, eq. 19.
    case logitNormal(mean: Double, std: Double)

    /// Shapes of a Beta below this would need smaller numbers than there are.
    static let leastShape = 0.05

    /// Draws [count, 1]. Traps unless a Beta's shapes are at least 0.05 and a logit-normal's std is positive.
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        switch self {
        case .uniform:
            return stream.uniform([count, 1])
        case .logitNormal(let mean, let std):
            precondition(std > 0, "logit-normal times: std \(std)")
            return stream.normal([count, 1]).scaled(by: std, plus: mean).sigmoid()
        case .beta(let alpha, let beta):
            precondition(min(alpha, beta) >= Self.leastShape, "Beta times: shapes \(alpha), \(beta)")
            let first = Self.gamma(alpha, count, &stream)
            let second = Self.gamma(beta, count, &stream)
            return Tensor(zip(first, second).map { Float($0 / ($0 + $1)) }, shape: [count, 1])
        }
    }

    /// Gamma variates of a shape and scale 1: Marsaglia & Tsang, A simple method for generating gamma variables, 2000.
    private static func gamma(_ shape: Double, _ count: Int, _ stream: inout RandomStream) -> [Double] {
        if shape < 1 {
            let powers = stream.uniform([count]).doubles.map { pow(1 - $0, 1 / shape) }
            return zip(gamma(shape + 1, count, &stream), powers).map { $0 * $1 }
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        var found: [Double] = []
        while found.count < count {
            let missing: Shape = [count - found.count]
            let normals = stream.normal(missing).doubles
            for (z, u) in zip(normals, stream.uniform(missing).doubles) {
                let root = 1 + c * z
                let v = root * root * root
                if root > 0, log(1 - u) < z * z / 2 + d * (1 - v + log(v)) { found.append(d * v) }
            }
        }
        return found
    }
}

extension TimeDistribution {
    /// The kinds of `times:`, uniform first.
    public static let standard: ConfigKinds<TimeDistribution> = [
        ConfigKind(
            "uniform", NoSettings.self, "U(0, 1)", { _ in .uniform }, settings: { $0 == .uniform ? NoSettings() : nil }),
        ConfigKind("beta", Beta.self, "Beta(alpha, beta)", { .beta(alpha: $0.alpha, beta: $0.beta) }) {
            guard case .beta(let alpha, let beta) = $0 else { return nil }
            return Beta(alpha: alpha, beta: beta)
        },
        ConfigKind(
            "logit-normal", LogitNormal.self, "1 / (1 + exp(-z)), z from N(mean, std^2)",
            { .logitNormal(mean: $0.mean, std: $0.std) }
        ) {
            guard case .logitNormal(let mean, let std) = $0 else { return nil }
            return LogitNormal(mean: mean, std: std)
        },
    ]

    /// A Beta distribution's shapes; Beta(2, 5), an option of DeepWeightFlow's code, unless set.
    private struct Beta: ComponentConfig {
        var alpha = 2.0
        var beta = 5.0

        static let keys = [
            ConfigKey("alpha", .number(atLeast: 0.05, atMost: 1000), "First shape: large looks at the data's end more"),
            ConfigKey(
                "beta", .number(atLeast: 0.05, atMost: 1000), "Second shape: large looks at the source's end more"),
        ]
    }

    /// The Gaussian under a logit-normal; N(0, 1), as Esser et al. (2024) found best, unless set.
    private struct LogitNormal: ComponentConfig {
        var mean = 0.0
        var std = 1.0

        static let keys = [
            ConfigKey("mean", .number(atLeast: -20, atMost: 20), "Mean of the time's logit"),
            ConfigKey("std", .number(above: 0, atMost: 20), "Standard deviation of the time's logit"),
        ]
    }
}
