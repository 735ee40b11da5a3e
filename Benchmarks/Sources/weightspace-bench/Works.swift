import Foundation
import Generation
import Networks
import Tensors

/// Our side of each work; `Scripts/benchmark_peers.py` is the other.
enum Works {
    typealias Work = @Sendable (_ repeats: Int, _ data: String?) throws -> [Double]

    static let all: [String: Work] = [
        "W1": { repeats, _ in flowStep(dimension: 26_506, width: 512, steps: 10, repeats) },
        "W2": { repeats, _ in flowStep(dimension: 99, width: 1024, steps: 200, repeats) },
        "W3": { repeats, _ in zooStep(count: 100, batch: 64, steps: 20, repeats) },
        "W4": { repeats, _ in evaluation(count: 100, repeats) },
        "W5": { repeats, _ in sampling(dimension: 26_506, width: 512, count: 100, repeats) },
        "W6": { repeats, _ in cnnStep(count: 50, batch: 64, steps: 5, repeats) },
        "W7": { repeats, _ in transformerBlock(batch: 32, tokens: 64, width: 256, repeats) },
        "W8": { repeats, _ in hessian(count: 100, batch: 64, repeats) },
        "W9": { repeats, data in try row(repeats, data: data) },
        "W10": { repeats, _ in neuronStep(widths: [64, 16, 10], batch: 128, count: 5000, steps: 5, repeats) },
        "W10-deep": { repeats, _ in neuronStep(widths: [784, 32, 32, 10], batch: 32, count: 100, steps: 5, repeats) },
        "W11": { repeats, _ in
            try judging(
                .cnn(ZooCNN.Config(size: .small)), Judging(zoo: 50, fresh: 10, generated: 20, inputs: 10_000), repeats)
        },
        "W11-small": { repeats, _ in
            try judging(
                .mlp(MLP.Config(widths: [64, 16, 10])), Judging(zoo: 200, fresh: 100, generated: 200, inputs: 360),
                repeats)
        },
        "W11-many": { repeats, _ in
            try judging(
                .mlp(MLP.Config(widths: [64, 16, 10])), Judging(zoo: 5000, fresh: 100, generated: 200, inputs: 360),
                repeats)
        },
        "LA": { repeats, _ in try matching(width: 512, repeats) },
    ]

    /// Seconds of `body` divided by `share`, after one warm-up.
    static func time(_ repeats: Int, share: Int = 1, _ body: () throws -> Void) rethrows -> [Double] {
        try body()
        return try (0..<repeats).map { _ in
            let start = DispatchTime.now().uptimeNanoseconds
            try body()
            return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 / Double(share)
        }
    }

    static func normal(_ shape: Shape, _ purpose: String) -> Tensor {
        var stream = RandomStream(seed: 0, purpose: "bench.\(purpose)")
        return stream.normal(shape)
    }

    private static func flowStep(dimension: Int, width: Int, steps: Int, _ repeats: Int) -> [Double] {
        var config = TrainingConfig()
        (config.steps, config.checkEvery) = (1_000_000, 1_000_000)
        let net = FlowMLP(dimension: dimension, config: .init(width: width))
        let source = GaussianSource(dimension: dimension, std: 0.01)
        let objective = FlowObjective(source: source, path: Path(.linear, sigma: 1e-3))
        let training = GeneratorTraining(config: config, net: net, objective: objective, seed: 0)
        let codes = normal([100, dimension], "codes") * 0.05
        var state = training.start()
        return time(repeats, share: steps) {
            let end = state.step + steps
            _ = training.run(&state, codes: codes) { $0.step < end }
        }
    }

    /// One Adam step of all networks on minibatches of their own, gather included, as a zoo is trained: groups of ten side by
    /// side; seconds a network.
    private static func zooStep(count: Int, batch: Int, steps: Int, _ repeats: Int) -> [Double] {
        let network = MLP(MLP.Config(widths: [784, 32, 32, 10]))
        var stream = RandomStream(seed: 0, purpose: "bench.zoo")
        let inputs = stream.uniform([60_000, 784])
        let labels = (0..<60_000).map { _ in Int32(stream.integer(below: 10)) }
        var groups = (0..<(count / 10)).map { Group($0, network) }
        return time(repeats, share: steps * count) {
            groups.withUnsafeMutableBufferPointer { groups in
                parallelRounds(groups.count) { index in
                    for _ in 0..<steps { groups[index].step(network, batch: batch, inputs, labels) }
                }
            }
        }
    }

