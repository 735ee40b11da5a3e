import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Populations of architectures")
struct ArchitecturePopulationTests {
    private static let count = 3

    /// Weights [P, D] and buffers [P, bufferCount], each network's own.
    private static func population(_ layout: ParameterLayout) -> (weights: Tensor, buffers: Tensor) {
        let weights = (0..<count).flatMap { Formula.weights(layout, salt: 17 * $0) }
        let buffers = (0..<count).flatMap { Formula.buffers(layout, salt: 17 * $0) }
        return (
            Tensor(weights, shape: [count, layout.count]), Tensor(buffers, shape: [count, layout.bufferCount])
        )
    }

    private static func buffers(_ layout: ParameterLayout, _ flat: Tensor) -> Buffers? {
        layout.bufferCount == 0 ? nil : Buffers(layout: layout, flat: flat)
    }

    @Test(
        "a population equals the loop over its networks, values and gradients", arguments: sampleArchitectures,
        [
            false, true,
        ])
    func evaluation(_ architecture: Architecture, _ hasOwnInputs: Bool) {
        let (network, layout) = (architecture.network, architecture.layout)
        let (weights, statistics) = Self.population(layout)
        let rows = Formula.inputs(architecture.input, hasOwnInputs ? 2 * Self.count : 2)
        let x = hasOwnInputs ? rows.reshaped([Self.count, 2, -1]) : rows
        let (all, pull) = pullback(at: weights) {
            network(Parameters(layout: layout, flat: $0), x, Self.buffers(layout, statistics))
        }
        #expect(all.shape == [Self.count, 2, architecture.outputs])
        let slopes = pull(all)
        for p in 0..<Self.count {
            let (one, pullOne) = pullback(at: weights.selected(axis: 0, p)) {
                network(
                    Parameters(layout: layout, flat: $0), hasOwnInputs ? x.selected(axis: 0, p) : x,
                    Self.buffers(layout, statistics.selected(axis: 0, p)))
            }
            #expect(relativeDifference(one, all.selected(axis: 0, p)) < 1e-12)
            #expect(relativeDifference(pullOne(one), slopes.selected(axis: 0, p)) < 1e-10)
        }
    }

    @Test("in training too, buffers and dropout included", arguments: sampleArchitectures)
    func training(_ architecture: Architecture) {
        let (network, layout) = (architecture.network, architecture.layout)
        let (weights, statistics) = Self.population(layout)
        let x = Formula.inputs(architecture.input, 4)
        let streams = (0..<Self.count).map { RandomStream(seed: UInt64($0), purpose: "test.dropout") }
        var pass = ForwardPass.training(Self.buffers(layout, statistics), streams: streams)
        let all = network(Parameters(layout: layout, flat: weights), x, &pass)
        for p in 0..<Self.count {
            var own = ForwardPass.training(
                Self.buffers(layout, statistics.selected(axis: 0, p)), streams: [streams[p]])
            let one = network(Parameters(layout: layout, flat: weights.selected(axis: 0, p)), x, &own)
            #expect(relativeDifference(one, all.selected(axis: 0, p)) < 1e-12)
            if let moved = own.buffers?.flat, let together = pass.buffers?.flat {
                #expect(relativeDifference(moved, together.selected(axis: 0, p)) < 1e-12)
                #expect(relativeDifference(moved, statistics.selected(axis: 0, p)) > 1e-3, "they move")
            }
        }
    }

    @Test("images are the same as their rows", arguments: sampleArchitectures)
    func images(_ architecture: Architecture) {
        guard case .image(let extent) = architecture.input else { return }
        let layout = architecture.layout
        let (weights, statistics) = Self.population(layout)
        let parameters = Parameters(layout: layout, flat: weights)
        let rows = Formula.inputs(architecture.input, 2)
        let images = rows.reshaped([2, extent.channels, extent.height, extent.width])
        let buffers = Self.buffers(layout, statistics)
        let network = architecture.network
        #expect(network(parameters, rows, buffers).doubles == network(parameters, images, buffers).doubles)
    }

    private static let withDropout: [Architecture] = [
        .cnn(.init(size: .small, dropout: 0.5)),
        .vit(
            .init(
                image: ImageExtent(channels: 3, height: 8, width: 12), depth: 2, width: 12, heads: 3, hidden: 10,
                dropout: 0.3)),
        .encoder(.init(vocabulary: 11, length: 5, width: 8, heads: 4, hidden: 12, dropout: 0.3, outputs: 2)),
    ]

    @Test("dropout is drawn in training alone, by every network from its own stream", arguments: withDropout)
    func dropout(_ architecture: Architecture) {
        let (layout, network) = (architecture.layout, architecture.network)
        let parameters = Parameters(layout: layout, flat: Self.population(layout).weights)
        let x = Formula.inputs(architecture.input, 2)
        let still = network(parameters, x)
        var quiet = ForwardPass.training()
        #expect(network(parameters, x, &quiet).doubles == still.doubles, "no streams, no dropout")
        let streams = (0..<Self.count).map { RandomStream(seed: UInt64($0), purpose: "test.dropout") }
        var evaluation = ForwardPass.evaluation()
        evaluation.streams = streams
        #expect(network(parameters, x, &evaluation).doubles == still.doubles, "nor in evaluation")
        var pass = ForwardPass.training(streams: streams)
        let first = network(parameters, x, &pass)
        let second = network(parameters, x, &pass)
        #expect(relativeDifference(first, still) > 1e-3 && relativeDifference(first, second) > 1e-3)
        var again = ForwardPass.training(streams: streams)
        #expect(network(parameters, x, &again).doubles == first.doubles)
    }

    @Test("with dropout too a network is its row of a population", arguments: withDropout)
    func dropoutRows(_ architecture: Architecture) { training(architecture) }

    @Test("batch norm without buffers, and images of other extents, end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            let sample = SampleNetwork(.mlp(.init(widths: [2, 3, 2], norm: .batch)))
            _ = sample.network(sample.parameters, .zeros([4, 2], precision: .double))
        }
        await #expect(processExitsWith: .failure) {
            let sample = SampleNetwork(.cnn(.init(size: .small)))
            _ = sample.outputs(.zeros([4, 1, 27, 28], precision: .double))
        }
        await #expect(processExitsWith: .failure) {
            let sample = SampleNetwork(.encoder(.init(vocabulary: 4, length: 2, width: 4, outputs: 1)))
            _ = sample.outputs(.full([1, 2], 0.5, precision: .double))
        }
    }

    @Test("samples to try a network on", arguments: sampleArchitectures)
    func samples(_ architecture: Architecture) {
        var stream = RandomStream(seed: 1, purpose: "test.samples")
        let x = architecture.input.samples(6, &stream)
        #expect(x.shape == [6, architecture.input.count])
        if case .tokens(_, let vocabulary) = architecture.input {
            let values = Set(x.doubles)
            #expect(values.allSatisfy { $0 >= 0 && $0 < Double(vocabulary) && $0 == $0.rounded() } && values.count > 3)
        }
    }
}
