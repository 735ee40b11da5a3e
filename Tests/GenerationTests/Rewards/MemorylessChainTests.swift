import Basics
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Memoryless chains")
struct MemorylessChainTests {
    @Test(
        "of Gaussian data exact at any number of steps, and the start is forgotten",
        arguments: [Path.Kind.linear, .targetConditional, .variancePreserving], [2, 5, 40])
    func flows(_ path: Path.Kind, _ steps: Int) throws {
        let task = try GaussianTask(path, sigma: 0.05, start: [0.8], mean: [0.7], std: [0.3], steps: steps)
        let found = task.moments(task.generator.parameters)
        // The target-conditional path ends in a Gaussian around the datum.
        let variance = 0.09 + (path == .targetConditional ? 0.04 * 0.04 : 0)
        #expect(abs(found.mean[0] - 0.7) < 1e-5)
        #expect(abs(found.variance[0] - variance) < 1e-5)
        #expect(abs(found.kept[0]) < 1e-6)
    }

    @Test("a width of its own in each element of the source")
    func widths() throws {
        let task = try GaussianTask(start: [0.2, 1, 3], mean: [1, -1, 0], std: [0.5, 0.5, 0.5], steps: 12)
        let found = task.moments(task.generator.parameters)
        for element in 0..<3 {
            #expect(abs(found.mean[element] - task.mean[element]) < 1e-4)
            #expect(abs(found.variance[element] - 0.25) < 1e-4)
            #expect(abs(found.kept[element]) < 1e-5)
        }
    }

    @Test("a source that lies elsewhere, as networks' weights do")
    func offset() throws {
        // x0 ~ N(3, 0.5^2) and x1 = 2: the best velocity is (2 - x) / (1 - t), whatever the source.
        let chain = MemorylessChain(
            (0...10).map { index in
                let t = Double(index) / 10
                return .init(alpha: t, sigma: 1 - t, time: t, input: 1, data: 1, noise: -1)
            }, source: DiagonalGaussian(mean: Tensor(3.0), std: Tensor(0.5)), dataStd: 1e-3)
        let net = TiltableNet(dimension: 1, times: [0]) { x, t in (2 - x) / (1 - t) }
        let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        let start = normalDoubles([400, 1]).converted(to: .single) * 0.5 + 3
        let states = chain.states(net, parameters, from: start) {
            normalDoubles([400, 1], index: UInt64($0 + 1)).converted(to: .single)
        }
        for (index, state) in states.enumerated() {
            let t = Double(index) / 10
            let mean = state.mean().scalar
            #expect(abs(mean - (2 * t + 3 * (1 - t))) < 0.1 * (1 - t) + 1e-3, "t \(t)")
        }
    }

    @Test("of other data in the limit of many steps: two points")
    func twoPoints() throws {
        // x1 = +-1: E[x1 | x] = tanh(t x / (1 - t)^2) for a standard source.
        var config = FlowConfig()
        config.sigma = 0
        func share(_ steps: Int) throws -> Double {
            let chain = try config.chain(GaussianSource(dimension: 1, std: 1), codeStd: 1, steps: steps)
            let net = TiltableNet(dimension: 1, times: [0]) { x, t in
                let z = t * x / (1 - t).square()
                return ((z.clamped(to: -30...30) * 2).sigmoid() * 2 - 1 - x) / (1 - t)
            }
            let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
            var stream = RandomStream(seed: 2, purpose: "test")
            let ends = chain.sample(net, parameters, from: stream.normal([4000, 1])) { _ in stream.normal([4000, 1]) }
            return Double(ends.doubles.count { abs(abs($0) - 1) < 0.15 }) / 4000
        }
        #expect(try share(40) > 0.95)
    }

    @Test("diffusions: the data's mean and variance, and as little of the start as their noise leaves")
    func diffusions() throws {
        var chain = DDPMConfig()
        chain.parameterization = .velocity
        for (config, left) in [(EDMConfig(), 0.01), (chain, 0.01)] as [(any DiffusionConfig, Double)] {
            for steps in [5, 40] {
                let task = try GaussianTask(config, mean: 0.4, std: 0.9, steps: steps)
                let found = task.moments(task.generator.parameters)
                #expect(abs(found.mean[0] - 0.4) < 2e-2)
                #expect(abs(found.variance[0] - 0.81) < 0.02, "\(config) \(steps)")
                #expect(abs(found.kept[0]) < left)
            }
        }
    }

    @Test("processes and sources without one are refused by name")
    func refusals() {
        let matched = InitializationSource(
            .heNormal, layout: MLP(MLP.Config(widths: [3, 2])).layout, coordinates: RawCoordinates(parameterCount: 8))
        #expect { try FlowConfig().chain(matched, codeStd: 1, steps: 4) } throws: {
            ($0 as? DataError)?.path == "source.kind"
        }
        var coupled = FlowConfig()
        coupled.coupling = .optimalTransport
        #expect { try coupled.chain(GaussianSource(dimension: 2, std: 1), codeStd: 1, steps: 4) } throws: {
            ($0 as? DataError)?.path == "process.coupling.kind"
        }
        var clipped = DDPMConfig()
        clipped.clip = 3
        #expect { try clipped.chain(GaussianSource(dimension: 2, std: 1), codeStd: 1, steps: 4) } throws: {
            ($0 as? DataError)?.path == "process.clip"
        }
    }

    @Test("a source matched to the weights is one where codes keep their places")
    func matched() throws {
        let layout = MLP(MLP.Config(widths: [3, 2])).layout
        let weights = (normalDoubles([20, 8]) * 0.5 + 1).converted(to: .single)
        let coordinates = try #require(SlotStandardizedCoordinates(fitting: weights, layout: layout))
        let source = MatchedSource(fitting: weights, layout: layout, coordinates: coordinates)
        let gaussian = try source.gaussian()
        var stream = RandomStream(seed: 1, purpose: "test")
        let drawn = source.sample(4000, &stream)
        #expect(relativeDifference(gaussian.std, drawn.variance(axes: [0]).sqrt(), floor: 0.1) < 0.1)
        #expect((gaussian.mean - drawn.mean(axes: [0])).abs().max().scalar < 0.1)
        let principal = try #require(PrincipalCoordinates(fitting: weights, components: 3))
        #expect(MatchedSource(fitting: weights, layout: layout, coordinates: principal).diagonal == nil)
    }
}
