import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The neuron transformer")
struct NeuronTransformerTests {
    private static let small = NeuronTransformer.Config(width: 8, layers: 2, heads: 2, hidden: 12, edgeWidth: 4)

    /// A net none of whose weights is zero, in double precision, and what it says of [N, D] at times of their own.
    private struct Subject {
        let net: NeuronTransformer
        let parameters: Parameters
        let t: Tensor

        init(_ network: NeuronNetwork, count: Int, _ stream: inout RandomStream) {
            net = NeuronTransformer(network.layout, config: small)
            let flat = net.initialParameters(seed: 5) + stream.normal([net.layout.count]) * 0.2
            parameters = Parameters(layout: net.layout, flat: flat.converted(to: .double))
            t = stream.uniform([count, 1]).converted(to: .double)
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            net(parameters, VelocityInput(x.converted(to: .double), t))
        }
    }

    @Test("reordering the units of a network reorders its velocity", arguments: neuronNetworks)
    func equivariance(_ network: NeuronNetwork) {
        var stream = RandomStream(seed: 1, purpose: "neurons")
        let subject = Subject(network, count: 2, &stream)
        let x = network.weights(2, &stream)
        let velocity = subject(x)
        #expect(velocity.shape == x.shape && velocity.isFinite)
        for _ in 0..<3 {
            let element = network.reordering(&stream)
            let moved = subject(element.apply(x, network.layout))
            #expect(relativeDifference(moved, element.apply(velocity, network.layout)) < 1e-10)
        }
    }

    @Test("a slot reordered without the others of its group gives another velocity", arguments: neuronNetworks)
    func everySlotCounts(_ network: NeuronNetwork) {
        var stream = RandomStream(seed: 2, purpose: "neurons")
        let subject = Subject(network, count: 1, &stream)
        let (x, layout) = (network.weights(1, &stream), network.layout)
        let velocity = subject(x)
        let turns = layout.groups.map { group in (0..<group.size).map { ($0 + 1) % group.size } }
        let rotation = SymmetryElement(permutations: turns).places(layout)
        // A slot that had its group for itself would move freely; here none has.
        for slot in layout.slots where slot.axes.contains(where: { $0 != nil }) {
            let places = (0..<layout.count).map { Int32(slot.range.contains($0) ? rotation[$0] : $0) }
            let moved = subject(x.gathered(axis: 1, places))
            let expected = velocity.gathered(axis: 1, places)
            #expect(relativeDifference(moved, expected) > 1e-4, "\(slot.name)")
        }
    }

    @Test("inputs and outputs have their places", arguments: [0, 2])
    func inputsAndOutputs(_ index: Int) throws {
        let network = NeuronNetwork("mlp", MLP(.init(widths: [5, 7, 5], activation: .relu)))
        var stream = RandomStream(seed: 3, purpose: "neurons")
        let subject = Subject(network, count: 1, &stream)
        let x = network.weights(1, &stream)
        let slot = network.layout.slots[index]
        let columns = index == 0
        let places = (0..<network.layout.count).map { place -> Int32 in
            guard slot.range.contains(place) else { return Int32(place) }
            let (row, column) = (place - slot.offset).quotientAndRemainder(dividingBy: slot.shape[1])
            let (r, c) = columns ? (row, (column + 1) % slot.shape[1]) : ((row + 1) % slot.shape[0], column)
            return Int32(slot.offset + r * slot.shape[1] + c)
        }
        let moved = subject(x.gathered(axis: 1, places))
        #expect(relativeDifference(moved, subject(x).gathered(axis: 1, places)) > 1e-3)
    }

    @Test("at the start the velocity is zero, and only heads and modulations are", arguments: neuronNetworks)
    func start(_ network: NeuronNetwork) {
        let net = NeuronTransformer(network.layout, config: Self.small)
        let flat = net.initialParameters(seed: 3)
        let parameters = Parameters(layout: net.layout, flat: flat)
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let velocity = net(parameters, VelocityInput(network.weights(3, &stream), stream.uniform([3, 1])))
        #expect(velocity.floats.allSatisfy { $0 == 0 } && velocity.shape == [3, network.layout.count])
        let closed = ["modulation", "head", "direct", "right"]
        for slot in net.layout.slots {
            let isZero = parameters[slot].floats.allSatisfy { $0 == 0 }
            let isEdgeOutput = slot.name.hasPrefix("edges.") && slot.name.contains(".output.")
            let isClosed = closed.contains { slot.name.contains(".\($0).") || slot.name.hasPrefix("\($0).") }
            #expect(isZero == (isClosed || isEdgeOutput), "\(slot.name)")
        }
        #expect(net.initialParameters(seed: 3).bits == flat.bits && net.initialParameters(seed: 4).bits != flat.bits)
    }

