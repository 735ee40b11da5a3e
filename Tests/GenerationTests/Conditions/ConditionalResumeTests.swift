import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Conditional training, step by step")
struct ConditionalResumeTests {
    private static let codes = normalDoubles([10, 5], seed: 51).converted(to: .single)

    private static func conditions() throws -> [Condition] {
        let pools = try (0..<2).map { try SupportSamples.rows(perClass: 5, seed: UInt64($0) + 60) }
        return (0..<10).map { index in
            Condition(
                label: index < 5 ? "a" : "b", numbers: ["accuracy": Double(index) / 10, "loss": Double(index % 3)],
                support: pools[index % 2])
        }
    }

    /// A conditional training of a small net, with or without optimal transport.
    private static func training(
        _ coupling: Coupling = .independent, steps: Int = 12, dropout: Double = 0.1, parts: Int = 1
    ) throws -> GeneratorTraining {
        var config = SupportSamples.config(layers: 1), settings = TrainingConfig(), net = ResidualMLP.Config()
        config.dropout = dropout
        (settings.steps, settings.batch, settings.emaDecay, settings.microBatches) = (steps, 4, 0.9, parts)
        (net.width, net.depth, net.timeWidth, net.dropout) = (12, 1, 8, parts > 1 ? 0 : 0.2)
        let rows = try conditions(), facts = try ConditionFacts(fitting: rows, config)
        let told = try TrainingConditions(rows, facts: facts, config: config)
        return GeneratorTraining(
            config: settings,
            net: ConditionalNet(ResidualMLP(dimension: 5, config: net, conditions: config.width), config, facts: facts),
            objective: FlowObjective(
                source: GaussianSource(dimension: 5, std: 1), path: Path(.linear, sigma: 0), coupling: coupling),
            seed: 8, conditions: told, validationConditions: told)
    }

    @Test("stopping and going on from the recorded tensors gives the same bytes", arguments: [1, 5, 11])
    func resume(_ stop: Int) throws {
        let training = try Self.training()
        var whole = training.start(), first = training.start()
        _ = training.run(&whole, codes: Self.codes) { _ in true }
        _ = training.run(&first, codes: Self.codes) { $0.step < stop }
        #expect(first.step == stop)
        var second = try TrainingState(
            tensors: first.tensors, counters: first.counters, step: first.step, count: training.net.layout.count,
            config: training.config)
        _ = training.run(&second, codes: Self.codes) { _ in true }
        #expect(second.parameters.bits == whole.parameters.bits)
        #expect(second.average?.bits == whole.average?.bits && whole.parameters.isFinite)
    }

    @Test("parts of minibatches are asked for their own conditions and starts")
    func parts() throws {
        for coupling in [Coupling.independent, .optimalTransport] {
            var losses: [[Double]] = []
            for count in [2, 4] {
                let training = try Self.training(coupling, steps: 3, dropout: 0, parts: count)
                var state = training.start(), own: [Double] = []
                _ = training.run(&state, codes: Self.codes) { step in
                    own.append(step.loss)
                    return true
                }
                losses.append(own)
            }
            #expect(zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 1e-5 * $0 } && losses[0].count == 3)
        }
    }

    @Test("the same bytes at any number of threads, whatever the coupling")
    func threads() throws {
        for coupling in [Coupling.independent, .optimalTransport] {
            let training = try Self.training(coupling)
            let all = ThreadCounts.results {
                var state = training.start()
                _ = training.run(&state, codes: Self.codes) { _ in true }
                return state.parameters.bits
            }
            #expect(all.allSatisfy { $0 == all[0] })
        }
    }

    @Test("every weight that can matter moves: the net's, and the encoders' of all that is asked")
    func movement() throws {
        let training = try Self.training(steps: 30, dropout: 0.3)
        var state = training.start()
        let before = state.parameters
        _ = training.run(&state, codes: Self.codes) { _ in true }
        let moved = state.parameters - before
        // No example is of an unknown class here.
        for slot in training.net.layout.slots where !slot.name.hasSuffix("support.unknown") {
            #expect(!moved.sliced(axis: 0, slot.range).doubles.allSatisfy { $0 == 0 }, "\(slot.name)")
        }
    }

    @Test("validation is told every condition, the same at every call, and depends on what is asked")
    func validation() throws {
        let training = try Self.training()
        var state = training.start()
        _ = training.run(&state, codes: Self.codes) { _ in true }
        let loss = training.validationLoss(state.parameters, codes: Self.codes)
        #expect(loss.isFinite && loss == training.validationLoss(state.parameters, codes: Self.codes))
        let silent = GeneratorTraining(
            config: training.config, net: training.net, objective: training.objective, seed: training.seed,
            conditions: training.conditions)
        #expect(silent.validationLoss(state.parameters, codes: Self.codes) != loss)
    }

    @Test(
        "gradients of the joint weights are those of differences, for every net",
        arguments: ConditionalNetTests.nets.indices)
    func gradients(_ index: Int) throws {
        let layout = MLP(MLP.Config(widths: [4, 5, 3])).layout
        let config = ConditionalNetTests.nets[index].config
        var conditions = SupportSamples.config(layers: 1)
        (conditions.label, conditions.number) = (.none, .none)
        let asked = [Condition(support: try SupportSamples.rows()), .none]
        let net = ConditionalNet(
            try config.conditionalNet(dimension: layout.count, layout: layout, features: conditions.width), conditions,
            facts: try ConditionFacts(fitting: asked, conditions), classTokens: config.classTokens(layout))
        let x = normalDoubles([2, layout.count], seed: 71), flat = normalDoubles([net.layout.count], seed: 72) * 0.3
        func loss(_ flat: Tensor) -> Tensor {
            var pass = ForwardPass.evaluation()
            return net(Parameters(layout: net.layout, flat: flat), VelocityInput(x, at: 0.6), asking: asked, &pass)
                .square().mean()
        }
        let fast = flatGradient(at: flat, of: loss).gradient.formed
        let slope = gradient(at: flat, of: loss).gradient
        #expect(relativeDifference(fast, slope) < 1e-10)
        let direction = normalDoubles(flat.shape, seed: 73), h = 1e-5
        let numeric = (loss(flat + direction * h).scalar - loss(flat - direction * h).scalar) / (2 * h)
        #expect(abs(numeric - (slope * direction).sum().scalar) < 1e-5 * max(1, abs(numeric)))
    }

    @Test("a wide MLP has its reduced flow without conditions only")
    func reduced() {
        let plain = FlowMLP(dimension: 40, config: .init(width: 8, timeWidth: 4))
        let told = FlowMLP(dimension: 40, config: .init(width: 8, timeWidth: 4), conditions: 3)
        #expect(plain.reduced(Parameters(layout: plain.layout, flat: plain.initialParameters(seed: 1))) != nil)
        #expect(told.reduced(Parameters(layout: told.layout, flat: told.initialParameters(seed: 1))) == nil)
    }

    @Test("a net that takes no conditions says so")
    func refusal() {
        let config = PotentialNet.Config()
        let error = try? requireDataError {
            _ = try config.conditionalNet(dimension: 3, layout: MLP(MLP.Config(widths: [1, 1])).layout, features: 2)
        }
        #expect(error?.path == "conditions" && error?.hint.hasSuffix("takes no conditions") == true)
    }
}
