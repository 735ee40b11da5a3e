import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Flow matching's closed forms")
struct FlowObjectiveTests {
    private static let count = 20_000

    private static func flow(_ kind: Path.Kind, sigma: Double = 0.3) -> GaussianFlow {
        GaussianFlow(path: Path(kind, sigma: sigma), start: 0.8, mean: 1.5, std: 0.4)
    }

    /// One large minibatch of the flow's own data.
    private static func minibatch(_ flow: GaussianFlow) -> Regression {
        var stream = RandomStream(seed: 4, purpose: "gaussian-flow")
        let codes = stream.normal([count, 2]) * flow.std + flow.mean
        return flow.objective.draw(codes, &stream)
    }

    @Test("the best velocity has the least loss, and residuals of exactly that variance", arguments: Path.Kind.allCases)
    func leastLoss(_ kind: Path.Kind) {
        let flow = Self.flow(kind)
        let minibatch = Self.minibatch(flow)
        let least = flow.leastLoss(minibatch.t)
        let residuals = minibatch.target - flow.velocity(minibatch.x, minibatch.t)
        // Given t they are N(0, least loss): what is left after scaling is standard normal.
        let scaled = Moments((residuals / least.sqrt()).doubles)
        let n = Double(2 * Self.count)
        #expect(scaled.meanErrors(from: 0, std: 1) < 5)
        #expect(abs(scaled.variance - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(scaled.kurtosis - 3) < 5 * (24 / n).squareRoot())
    }

    @Test("any other velocity costs its squared distance more", arguments: Path.Kind.allCases)
    func excess(_ kind: Path.Kind) {
        let flow = Self.flow(kind)
        let minibatch = Self.minibatch(flow)
        let best = flow.velocity(minibatch.x, minibatch.t)
        let other = best + minibatch.x.sin() * 0.5 - 0.3
        let gap = minibatch.loss(other).scalar - minibatch.loss(best).scalar
        let expected = (other - best).square().mean().scalar
        // The cross term has mean 0 and a standard deviation of 2 sqrt(mean of least loss x gap^2 / n).
        let variance = (flow.leastLoss(minibatch.t) * (other - best).square()).mean().scalar
        #expect(abs(gap - expected) < 5 * 2 * (variance / Double(2 * Self.count)).squareRoot())
    }

    @Test("the flow carries the source onto the path's end, point by point", arguments: Path.Kind.allCases)
    func flowMap(_ kind: Path.Kind) {
        let flow = Self.flow(kind, sigma: 0.05)
        let net = GaussianFlowNet(flow)
        let start = normalDoubles([50, 2]).converted(to: .single) * 0.8
        let sampler = FlowSampler(solver: Solver(.rk4, steps: 200))
        let parameters = Parameters(layout: net.layout, flat: .zeros([1]))
        let end = sampler.sample(net, parameters, from: start) { _ in
            Issue.record("a flow draws no noise")
            return start
        }
        #expect(relativeDifference(end, flow.end(start)) < 2e-4)
        #expect(sampler.evaluations == 800)
    }