    /// Ten networks trained side by side.
    private struct Group {
        var weights: Tensor
        var optimizer: AdamW
        var stream: RandomStream

        init(_ index: Int, _ network: MLP) {
            let seeds = (0..<10).map { UInt64(index * 10 + $0) }
            weights = Initialization.heUniform.population(network.layout, seeds: seeds)
            optimizer = AdamW(shape: weights.shape)
            stream = RandomStream(seed: UInt64(index), purpose: "bench.rows")
        }

        mutating func step(_ network: MLP, batch: Int, _ inputs: Tensor, _ labels: [Int32]) {
            let rows = (0..<(10 * batch)).map { _ in Int32(stream.integer(below: labels.count)) }
            let x = inputs.gathered(axis: 0, rows).reshaped([10, batch, -1])
            let targets = Tensor.oneHot(rows.map { labels[Int($0)] }, classes: 10).reshaped([10, batch, 10])
            let direction = flatGradient(at: weights) { flat in
                Loss.crossEntropy(network(Parameters(layout: network.layout, flat: flat), x), targets: targets).sum()
            }.gradient
            optimizer.update(&weights, along: direction, rate: 1e-3)
        }
    }

    private static func evaluation(count: Int, _ repeats: Int) -> [Double] {
        let network = MLP(MLP.Config(widths: [784, 32, 32, 10]))
        let population = Initialization.pytorch.population(network.layout, seeds: (0..<count).map(UInt64.init))
        var stream = RandomStream(seed: 0, purpose: "bench.inputs")
        let inputs = stream.uniform([10_000, 784])
        return time(repeats) { _ = Classifier(network).predictions(population, inputs: inputs) }
    }

    private static func sampling(dimension: Int, width: Int, count: Int, _ repeats: Int) -> [Double] {
        let net = FlowMLP(dimension: dimension, config: .init(width: width))
        let generator = Generator(
            coordinates: RawCoordinates(parameterCount: dimension), net: net,
            parameters: Initialization.pytorch.network(net.layout, RandomStream(seed: 0, purpose: "bench.net")),
            source: GaussianSource(dimension: dimension, std: 0.01),
            sampler: FlowSampler(solver: Solver(.rk4, steps: 100)))
        return time(repeats) { _ = generator.sample(0..<count, seed: 0) { _ in } }
    }

    private static func hessian(count: Int, batch: Int, _ repeats: Int) -> [Double] {
        let network = MLP(MLP.Config(widths: [784, 32, 32, 10]))
        let weights = Initialization.pytorch.population(network.layout, seeds: (0..<count).map(UInt64.init))
        var stream = RandomStream(seed: 0, purpose: "bench.hessian")
        let inputs = stream.uniform([count, batch, 784])
        let labels = (0..<(count * batch)).map { _ in Int32(stream.integer(below: 10)) }
        let targets = Tensor.oneHot(labels, classes: 10).reshaped([count, batch, 10])
        let direction = stream.normal(weights.shape)
        return time(repeats) {
            _ = hessianProduct(at: weights, along: direction) { flat in
                Loss.crossEntropy(network(Parameters(layout: network.layout, flat: flat), inputs), targets: targets)
                    .sum()
            }
        }
    }

    /// Weight matching of pairs of fresh networks; seconds a sweep over all layers.
    private static func matching(width: Int, _ repeats: Int) throws -> [Double] {
        let layout = Architecture.mlp(MLP.Config(widths: [784, width, width, 10])).layout
        let rows = Initialization.heNormal.population(layout, seeds: (0...repeats + 1).map { UInt64($0) })
        let networks = (0...repeats + 1).map { rows.selected(axis: 0, $0).floats }
        let matching = try WeightMatching(reference: networks[0], layout: layout, product: .blas)
        _ = try matching.align(networks[1])
        return try networks.dropFirst(2).map { network in
            let start = DispatchTime.now().uptimeNanoseconds
            let sweeps = try matching.align(network).sweeps
            return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 / Double(sweeps)
        }
    }
}
