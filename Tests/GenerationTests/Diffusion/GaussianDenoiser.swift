import Networks
import Tensors

@testable import Generation

/// What the best net says where codes are N(mean, std^2 I): E[x1 | x] = mean + alpha std^2 (x - alpha mean) / var x,
/// E[eps | x] = sigma (x - alpha mean) / var x.
struct GaussianDenoiser: VelocityNet {
    let layout: ParameterLayout
    let dimension = 1
    let diffusion: Diffusion
    let mean: Double
    let std: Double

    init(_ diffusion: Diffusion, mean: Double, std: Double) {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("none", shape: [1], role: .bias)
        layout = builder.layout()
        (self.diffusion, self.mean, self.std) = (diffusion, mean, std)
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let (x, t) = (input.x, input.t)
        let times = t.doubles
        if Set(times).count == 1 { return said(x, at: times[0]) }
        // In a minibatch every row has its own level.
        return .concatenate(times.indices.map { said(x.sliced(axis: 0, $0..<($0 + 1)), at: times[$0]) }, axis: 0)
    }

    private func said(_ x: Tensor, at time: Double) -> Tensor {
        let level = diffusion.schedule.level(at: time)
        let factors = diffusion.preconditioning.factors(at: level)
        let offset = x / factors.input - level.alpha * mean
        let variance = level.alpha * level.alpha * std * std + level.sigma * level.sigma
        return factors.said(offset * (level.alpha * std * std / variance) + mean, offset * (level.sigma / variance))
    }

    var parameters: Parameters { Parameters(layout: layout, flat: initialParameters(seed: 0)) }
}

extension Sampler {
    /// Mean and variance of the samples of a net that is affine in x, in one dimension, without drawing any: the
    /// response to the start and to the noise of each step.
    func moments(_ net: any VelocityNet, startStd: Double, steps: Int) -> (mean: Double, variance: Double, draws: Int) {
        let rows = steps + 2
        func unit(_ row: Int, _ scale: Double = 1) -> Tensor {
            Tensor((0..<rows).map { $0 == row ? scale : 0 }, shape: [rows, 1])
        }
        var draws = 0
        let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        let ends = sample(net, parameters, from: unit(1, startStd)) { step in
            draws += 1
            return unit(2 + step)
        }.doubles
        let variance = ends.dropFirst().reduce(0) { $0 + ($1 - ends[0]) * ($1 - ends[0]) }
        return (ends[0], variance, draws)
    }
}
