import Basics
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

/// Laws tilted by exp(r) that are known: N(m, s^2) times exp(c x) is N(m + c s^2, s^2), and times
/// exp(-l/2 (x - mu)^2) it is N((m + l mu s^2) / (1 + l s^2), s^2 / (1 + l s^2)).
@Suite("Adjoint matching")
struct AdjointMatchingTests {
    /// c x, summed over elements.
    private static func linear(_ c: [Double]) -> FunctionReward {
        let row = Tensor(c.map(Float.init), shape: [c.count])
        return FunctionReward { ($0 * row).sum(axes: [-1]) }
    }

    /// -1/2 (x - mu)^2.
    private static func quadratic(_ mu: Double) -> FunctionReward {
        FunctionReward { ($0 - mu).square().sum(axes: [-1]) * -0.5 }
    }

    @Test("the lean adjoint of a linear reward is -c s^2 t / D, at any number of steps", arguments: [3, 20])
    func adjoint(_ steps: Int) throws {
        let task = try GaussianTask(mean: [0.5], std: [0.6], steps: steps)
        let matching = try AdjointMatching(
            task.generator, chain: task.chain, reward: Self.linear([2]), strength: 1, seed: 1)
        var stream = RandomStream(seed: 1, purpose: "test")
        let walk = matching.trajectories(task.generator.parameters, &stream)
        #expect(walk.states.count == steps + 1 && walk.adjoints.count == steps)
        for (index, adjoint) in walk.adjoints.enumerated() {
            let t = index + 1 < steps ? task.chain.steps[index + 1].time : 1
            let expected = -2 * 0.36 * t / (t * t * 0.36 + (1 - t) * (1 - t))
            #expect(adjoint.doubles.allSatisfy { abs($0 - expected) < 1e-4 }, "t \(t)")
        }
        let ends = walk.states[steps].doubles
        #expect(zip(walk.rewards.doubles, ends).allSatisfy { abs($0 - 2 * $1) < 1e-5 })
    }

    @Test("linear rewards move the mean by c s^2 and leave the variance, exactly", arguments: [0.5, 1, 3], [6, 20])
    func linear(_ strength: Double, _ steps: Int) throws {
        let task = try GaussianTask(mean: [2], std: [0.5], steps: steps)
        let base = task.moments(task.generator.parameters)
        let tuned = task.moments(try task.tuned(Self.linear([1]), strength: strength))
        #expect(abs(tuned.mean[0] - (base.mean[0] + strength * base.variance[0])) < 0.02 * strength)
        #expect(abs(tuned.variance[0] - base.variance[0]) < 0.01 * max(1, strength))
    }

    @Test("quadratic rewards, to an error that falls with the steps", arguments: [1, 4])
    func quadratic(_ strength: Double) throws {
        func errors(_ steps: Int) throws -> (mean: Double, variance: Double) {
            let task = try GaussianTask(mean: [0], std: [1], steps: steps)
            var config = GaussianTask.quick
            (config.steps, config.batch) = (400, 64)
            let tuned = task.moments(try task.tuned(Self.quadratic(1.5), strength: strength, config))
            let shrunk = 1 / (1 + strength)
            return (tuned.mean[0] - 1.5 * strength * shrunk, tuned.variance[0] - shrunk)
        }
        let found = try errors(40)
        #expect(abs(found.mean) < 0.05, "mean off by \(found.mean)")
        #expect(abs(found.variance) < 0.04, "variance off by \(found.variance)")
    }

    @Test("a source with a width of its own in each element")
    func widths() throws {
        let task = try GaussianTask(start: [0.5, 1, 2], mean: [1, -2, 0], std: [0.6, 0.6, 0.6], steps: 12)
        let tuned = task.moments(try task.tuned(Self.linear([0.7, -0.3, 1]), strength: 1))
        for (element, c) in [0.7, -0.3, 1].enumerated() {
            #expect(abs(tuned.mean[element] - (task.mean[element] + c * 0.36)) < 0.02, "element \(element)")
            #expect(abs(tuned.variance[element] - 0.36) < 0.02)
        }
    }

    @Test("diffusions as well")
    func diffusions() throws {
        for config in [EDMConfig(), DDPMConfig()] as [any DiffusionConfig] {
            let task = try GaussianTask(config, mean: 0.4, std: 0.9, steps: 15)
            let base = task.moments(task.generator.parameters)
            let tuned = task.moments(try task.tuned(Self.linear([1]), strength: 0.8))
            #expect(abs(tuned.mean[0] - (base.mean[0] + 0.8 * base.variance[0])) < 0.04, "\(config)")
            #expect(abs(tuned.variance[0] - base.variance[0]) < 0.05)
        }
    }

