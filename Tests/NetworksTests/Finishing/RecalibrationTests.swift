import Tensors
import Testing
import TestSupport

@testable import Networks

/// Running statistics of weights that were made.
@Suite("Recalibration of batch norms")
struct RecalibrationTests {
    private static let mlp = MLP(.init(widths: [4, 6, 5, 3], norm: .batch))

    private static func population(_ count: Int) -> Tensor {
        Initialization.pytorch.population(mlp.layout, seeds: (0..<UInt64(count)).map { $0 })
    }

    private static func inputs(_ count: Int) -> Tensor {
        var stream = RandomStream(seed: 5, purpose: "test.recalibration")
        return stream.normal([count, 4]) * 2 + 1
    }

    private static func outputs(_ population: Tensor, _ statistics: Tensor, _ inputs: Tensor) -> Tensor {
        mlp(
            Parameters(layout: mlp.layout, flat: population), inputs, Buffers(layout: mlp.layout, flat: statistics))
    }

    @Test("of one batch: the mean and unbiased variance of what stands in front of the norm")
    func closedForm() throws {
        let mlp = MLP(.init(widths: [4, 6, 3], norm: .batch))
        let (weights, inputs) = (normalDoubles([2, mlp.layout.count]), normalDoubles([90, 4], index: 1))
        let statistics = Buffers(layout: mlp.layout, flat: Recalibration(mlp, inputs: inputs)(weights))
        let parameters = Parameters(layout: mlp.layout, flat: weights)
        let weight = parameters[try #require(mlp.layout.slot(named: "layers.0.weight"))]
        let bias = parameters[try #require(mlp.layout.slot(named: "layers.0.bias"))]
        for network in 0..<2 {
            let sums =
                matmul(inputs, weight.selected(axis: 0, network), transposeB: true) + bias.selected(axis: 0, network)
            for unit in 0..<6 {
                let moments = Moments(sums.selected(axis: 1, unit).doubles)
                let found = mlp.layout.buffers.map { statistics[$0].selected(axis: 0, network).doubles[unit] }
                #expect(abs(found[0] - moments.mean) < 1e-12 && abs(found[1] - moments.variance) < 1e-12)
            }
        }
    }

    @Test("of several batches: the plain average of theirs, wherever the statistics stood before")
    func cumulative() throws {
        let (population, inputs) = (Self.population(3), Self.inputs(750))
        let all = Recalibration(Self.mlp, inputs: inputs)(population)
        let parts = (0..<3).map {
            Recalibration(Self.mlp, inputs: inputs.sliced(axis: 0, ($0 * 250)..<($0 * 250 + 250)))(population)
        }
        #expect(relativeDifference(all, (parts[0] + parts[1] + parts[2]) * (1.0 / 3)) < 1e-6)
        #expect(relativeDifference(all, parts[0]) > 1e-3)
    }

    @Test("makes a batch norm blind to the scale of the weights in front of it")
    func scaleInvariance() throws {
        let (population, inputs) = (Self.population(2), Self.inputs(400))
        let layout = Self.mlp.layout
        let first = try #require(layout.slot(named: "layers.0.weight"))
        let bias = try #require(layout.slot(named: "layers.0.bias"))
        var scaled = population.floats
        for row in 0..<2 {
            for slot in [first, bias] {
                for place in slot.offset..<(slot.offset + slot.count) { scaled[row * layout.count + place] *= 8 }
            }
        }
        let other = Tensor(scaled, shape: population.shape)
        let recalibration = Recalibration(Self.mlp, inputs: inputs)
        let (own, expected) = (recalibration(population), recalibration(other))
        let outputs = Self.outputs(population, own, inputs)
        #expect(relativeDifference(Self.outputs(other, expected, inputs), outputs) < 1e-3)
        #expect(relativeDifference(Self.outputs(other, own, inputs), outputs) > 0.1, "another network's do not fit")
    }

    @Test("a network's statistics do not depend on its neighbours, bit for bit")
    func independence() {
        let (population, inputs) = (Self.population(23), Self.inputs(300))
        let recalibration = Recalibration(Self.mlp, inputs: inputs)
        let all = recalibration(population)
        #expect(all.shape == [23, Self.mlp.layout.bufferCount])
        for index in [0, 9, 10, 22] {
            let alone = recalibration(population.sliced(axis: 0, index..<(index + 1)))
            #expect(alone.floats == all.selected(axis: 0, index).floats)
        }
        #expect(recalibration(population.sliced(axis: 0, 0..<0)).shape == [0, Self.mlp.layout.bufferCount])
    }

    @Test("one input has no variance: that ends the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            _ = Recalibration(RecalibrationTests.mlp, inputs: .zeros([1, 4]))
        }
    }
}
