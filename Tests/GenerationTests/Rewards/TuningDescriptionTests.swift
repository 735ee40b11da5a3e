import Basics
import Foundation
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

/// What a description says about whether its generators can be tuned, and tuning what it makes.
@Suite("Descriptions of generators that are tuned")
struct TuningDescriptionTests {
    private static let layout = MLP(MLP.Config(widths: [2, 3, 2])).layout
    private static let weights = (normalDoubles([30, layout.count], seed: 8) * 0.4 + 0.3).converted(to: .single)

    private static func description(_ change: (inout GeneratorDescription) -> Void = { _ in }) -> GeneratorDescription {
        var description = GeneratorDescription()
        var components = PrincipalCoordinates.Config()
        (components.components, components.standardize) = (4, true)
        description.coordinates = Described(components)
        var net = ResidualMLP.Config()
        (net.width, net.depth, net.timeWidth) = (16, 1, 8)
        description.net = Described(net)
        (description.training.steps, description.training.batch) = (200, 16)
        description.training.rate = 5e-3
        description.sampling.steps = 8
        change(&description)
        return description
    }

    @Test("what cannot be tuned is named by its key")
    func problems() {
        #expect(Self.description().tuningProblems(steps: 5).isEmpty)
        func paths(_ change: (inout GeneratorDescription) -> Void) -> [String] {
            Self.description(change).tuningProblems(steps: 5).map(\.path)
        }
        var coupled = FlowConfig()
        coupled.coupling = .optimalTransport
        #expect(paths { $0.process = Described(coupled) } == ["process.coupling.kind"])
        var clipped = DDPMConfig()
        clipped.clip = 4
        #expect(paths { $0.process = Described(clipped) } == ["process.clip"])
        #expect(paths { $0.source = Described(InitializationSource.Config()) } == ["source.kind"])
        #expect(paths { $0.source = Described(FittedGaussianSource.Config()) } == ["source.kind"])
        // Codes mix weights, so that a source of matched weights is no longer of independent elements.
        #expect(paths { $0.source = Described(MatchedSource.Config()) } == ["source.kind"])
        #expect(
            paths {
                $0.source = Described(MatchedSource.Config())
                $0.coordinates = Described(SlotStandardizedCoordinates.Config())
            }.isEmpty)
        #expect(paths { $0.process = Described(EDMConfig()) }.isEmpty)
    }

    @Test(
        "a trained generator of principal components is tuned through its decoder: more reward, for flow and diffusion",
        arguments: [true, false])
    func tunes(_ isFlow: Bool) throws {
        let description = Self.description { if !isFlow { $0.process = Described(EDMConfig()) } }
        let coordinates = try description.coordinates.member.fit(
            Self.weights, validation: nil, CoordinatesFitting(layout: Self.layout, seed: 1))
        let codes = coordinates.encode(Self.weights)
        let parts = try GeneratorParts(
            description, layout: Self.layout, coordinates: coordinates, codeStd: EDMConfig.dataStd(of: codes))
        let source = try parts.source(Self.weights)
        let training = GeneratorTraining(
            config: description.training, net: parts.net, objective: try parts.objective(source), seed: 1)
        var state = training.start()
        _ = training.run(&state, codes: codes) { _ in true }
        let base = try parts.generator(state.samplingParameters, source)
        let direction = normalDoubles([Self.layout.count], seed: 9).converted(to: .single)
        let reward = FunctionReward { ($0 * direction).sum(axes: [-1]) }

        let chain = try parts.chain(source, steps: 8)
        let rivals = RewardRivals(base, chain: chain, reward: reward, seed: 3)
        let before = rivals.rewards(base.sample(0..<60, seed: 3).codes)
        let spread = try RewardSpread(before)
        var config = TuningConfig()
        (config.steps, config.batch, config.path, config.rate) = (40, 16, 8, 2e-3)
        let matching = try AdjointMatching(
            base, chain: chain, reward: reward, strength: spread.factor(1.5), config: config, seed: 3)
        var tuning = matching.start()
        #expect(matching.run(&tuning) == .finished)
        let tuned = try parts.generator(tuning.samplingParameters, source)
        let after = rivals.rewards(tuned.sample(0..<60, seed: 3).codes)
        let mean = after.reduce(0.0) { $0 + $1 } / 60.0
        let gain = (mean - spread.mean) / spread.std
        #expect(gain > 0.2, "gain of \(gain) deviations")
        #expect(gain < 4)
    }

    @Test("settings: a sound table, defaults that are none of its problems, and the cost that they come to")
    func settings() throws {
        #expect(ConfigSchema(TuningConfig.self).discrepancies.isEmpty)
        #expect(ConfigSchema(RewardKind.self).discrepancies.isEmpty)
        #expect(TuningConfig().problems().isEmpty)
        let data = try JSONEncoder().encode(TuningConfig())
        #expect(try JSONDecoder().decode(TuningConfig.self, from: data) == TuningConfig())
        // 100 steps of 16 trajectories of 40 steps, of which 10 and a quarter of 30 are looked at.
        #expect(TuningConfig().evaluations == 100 * 16 * (3 * 40 + 4 * 18))
        #expect(TuningConfig().training.decay == 0, "decay would move a net that the reward leaves alone")
    }

    @Test("a rate that is far too high ends as a divergence or as numbers, never as a trap")
    func wild() throws {
        let task = try GaussianTask(mean: [0], std: [1], steps: 5)
        var config = GaussianTask.quick
        (config.steps, config.rate, config.finalRate) = (60, 1e4, 1e4)
        let matching = try AdjointMatching(
            task.generator, chain: task.chain,
            reward: FunctionReward { $0.square().sum(axes: [-1]) }, strength: 50, config: config, seed: 1)
        var state = matching.start()
        let outcome = matching.run(&state)
        guard case .diverged = outcome else { return #expect(state.parameters.isFinite) }
        #expect(state.samplingParameters.isFinite)
    }

    @Test("errors above the limit keep their direction and lose their length")
    func limits() throws {
        let task = try GaussianTask(mean: [0], std: [1], steps: 4)
        var config = GaussianTask.quick
        config.batch = 40
        let matching = try AdjointMatching(
            task.generator, chain: task.chain, reward: FunctionReward { $0.square().sum(axes: [-1]) * 2 }, strength: 1,
            config: config, seed: 1)
        config.quantile = 0.5
        let limited = try AdjointMatching(
            task.generator, chain: task.chain, reward: FunctionReward { $0.square().sum(axes: [-1]) * 2 }, strength: 1,
            config: config, seed: 1)
        var stream = RandomStream(seed: 5, purpose: "test")
        let walk = matching.trajectories(task.generator.parameters, &stream)
        var (none, limit): (Double?, Double?) = (nil, nil)
        let all = matching.loss(task.generator.parameters, walk, at: [0, 1, 2, 3], &none).scalar
        let some = limited.loss(task.generator.parameters, walk, at: [0, 1, 2, 3], &limit).scalar
        #expect(some < all && some > 0)
        #expect(none == nil)
        let first = try #require(limit)
        _ = limited.loss(task.generator.parameters, walk, at: [0, 1, 2, 3], &limit)
        // The quantile of the same rows again: the running mean stays.
        #expect(abs(try #require(limit) - first) < 1e-9)
    }
}