    @Test("each sample's velocity depends on that sample and its time alone")
    func samples() {
        let network = neuronNetworks[1]
        var stream = RandomStream(seed: 4, purpose: "neurons")
        let subject = Subject(network, count: 3, &stream)
        let x = network.weights(3, &stream)
        let all = subject(x)
        for row in 0..<3 {
            let alone = subject.net(
                subject.parameters,
                VelocityInput(
                    x.sliced(axis: 0, row..<(row + 1)).converted(to: .double),
                    subject.t.sliced(axis: 0, row..<(row + 1))))
            #expect(relativeDifference(alone, all.sliced(axis: 0, row..<(row + 1))) < 1e-12)
        }
        let later = subject.net(
            subject.parameters, VelocityInput(x.converted(to: .double), subject.t + 0.3))
        #expect(relativeDifference(later, all) > 1e-3)
    }

    @Test("its weights' gradient is the finite difference", arguments: neuronNetworks.prefix(2))
    func gradients(_ network: NeuronNetwork) {
        var stream = RandomStream(seed: 6, purpose: "neurons")
        let subject = Subject(network, count: 2, &stream)
        let x = network.weights(2, &stream).converted(to: .double)
        let direction = stream.normal([subject.net.layout.count]).converted(to: .double)
        func loss(_ flat: Tensor) -> Tensor {
            subject.net(Parameters(layout: subject.net.layout, flat: flat), VelocityInput(x, subject.t)).square().mean()
        }
        let flat = subject.parameters.flat
        let slope = (flatGradient(at: flat, of: loss).gradient.formed * direction).sum().scalar
        let step = 1e-5
        let secant = (loss(flat + direction * step).scalar - loss(flat - direction * step).scalar) / (2 * step)
        #expect(abs(slope - secant) < 1e-5 * abs(secant))
    }

    @Test("from noise to noise it learns the one velocity there is")
    func closedForm() {
        // N(0, I) to N(0, I): v(x, t) = (2 t - 1) / (t^2 + (1 - t)^2) x, and no loss is below
        // the integral of 2 - (2 t - 1)^2 / (t^2 + (1 - t)^2), which is pi / 2.
        let network = neuronNetworks[1]
        var stream = RandomStream(seed: 7, purpose: "neurons")
        let net = NeuronTransformer(network.layout, config: .init(width: 16, layers: 1, heads: 2, edgeWidth: 4))
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate, config.emaDecay) = (400, 64, 3e-3, 0.98)
        let source = GaussianSource(dimension: net.dimension, std: 1)
        let training = GeneratorTraining(
            config: config, net: net, objective: FlowObjective(source: source, path: Path(.linear, sigma: 0)), seed: 1)
        var state = training.start()
        let outcome = training.run(&state, codes: network.weights(2000, &stream)) { _ in true }
        #expect(outcome == .finished)
        let loss = training.validationLoss(state.samplingParameters, codes: network.weights(500, &stream))
        #expect(loss > 1.55 && loss < 1.62, "\(loss)")
    }

    @Test("what cannot be is refused before it traps")
    func refusals() {
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("g", size: 2, scaling: .none)
        _ = builder.addSlot("cube", shape: [2, 2, 2], role: .weight, axes: [group, group, group])
        #expect(!NeuronTransformer.reads(builder.layout()))
        #expect(neuronNetworks.allSatisfy { NeuronTransformer.reads($0.layout) })
        #expect(NeuronTransformer.Config().isPossible && NeuronTransformer.Config().hidden == 512)
        #expect(!NeuronTransformer.Config(width: 10, heads: 4).isPossible)
        #expect(!NeuronTransformer.Config(width: 9, heads: 3).isPossible)
        #expect(!NeuronTransformer.Config(width: 8, layers: -1).isPossible)
    }
}
