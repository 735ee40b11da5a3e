import Basics
import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

/// Guidance held to the closed form between Gaussians: of velocities, since the law of samples under guidance has none.
@Suite("Classifier-free guidance")
struct GuidanceTests {
    private static let flow = FlowSampler(solver: Solver(.rk4, steps: 60))
    private static let x = normalDoubles([8, 1], seed: 3) * 1.5
    private static let t = Tensor((0..<8).map { Double($0) / 8 + 0.01 }, shape: [8, 1])

    private static func velocity(_ exact: GaussianConditions, _ condition: Condition, _ guidance: Double) -> Tensor {
        let net = GuidedNet(exact.net, exact.parameters, asking: condition, guidance: guidance)
        return net(exact.weights, VelocityInput(x, t))
    }

    @Test("scale 1 is the conditional velocity, scale 0 the unconditional, exactly")
    func ends() throws {
        let exact = try GaussianConditions()
        #expect(
            Self.velocity(exact, GaussianConditions.askedHigh, 1).bits == exact.high.velocity(Self.x, Self.t).bits)
        #expect(Self.velocity(exact, GaussianConditions.askedLow, 1).bits == exact.low.velocity(Self.x, Self.t).bits)
        let unconditional = exact.unconditional(Self.x, Self.t)
        #expect(Self.velocity(exact, GaussianConditions.askedHigh, 0).bits == unconditional.bits)
        #expect(exact.net(exact.weights, VelocityInput(Self.x, Self.t)).bits == unconditional.bits)
        #expect(Self.velocity(exact, .none, 1).bits == unconditional.bits, "asking for nothing is asking nothing")
    }

    @Test("any scale is v_u + g (v_c - v_u), of both closed forms", arguments: [0.25, 1.5, 3, 7.5])
    func scales(_ guidance: Double) throws {
        let exact = try GaussianConditions()
        let (asked, free) = (exact.high.velocity(Self.x, Self.t), exact.unconditional(Self.x, Self.t))
        let found = Self.velocity(exact, GaussianConditions.askedHigh, guidance)
        #expect(relativeDifference(found, free + (asked - free) * guidance) < 1e-13)
        #expect(relativeDifference(found, asked) > 1e-3)
    }

    @Test("samples have the law that was asked for, and without a condition that of all networks")
    func laws() throws {
        let exact = try GaussianConditions()
        let generator = exact.generator(Self.flow)
        let count = 1000
        func drawn(_ generator: Generator) -> [Double] { generator.sample(0..<count, seed: 5).weights.doubles }
        let high = drawn(try generator.asked(GaussianConditions.askedHigh))
        let mean = high.reduce(0, +) / Double(count)
        let std = (high.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
        #expect(abs(mean - 2) < 0.04 && abs(std - 0.3) < 0.03)
        // The flow map is linear: x(1) = m + s x(0).
        let starts = (0..<count).map { index -> Double in
            var stream = RandomStream(seed: 5, purpose: "sample.source", index: UInt64(index))
            return GaussianSource(dimension: 1, std: 1).sample(1, &stream).scalar
        }
        for (found, start) in zip(high, starts) { #expect(abs(found - (2 + 0.3 * start)) < 1e-3) }
        let all = drawn(generator)
        let share = Double(all.count { $0 > 0.5 }) / Double(count)
        #expect(abs(share - 0.5) < 0.05)
        #expect(all.allSatisfy { abs($0 - 2) < 1.5 || abs($0 + 1) < 1.5 })
        #expect(drawn(try generator.asked(GaussianConditions.askedHigh, guidance: 0)) == all)
    }

    /// The early weights call the labels by each other's names, so that their own encoder is heard.
    @Test(
        "autoguided, what is asked leads away from what the early weights make of the same", arguments: [0.5, 1, 2.5])
    func autoguided(_ weight: Double) throws {
        let exact = try GaussianConditions()
        let early = exact.parameters * -1.0
        var generator = exact.generator(Self.flow)
        generator = Generator(
            coordinates: generator.coordinates, net: AutoguidedNet(exact.net, early: early, weight: weight),
            parameters: generator.parameters, source: generator.source, sampler: generator.sampler)
        let asked = try generator.asked(GaussianConditions.askedHigh)
        let (high, low) = (exact.high.velocity(Self.x, Self.t), exact.low.velocity(Self.x, Self.t))
        let found = asked.net(exact.weights, VelocityInput(Self.x, Self.t))
        #expect(relativeDifference(found, high + (high - low) * (weight - 1)) < 1e-13)
        let unconditional = generator.net(exact.weights, VelocityInput(Self.x, Self.t))
        #expect(relativeDifference(unconditional, exact.unconditional(Self.x, Self.t)) < 1e-13, "both know all labels")
        #expect(asked.guide?.bits == early.bits && generator.conditions == asked.conditions)
        let again = try asked.asked(GaussianConditions.askedLow).net(exact.weights, VelocityInput(Self.x, Self.t))
        #expect(relativeDifference(again, low + (low - high) * (weight - 1)) < 1e-13)
    }

    @Test("guidance beyond 1 leads further from the other label")
    func further() throws {
        let generator = try GaussianConditions(std: 0.6, means: (-0.5, 0.5)).generator(Self.flow)
        let means = try [1, 2, 4].map { guidance in
            try generator.sample(0..<200, seed: 6, condition: GaussianConditions.askedHigh, guidance: guidance)
                .weights.mean().scalar
        }
        #expect(means[0] < means[1] && means[1] < means[2])
    }

    @Test("what a diffusion's net says under guidance is guidance of its denoised prediction and of its noise")
    func diffusions() throws {
        let exact = try GaussianConditions()
        for parameterization in Parameterization.allCases {
            var config = DDPMConfig()
            config.parameterization = parameterization
            let diffusion = Diffusion(config), level = diffusion.schedule.level(at: 0.4)
            func predicted(_ guidance: Double) -> Prediction {
                let net = GuidedNet(
                    exact.net, exact.parameters, asking: GaussianConditions.askedLow, guidance: guidance)
                return diffusion.predict(net, exact.weights, Self.x, level)
            }
            let (free, asked, guided) = (predicted(0), predicted(1), predicted(2.5))
            #expect(relativeDifference(guided.data, free.data + (asked.data - free.data) * 2.5) < 1e-12)
            #expect(relativeDifference(guided.noise, free.noise + (asked.noise - free.noise) * 2.5) < 1e-12)
        }
    }

    @Test("a guided velocity costs two evaluations, scales 0 and 1 one, and all are counted")
    func evaluations() throws {
        let exact = try GaussianConditions()
        let generator = exact.generator(FlowSampler(solver: Solver(.euler, steps: 4)))
        for (guidance, expected) in [(0.0, 4), (1, 4), (2, 8)] {
            let counter = Generation.CountingNet.Counter()
            let asked = try generator.asked(GaussianConditions.askedLow, guidance: guidance)
            #expect(
                asked.counting(counter).sample(0..<3, seed: 1).weights.bits == asked.sample(0..<3, seed: 1).weights.bits
            )
            #expect(counter.value == expected)
        }
    }

    @Test("sample i is that of (seed, i) and the condition alone, at any count and number of threads")
    func reproducible() throws {
        let generator = try GaussianConditions().generator(Self.flow, guidance: 1.5)
        let all = try ThreadCounts.results {
            try generator.sample(0..<60, seed: 2, condition: GaussianConditions.askedLow).weights.bits
        }
        #expect(all.allSatisfy { $0 == all[0] })
        let part = try generator.sample(30..<41, seed: 2, condition: GaussianConditions.askedLow).weights
        #expect(part.bits == Array(all[0][30..<41]))
    }

    @Test("a generator without conditions, and what it has not learned, are refused")
    func refusals() throws {
        let exact = try GaussianConditions()
        let generator = exact.generator(Self.flow)
        #expect(generator.conditions?.labels == ["high", "low"])
        func message(_ body: () throws -> Void) throws -> String { try requireDataError(body).description }
        #expect(
            try message { _ = try generator.asked(Condition(label: "middle")) }
                == "condition: expected a label that the training networks had: high, low, found middle")
        #expect(
            try message { _ = try generator.asked(GaussianConditions.askedLow, guidance: .nan) }
                == "guidance: expected a finite number, found nan")
        let plain = Generator(
            coordinates: RawCoordinates(parameterCount: 2), net: GaussianFlowNet(exact.low), parameters: .zeros([1]),
            source: GaussianSource(dimension: 2, std: 1), sampler: Self.flow)
        #expect(plain.conditions == nil)
        #expect(
            try message { _ = try plain.asked(GaussianConditions.askedLow) }.hasPrefix(
                "condition: the generator has no conditions"))
        let asked = try generator.asked(GaussianConditions.askedLow)
        #expect(asked.conditions == generator.conditions)
        let other = try asked.asked(GaussianConditions.askedHigh).sample(0..<2, seed: 1).weights
        #expect(
            other.bits == (try generator.sample(0..<2, seed: 1, condition: GaussianConditions.askedHigh).weights.bits))
    }
}
