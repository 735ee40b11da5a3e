import Networks
import Tensors

@testable import Generation

/// What the best net says between Gaussians, plus an affine function of x with weights of its own at each of some times:
/// such a net can hold every process that a linear or quadratic reward makes of the first.
struct TiltableNet: VelocityNet {
    let layout: ParameterLayout
    let dimension: Int
    let times: [Double]
    let best: @Sendable (_ x: Tensor, _ t: Tensor) -> Tensor

    init(dimension: Int, times: [Double], best: @escaping @Sendable (_ x: Tensor, _ t: Tensor) -> Tensor) {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("offset", shape: [times.count, dimension], role: .bias)
        _ = builder.addSlot("slope", shape: [times.count, dimension], role: .weight)
        layout = builder.layout()
        (self.dimension, self.times, self.best) = (dimension, times, best)
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([layout.count]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let nearest = input.t.doubles.map { time in
            Int32(times.indices.min { abs(times[$0] - time) < abs(times[$1] - time) } ?? 0)
        }
        let rows = Tensor.oneHot(nearest, classes: times.count, precision: input.x.precision)
        let slots = parameters.flat.unpacked([
            PackedSlot(offset: 0, shape: [times.count, dimension]),
            PackedSlot(offset: times.count * dimension, shape: [times.count, dimension]),
        ])
        return best(input.x, input.t) + matmul(rows, slots[0]) + matmul(rows, slots[1]) * input.x
    }
}

/// Independent Gaussians, N(0, S) to N(mean, std^2), element by element, and a process between them.
struct GaussianTask: Sendable {
    var start: [Double] = [1]
    var mean: [Double]
    var std: [Double]
    var chain: MemorylessChain
    var generator: Generator

    /// Along a flow's path.
    init(
        _ path: Path.Kind = .linear, sigma: Double = 0, start: [Double] = [1], mean: [Double], std: [Double], steps: Int
    ) throws {
        let start = start.count == mean.count ? start : Array(repeating: start[0], count: mean.count)
        let source = DiagonalSource(std: start)
        var config = FlowConfig()
        (config.path, config.sigma) = (path, sigma)
        let chain = try config.chain(source, codeStd: std[0], steps: steps)
        let way = Path(path, sigma: sigma)
        let (s, m, d) = (Self.row(start), Self.row(mean), Self.row(std))
        let net = TiltableNet(dimension: mean.count, times: chain.steps.map(\.time)) { x, t in
            let one = Tensor.ones(t.shape), zero = Tensor.zeros(t.shape)
            let a = way.sample(from: one, to: zero, at: t, noise: zero)
            let b = way.sample(from: zero, to: one, at: t, noise: zero)
            let variance = a.x.square() * s.square() + b.x.square() * d.square()
            let covariance = a.velocity * a.x * s.square() + b.velocity * b.x * d.square()
            return b.velocity * m + covariance / variance * (x - b.x * m)
        }
        self.init(start, mean, std, chain, net, source)
    }

    /// Of a diffusion in one dimension.
    init(_ config: any DiffusionConfig, mean: Double, std: Double, steps: Int) throws {
        let diffusion = try config.diffusion(codeStd: std)
        let source = GaussianSource(dimension: 1, std: diffusion.startStd)
        let chain = try config.chain(source, codeStd: std, steps: steps)
        let denoiser = GaussianDenoiser(diffusion, mean: mean, std: std)
        let net = TiltableNet(dimension: 1, times: chain.steps.map(\.time)) { x, t in
            denoiser(denoiser.parameters, VelocityInput(x, t))
        }
        self.init([diffusion.startStd], [mean], [std], chain, net, source)
    }

    private init(
        _ start: [Double], _ mean: [Double], _ std: [Double], _ chain: MemorylessChain, _ net: TiltableNet,
        _ source: any Source
    ) {
        (self.start, self.mean, self.std, self.chain) = (start, mean, std, chain)
        generator = Generator(
            coordinates: RawCoordinates(parameterCount: mean.count), net: net,
            parameters: net.initialParameters(seed: 0), source: source, sampler: chain)
    }

    private static func row(_ values: [Double]) -> Tensor { Tensor(values.map(Float.init), shape: [values.count]) }

    /// Mean and variance of the chain's ends, element by element, without drawing any; what it keeps of its start.
    func moments(_ parameters: Tensor) -> (mean: [Double], variance: [Double], kept: [Double]) {
        let (width, rows) = (mean.count, chain.steps.count + 2)
        func unit(_ row: Int, _ scale: [Double]) -> Tensor {
            Tensor((0..<rows).flatMap { at in scale.map { at == row ? $0 : 0 } }.map(Float.init), shape: [rows, width])
        }
        let net = generator.net
        let ends = chain.sample(net, Parameters(layout: net.layout, flat: parameters), from: unit(1, start)) {
            unit(2 + $0, Array(repeating: 1, count: width))
        }.doubles
        let first = Array(ends[0..<width])
        func responses(_ element: Int) -> [Double] {
            (1..<rows).map { ends[$0 * width + element] - first[element] }
        }
        let all = (0..<width).map(responses)
        return (first, all.map { $0.reduce(0) { $0 + $1 * $1 } }, all.map { $0[0] })
    }

    /// Weights tuned to a reward.
    func tuned(_ reward: any Reward, strength: Double, _ config: TuningConfig = Self.quick) throws -> Tensor {
        let matching = try AdjointMatching(
            generator, chain: chain, reward: reward, strength: strength, config: config, seed: 1)
        var state = matching.start()
        _ = matching.run(&state)
        return state.parameters
    }

    /// Settings for nets of a few weights.
    static var quick: TuningConfig {
        var config = TuningConfig()
        (config.steps, config.batch, config.rate, config.finalRate) = (200, 4, 0.06, 3e-4)
        (config.clip, config.quantile, config.share) = (0, 1, 1)
        return config
    }
}

/// N(0, diag(std^2)).
struct DiagonalSource: Source {
    let std: [Double]
    var dimension: Int { std.count }
    private var row: Tensor { Tensor(std.map(Float.init), shape: [std.count]) }
    var diagonal: DiagonalGaussian? { DiagonalGaussian(std: row) }
    func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor { stream.normal([count, dimension]) * row }
}
