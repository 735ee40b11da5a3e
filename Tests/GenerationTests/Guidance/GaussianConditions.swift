import Networks
import TestSupport
import Tensors

@testable import Generation

/// A conditional net that is exact without training: labels "low" and "high" are Gaussians around two means, and
/// without a label the data are both, half and half.
///
/// The velocity of the mixture is that of its parts, weighed by the posterior of the part given x_t (elements are
/// independent, K = 1).
struct GaussianConditions: Sendable {
    let low: GaussianFlow
    let high: GaussianFlow
    let net: ConditionalNet
    let parameters: Tensor

    /// What is asked for.
    static let (askedLow, askedHigh) = (Condition(label: "low"), Condition(label: "high"))

    init(start: Double = 1, std: Double = 0.3, means: (Double, Double) = (-1, 2)) throws {
        let path = Path(.linear, sigma: 0)
        low = GaussianFlow(path: path, start: start, mean: means.0, std: std)
        high = GaussianFlow(path: path, start: start, mean: means.1, std: std)
        var config = ConditionsConfig()
        config.label = .table(LabelTable())
        config.width = 1
        net = ConditionalNet(
            Base(low: low, high: high, std: std), config,
            facts: try ConditionFacts(fitting: [Self.askedLow, Self.askedHigh], config))
        // The table, in the labels' order (high, low), says +1 and -1; the stand-in says 0.
        var values = [Double](repeating: 0, count: net.layout.count)
        for slot in net.layout.slots where slot.name.contains("table") {
            (values[slot.offset], values[slot.offset + 1]) = (1, -1)
        }
        parameters = Tensor(values, shape: [values.count])
    }

    /// Weights as a net takes them.
    var weights: Parameters { Parameters(layout: net.layout, flat: parameters) }

    /// The unconditional velocity at x [B, 1] and t [B, 1].
    func unconditional(_ x: Tensor, _ t: Tensor) -> Tensor { Base(low: low, high: high, std: low.std).mixture(x, t) }

    /// A generator whose weights are the codes themselves.
    func generator(_ sampler: any Sampler, guidance: Double = 1) -> Generator {
        Generator(
            coordinates: RawCoordinates(parameterCount: 1), net: net, parameters: parameters,
            source: GaussianSource(dimension: 1, std: low.start), sampler: sampler, guidance: guidance)
    }

    private struct Base: VelocityNet {
        let low: GaussianFlow
        let high: GaussianFlow
        let std: Double
        let layout: ParameterLayout
        let dimension = 1

        init(low: GaussianFlow, high: GaussianFlow, std: Double) {
            (self.low, self.high, self.std) = (low, high, std)
            var builder = ParameterLayout.Builder()
            _ = builder.addSlot("unused", shape: [1], role: .bias)
            layout = builder.layout()
        }

        func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

        func mixture(_ x: Tensor, _ t: Tensor) -> Tensor {
            let variance = (1 - t).square() * (low.start * low.start) + t.square() * (std * std)
            func score(_ flow: GaussianFlow) -> Tensor { (x - t * flow.mean).square() / variance * -0.5 }
            let odds = (score(high) - score(low)).exp()
            let share = Tensor.ones(odds.shape, precision: odds.precision) / (1 + odds)
            return low.velocity(x, t) * share + high.velocity(x, t) * (1 - share)
        }

        func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
            let said = (input.condition?.features ?? input.x * 0).converted(to: input.x.precision)
            let zero = Tensor(0, precision: input.x.precision)
            let asked = Tensor.select(
                said.isGreater(than: zero), high.velocity(input.x, input.t), low.velocity(input.x, input.t))
            return Tensor.select(said.square().isGreater(than: zero), asked, mixture(input.x, input.t))
        }
    }
}
