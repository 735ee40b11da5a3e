import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Flow matching")
struct FlowMatchingTests {
    static func flow(
        dimension: Int, steps: Int, width: Int = 24, dropout: Double = 0, seed: UInt64 = 1,
        coupling: Coupling = .independent, _ change: (inout TrainingConfig) -> Void = { _ in }
    ) -> GeneratorTraining {
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate) = (steps, 32, 5e-3)
        change(&config)
        let net = FlowMLP(dimension: dimension, config: .init(width: width, timeWidth: 8, dropout: dropout))
        let objective = FlowObjective(
            source: GaussianSource(dimension: dimension, std: 1), path: Path(.linear, sigma: 1e-3), coupling: coupling)
        return GeneratorTraining(config: config, net: net, objective: objective, seed: seed)
    }

    /// Samples of a trained flow in raw coordinates from N(0, I), [count, K].
    static func samples(_ flow: GeneratorTraining, _ state: TrainingState, _ count: Int) -> Tensor {
        let dimension = flow.net.dimension
        return Generator(
            coordinates: RawCoordinates(parameterCount: dimension), net: flow.net,
            parameters: state.samplingParameters, source: GaussianSource(dimension: dimension, std: 1),
            sampler: FlowSampler(solver: Solver(.rk4, steps: 20))
        ).samples(0..<count, seed: 5).codes
    }

    private static func codes(_ n: Int, _ k: Int) -> Tensor {
        var stream = RandomStream(seed: 8, purpose: "codes")
        return stream.normal([n, k]) * 0.3 + 1
    }

    @Test("before training the loss is the mean square of x1 - x0, and it falls")
    func falling() {
        let flow = Self.flow(dimension: 3, steps: 400)
        let codes = Self.codes(200, 3)
        var state = flow.start()
        var losses: [Double] = []
        let before = flow.validationLoss(state.parameters, codes: codes)
        // E |x1 - x0|^2 = mean of x1^2 + 1; 1,600 x 3 draws of x0 leave an error of about 2 sd(x0) |x1| / sqrt(4800).
        let expected = codes.square().mean().scalar + 1
        #expect(abs(before - expected) < 5 * 2.5 / 4800.squareRoot())
        let outcome = flow.run(&state, codes: codes) { step in
            losses.append(step.loss)
            return true
        }
        #expect(outcome == .finished && state.step == 400 && losses.count == 400)
        // With x0 given at t = 0 and x1 at t = 1, about a third of the variance cannot be predicted on average.
        let after = flow.validationLoss(state.samplingParameters, codes: codes)
        #expect(after < 0.5 * before, "\(before) to \(after)")
        let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
        #expect(last < 0.5 * first)
        #expect(flow.validationLoss(state.parameters, codes: codes) == after, "a pure function")
    }

    @Test("one repeated code: all samples collapse to it")
    func collapse() {
        let flow = Self.flow(dimension: 4, steps: 800)
        let code = Tensor([1, -0.5, 0.25, 2] as [Float], shape: [1, 4])
        var state = flow.start()
        let outcome = flow.run(&state, codes: code.broadcast(to: [10, 4])) { _ in true }
        #expect(outcome == .finished)
        let distance = (Self.samples(flow, state, 50) - code).square().mean().scalar.squareRoot()
        #expect(distance < 0.1, "root mean square distance \(distance)")
    }

    @Test(
        "two clusters are both found, and little between them",
        arguments: [Coupling.independent, .optimalTransport])
    func clusters(_ coupling: Coupling) {
        let n = 400
        let flow = Self.flow(dimension: 2, steps: 1500, width: 48, coupling: coupling)
        var stream = RandomStream(seed: 3, purpose: "clusters")
        let signs = Tensor((0..<n).map { $0 % 4 == 0 ? -1 : 1 } as [Float], shape: [n, 1])
        let codes = stream.normal([n, 2]) * 0.15 + signs * Tensor([1.5, 1] as [Float], shape: [2])
        var state = flow.start()
        let outcome = flow.run(&state, codes: codes) { _ in true }
        #expect(outcome == .finished)
        let count = 400
        let samples = Self.samples(flow, state, count).doubles
        let sides = (0..<count).map { (i: Int) -> Double in samples[2 * i] * 1.5 + samples[2 * i + 1] }
        let low = Double(sides.filter { $0 < -2 }.count)
        let high = Double(sides.filter { $0 > 2 }.count)
        #expect(low + high > 0.85 * Double(count), "\(low) and \(high) of \(count)")
        let share = low / (low + high)
        #expect(abs(share - 0.25) < 0.1, "in the proportion of the data")
    }

    @Test("a normal distribution is learnt: mean and spread")
    func gaussian() {
        let flow = Self.flow(dimension: 1, steps: 1500, width: 32) { $0.batch = 64 }
        var stream = RandomStream(seed: 3, purpose: "gaussian")
        var state = flow.start()
        let codes = stream.normal([4000, 1]) * 0.5 + 2
        let outcome = flow.run(&state, codes: codes) { _ in true }
        #expect(outcome == .finished)
        let moments = Moments(Self.samples(flow, state, 1000).doubles)
        // Five standard errors of 1,000 samples, and 0.05 for what the net has not learnt.
        #expect(abs(moments.mean - 2) < 5 * 0.5 / 1000.squareRoot() + 0.05, "mean \(moments.mean)")
        let std = moments.variance.squareRoot()
        #expect(abs(std - 0.5) < 5 * 0.5 / 2000.squareRoot() + 0.05, "standard deviation \(std)")
    }

    @Test("a huge rate ends in a reported divergence, with the step", arguments: [nil, 0.99])
    func divergence(_ emaDecay: Double?) {
        let flow = Self.flow(dimension: 3, steps: 100) { ($0.rate, $0.finalRate, $0.emaDecay) = (1e30, 1e30, emaDecay) }
        var state = flow.start()
        var losses: [Double] = []
        let outcome = flow.run(&state, codes: Self.codes(20, 3)) { step in
            losses.append(step.loss)
            return true
        }
        #expect(outcome == .diverged(step: losses.count) && state.step == losses.count && losses.count < 20)
        #expect(losses.allSatisfy { $0.isFinite })
    }

    @Test("a rate whose losses stay finite but explode ends in a divergence too", arguments: [nil, 0.99])
    func explosion(_ emaDecay: Double?) {
        let flow = Self.flow(dimension: 3, steps: 100) { ($0.rate, $0.emaDecay) = (1e3, emaDecay) }
        var state = flow.start()
        var losses: [Double] = []
        let outcome = flow.run(&state, codes: Self.codes(20, 3)) { step in
            losses.append(step.loss)
            return true
        }
        #expect(outcome == .diverged(step: 100) && losses.count == 100, "\(losses)")
        #expect(losses.allSatisfy(\.isFinite) && state.counters.firstLoss == losses[0])
        #expect(state.counters.divergedAt == nil && state.samplingParameters.isFinite)
    }

    @Test("codes that are not finite are reported at once, and the weights are as before")
    func notFinite() {
        let flow = Self.flow(dimension: 2, steps: 10)
        var state = flow.start()
        let outcome = flow.run(&state, codes: Tensor([1, .nan] as [Float], shape: [1, 2])) { _ in true }
        #expect(outcome == .diverged(step: 0) && state.parameters.bits == flow.start().parameters.bits)
    }
}