    @Test("no reward, no strength: every bit of the weights stays, whatever the net")
    func nothing() throws {
        var config = ResidualMLP.Config()
        (config.width, config.depth, config.timeWidth) = (16, 2, 8)
        let net = ResidualMLP(dimension: 4, config: config)
        let source = GaussianSource(dimension: 4, std: 1)
        let chain = try FlowConfig().chain(source, codeStd: 1, steps: 10)
        let generator = Generator(
            coordinates: RawCoordinates(parameterCount: 4), net: net,
            parameters: (normalDoubles([net.layout.count]) * 0.2).converted(to: .single), source: source, sampler: chain
        )
        var quick = TuningConfig()
        (quick.steps, quick.batch) = (3, 4)
        for (reward, strength) in [(Self.linear([1, 1, 1, 1]), 0.0), (Self.linear([0, 0, 0, 0]), 5.0)] {
            let matching = try AdjointMatching(
                generator, chain: chain, reward: reward, strength: strength, config: quick, seed: 1)
            var state = matching.start()
            #expect(matching.run(&state) == .finished)
            #expect(state.parameters.bits == generator.parameters.bits)
            #expect(state.step == 3)
        }
        let moved = try AdjointMatching(
            generator, chain: chain, reward: Self.linear([1, 1, 1, 1]), strength: 1, config: quick, seed: 1)
        var state = moved.start()
        _ = moved.run(&state)
        #expect(state.parameters.bits != generator.parameters.bits)
    }

    @Test("the stronger the higher the reward, also with few steps looked at and errors limited")
    func monotone() throws {
        let task = try GaussianTask(mean: [0, 0], std: [1, 1], steps: 20)
        var config = GaussianTask.quick
        (config.share, config.quantile, config.clip) = (0.25, 0.95, 1)
        let rewards = try [0, 0.5, 1, 2].map { strength in
            task.moments(try task.tuned(Self.linear([1, 0.5]), strength: strength, config)).mean
        }
        for (weaker, stronger) in zip(rewards, rewards.dropFirst()) {
            #expect(stronger[0] > weaker[0] + 0.2 && stronger[1] > weaker[1] + 0.1)
        }
    }

    @Test("what cannot be: a strength below zero, rewards that are no number; what diverges is a result")
    func refusals() throws {
        let task = try GaussianTask(mean: [0], std: [1], steps: 6)
        for strength in [-1, .nan, .infinity] as [Double] {
            #expect { try task.tuned(Self.linear([1]), strength: strength) } throws: {
                ($0 as? DataError)?.path == "strength"
            }
        }
        let matching = try AdjointMatching(
            task.generator, chain: task.chain, reward: FunctionReward { ($0 * .nan).sum(axes: [-1]) }, strength: 1,
            config: GaussianTask.quick, seed: 1)
        var state = matching.start()
        #expect(matching.run(&state) == .diverged(step: 0))
        #expect(state.samplingParameters.bits == task.generator.parameters.bits)
        #expect(throws: DataError.self) { try RewardSpread([1, .nan]) }
        #expect(throws: DataError.self) { try RewardSpread([0.25, 0.25, 0.25]) }
        #expect(throws: DataError.self) { try RewardSpread([]) }
        let spread = try RewardSpread([1, 3])
        #expect(spread == RewardSpread(mean: 2, std: 2.0.squareRoot()))
        #expect(abs(try spread.factor(2) - 2.0.squareRoot()) < 1e-12)
    }

    @Test("the last steps are always looked at")
    func looked() {
        var config = TuningConfig()
        config.share = 0.25
        var stream = RandomStream(seed: 1, purpose: "test")
        var seen: Set<Int> = []
        for _ in 0..<30 {
            let looked = config.lookedAt(40) { stream.permutation($0) }
            #expect(looked.count == 18 && looked == looked.sorted() && Set(looked).count == 18)
            #expect(looked.suffix(10) == [30, 31, 32, 33, 34, 35, 36, 37, 38, 39])
            seen.formUnion(looked)
        }
        #expect(seen.count == 40)
        config.share = 1
        #expect(config.lookedAt(5) { stream.permutation($0) } == [0, 1, 2, 3, 4])
        #expect(config.evaluations == 100 * 16 * (40 * 3 + 40 * 4))
    }

    @Test("tuning that goes on gives the same bytes")
    func resumes() throws {
        let task = try GaussianTask(mean: [0], std: [1], steps: 6)
        var config = GaussianTask.quick
        config.steps = 8
        let matching = try AdjointMatching(
            task.generator, chain: task.chain, reward: Self.linear([1]), strength: 1, config: config, seed: 1)
        var whole = matching.start(), parts = matching.start()
        _ = matching.run(&whole)
        _ = matching.run(&parts) { step, _ in step.step < 3 }
        #expect(parts.step == 3)
        _ = matching.run(&parts)
        #expect(parts.parameters.bits == whole.parameters.bits)
    }
}