    @Test("a trained net comes near the least loss, and not below it")
    func training() {
        let flow = Self.flow(.linear, sigma: 0.1)
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate, config.emaDecay) = (1200, 64, 5e-3, 0.99)
        let training = GeneratorTraining(
            config: config, net: FlowMLP(dimension: 2, config: .init(width: 32, timeWidth: 8, dropout: 0)),
            objective: flow.objective, seed: 1)
        var stream = RandomStream(seed: 4, purpose: "codes")
        let codes = stream.normal([4000, 2]) * flow.std + flow.mean
        var state = training.start()
        let outcome = training.run(&state, codes: codes) { _ in true }
        #expect(outcome == .finished)
        let t = Tensor((0..<1000).map { (Float($0) + 0.5) / 1000 }, shape: [1000, 1])
        let least = flow.leastLoss(t).mean().scalar
        let found = training.validationLoss(state.samplingParameters, codes: codes)
        let best = GeneratorTraining(config: config, net: GaussianFlowNet(flow), objective: flow.objective, seed: 1)
            .validationLoss(.zeros([1]), codes: codes)
        #expect(abs(best / least - 1) < 0.03, "the closed form on the same draws: \(best), \(least)")
        #expect(found > 0.99 * best && found < 1.05 * best, "\(found) against \(best)")
    }

    @Test("with optimal transport the ends of a path belong together")
    func transport() {
        let source = GaussianSource(dimension: 1, std: 1)
        func correlation(_ coupling: Coupling) -> Double {
            var stream = RandomStream(seed: 4, purpose: "pairs")
            let codes = stream.normal([300, 1]) * 2 + 5
            let objective = FlowObjective(source: source, path: Path(.linear, sigma: 0), coupling: coupling)
            let drawn = objective.draw(codes, &stream)
            let starts = codes - drawn.target
            #expect(relativeDifference(drawn.x, starts * (1 - drawn.t) + codes * drawn.t) < 1e-5)
            let (x, y) = (starts - starts.mean(), codes - codes.mean())
            return (x * y).sum().scalar / (x.square().sum().scalar * y.square().sum().scalar).squareRoot()
        }
        #expect(abs(correlation(.independent)) < 0.3)
        #expect(correlation(.optimalTransport) > 0.98)
        #expect(correlation(.sinkhorn(Sinkhorn(regularization: 0.01))) > 0.9)
    }

    @Test("starts are coupled to as many codes at a time as asked for; without a coupling nothing changes by that")
    func minibatches() {
        func drawn(_ coupling: Coupling, _ minibatch: Int?) -> (regression: Regression, starts: [Double]) {
            var stream = RandomStream(seed: 4, purpose: "parts")
            let codes = stream.normal([23, 1]) * 2 + 5
            let objective = FlowObjective(
                source: GaussianSource(dimension: 1, std: 1), path: Path(.linear, sigma: 0), coupling: coupling)
            let found =
                minibatch.map { objective.draw(codes, minibatch: $0, &stream) } ?? objective.draw(codes, &stream)
            return (found, (codes - found.target).doubles)
        }
        let plain = drawn(.independent, nil)
        #expect(drawn(.independent, 8).regression.x.bits == plain.regression.x.bits)
        let coupled = drawn(.optimalTransport, 8)
        for part in [0..<7, 7..<15, 15..<23] {
            // In one dimension the least squares pair ranks.
            let (found, own) = (coupled.starts[part], plain.starts[part])
            #expect(zip(found.sorted(), own.sorted()).allSatisfy { abs($0 - $1) < 1e-5 })
            let codes = zip(found, coupled.regression.target.doubles[part]).map { $0 + $1 }
            let ranked = zip(codes, found).sorted { $0.0 < $1.0 }.map { $0.1 }
            #expect(zip(ranked, ranked.dropFirst()).allSatisfy { $0 <= $1 + 1e-5 })
        }
        #expect(drawn(.optimalTransport, 23).regression.x.bits == drawn(.optimalTransport, nil).regression.x.bits)
        #expect(drawn(.optimalTransport, 100).regression.x.bits == drawn(.optimalTransport, nil).regression.x.bits)
    }

    @Test("the validation loss couples as training does, a minibatch at a time")
    func validationCoupling() {
        func loss(batch: Int, _ coupling: Coupling) -> Double {
            let flow = FlowMatchingTests.flow(dimension: 2, steps: 10, coupling: coupling) { $0.batch = batch }
            let codes = normalDoubles([96, 2]).converted(to: .single)
            return flow.validationLoss(flow.start().parameters, codes: codes)
        }
        #expect(loss(batch: 4, .independent) == loss(batch: 96, .independent))
        // An untrained net pays the squared length of its pairs, and more to choose from makes them shorter.
        let losses = [1, 4, 96].map { loss(batch: $0, .optimalTransport) }
        #expect(losses[0] == loss(batch: 8, .independent) && losses[0] > 1.3 * losses[1] && losses[1] > 1.3 * losses[2])
    }

    @Test("times follow their distribution")
    func times() {
        let objective = FlowObjective(
            source: GaussianSource(dimension: 1, std: 1), path: Path(.linear, sigma: 0),
            times: .beta(alpha: 8, beta: 2))
        var stream = RandomStream(seed: 4, purpose: "times")
        let drawn = objective.draw(.zeros([5000, 1]), &stream)
        #expect(Moments(drawn.t.doubles).meanErrors(from: 0.8, std: (16 / 1100.0).squareRoot()) < 5)
    }

    @Test("a regression's weights multiply its rows' errors")
    func weights() {
        let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let t = Tensor([0.1, 0.2] as [Float], shape: [2, 1])
        let plain = Regression(x: x, t: t, target: .zeros([2, 2]))
        #expect(abs(plain.loss(x).scalar - 7.5) < 1e-6)
        let rowWeights = Tensor([2, 0.5] as [Float], shape: [2, 1])
        let weighted = Regression(x: x, t: t, target: .zeros([2, 2]), weight: rowWeights)
        #expect(abs(weighted.loss(x).scalar - (2 * 5 + 0.5 * 25) / 4) < 1e-6)
    }

    @Test("the validation loss is the mean over all rows, in however many parts they are evaluated")
    func parts() {
        let flow = Self.flow(.linear)
        let training = GeneratorTraining(
            config: .init(), net: GaussianFlowNet(flow), objective: flow.objective, seed: 3)
        let codes = normalDoubles([300, 2]).converted(to: .single)
        let expected = (0..<2 as Range<UInt64>).map { draw in
            var stream = RandomStream(seed: 3, purpose: "flow.held-out", index: draw)
            let all = flow.objective.draw(codes, &stream)
            return all.loss(flow.velocity(all.x, all.t)).scalar
        }
        let found = training.validationLoss(.zeros([1]), codes: codes, draws: 2)
        #expect(abs(found / ((expected[0] + expected[1]) / 2) - 1) < 1e-6)
    }
}
