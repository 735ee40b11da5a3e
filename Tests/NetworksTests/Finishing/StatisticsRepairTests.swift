import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Repairing statistics")
struct StatisticsRepairTests {
    private static let mlp = MLP(.init(widths: [6, 8, 5, 3]))

    private static func population(_ count: Int, _ network: any Network = mlp) -> Tensor {
        Initialization.pytorch.population(network.layout, seeds: (0..<UInt64(count)).map { $0 + 11 })
    }

    private static func inputs(_ count: Int = 120, width: Int = 6) -> Tensor {
        var stream = RandomStream(seed: 4, purpose: "test.repair")
        return stream.normal([count, width]) + 0.3
    }

    @Test("an average of identical networks is left as it is", arguments: FinishCase.all)
    func identity(_ sample: FinishCase) throws {
        let zoo = sample.population(3)
        let repair = try AverageRepair(sample.network, zoo: zoo, inputs: sample.rows.inputs)
        let found = repair(zoo, of: [[0, 0], [1], [2, 2, 2]])
        #expect(relativeDifference(found, zoo) < 1e-5)
    }

    @Test("an average has its members' mean statistics afterwards, hidden units and logits")
    func targets() throws {
        let zoo = Self.population(6)
        let repair = try AverageRepair(Self.mlp, zoo: zoo, inputs: Self.inputs())
        let average = zoo.sliced(axis: 0, 1..<4).mean(axes: [0], keepingDims: true)
        let wanted = repair.zoo.mean(over: [1, 2, 3])
        let statistics = try StatisticsRepair(Self.mlp, inputs: Self.inputs())
        func gap(_ networks: Tensor) -> Double {
            zip(statistics.statistics(networks).moments[0], wanted).reduce(0) {
                max($0, abs($1.0.mean - $1.1.mean), abs($1.0.deviation - $1.1.deviation))
            }
        }
        #expect(wanted.count == 16 && gap(average) > 0.05)
        #expect(gap(repair(average, of: [[1, 2, 3]])) < 1e-4)
    }

    @Test("gains and offsets that were planted on units are taken back")
    func planted() throws {
        let zoo = Self.population(1)
        let inputs = Self.inputs()
        var spoiled = zoo.doubles
        let slots = Self.mlp.layout.slots
        for (layer, gains) in [(0, [0.2, 3, 1, 0.5, 7, 1, 2, 0.9]), (2, [4, 0.1, 1, 2, 0.3]), (4, [0.5, 2, 3])] {
            for (unit, gain) in gains.enumerated() {
                spoiled.fold(
                    gain: gain, offset: gain - 1, unit: unit, weight: slots[layer], bias: slots[layer + 1], from: 0)
            }
        }
        let repair = try AverageRepair(Self.mlp, zoo: zoo, inputs: inputs)
        let other = Tensor(spoiled, shape: zoo.shape, precision: .single)
        #expect(relativeDifference(other, zoo) > 0.3)
        #expect(relativeDifference(repair(other, of: [[0]]), zoo) < 1e-4)
    }

    @Test("units that do not vary are left alone")
    func constant() throws {
        var rows = Self.population(2).floats
        let width = Self.mlp.layout.count
        // Unit 2 of the first layer reads nothing, in the second network alone.
        for place in (width + 12)..<(width + 18) { rows[place] = 0 }
        let networks = Tensor(rows, shape: [2, width])
        let repair = try AverageRepair(Self.mlp, zoo: networks, inputs: Self.inputs())
        let found = repair(networks.sliced(axis: 0, 1..<2), of: [[0, 1]])
        let bias = 48 + 2
        #expect(found.floats[12..<18].allSatisfy { $0 == 0 } && found.floats[bias] == rows[width + bias])
        #expect(found.floats.allSatisfy { $0.isFinite })
        #expect(found.floats[0] != rows[width], "other units are repaired")
    }

    @Test("without members hidden units stay, and logits take on the zoo's mean statistics")
    func logitsAlone() throws {
        let zoo = Self.population(5)
        let other = Self.population(9).sliced(axis: 0, 7..<9) * 1.5
        let repair = try AverageRepair(Self.mlp, zoo: zoo, inputs: Self.inputs())
        let found = repair(other)
        let last = try #require(Self.mlp.layout.slots.last { $0.role == .weight }).offset
        #expect(found.sliced(axis: 1, 0..<last).floats == other.sliced(axis: 1, 0..<last).floats)
        let own = try StatisticsRepair(Self.mlp, inputs: Self.inputs()).statistics(found)
        for network in own.moments {
            for (moments, wanted) in zip(network.suffix(3), repair.zoo.mean().suffix(3)) {
                #expect(abs(moments.mean - wanted.mean) < 1e-4 && abs(moments.deviation - wanted.deviation) < 1e-4)
            }
        }
    }

    @Test("which layers have units to repair: none before a norm, none of a transformer's blocks")
    func layers() throws {
        func hidden(_ network: any Network, _ width: Int) throws -> [String] {
            try StatisticsRepair(network, inputs: Self.inputs(3, width: width)).hidden.map(\.weight.name)
        }
        #expect(try hidden(Self.mlp, 6) == ["layers.0.weight", "layers.1.weight"])
        for sample in FinishCase.all where sample.network.layout.bufferCount > 0 {
            #expect(try hidden(sample.network, sample.inputs).isEmpty)
        }
        #expect(try hidden(FinishCase.all[5].network, 400).count == 4, "three convolutions and a linear layer")
        let image = ImageExtent(channels: 1, height: 8, width: 8)
        let vit = VisionTransformer(
            .init(image: image, patch: 4, depth: 1, width: 6, heads: 2, hidden: 8, outputs: 3))
        #expect(try hidden(vit, 64).isEmpty)
    }

    @Test("moments of chunks of rows are those of all rows, of channels over their positions")
    func moments() throws {
        let slot = Slot(name: "conv", offset: 0, shape: [2, 1, 3, 3], role: .weight)
        let output = normalDoubles([2, 10, 2, 4, 3])
        var (all, parts) = (MomentCollector([slot]), MomentCollector([slot]))
        all.layer(slot, input: output, output: output)
        for rows in [0..<3, 3..<4, 4..<10] {
            parts.layer(slot, input: output, output: output.sliced(axis: 1, rows))
        }
        let (whole, summed) = (all.moments(of: slot, networks: 2), parts.moments(of: slot, networks: 2))
        for network in 0..<2 {
            for unit in 0..<2 {
                let values = output.selected(axis: 0, network).selected(axis: 1, unit).doubles
                let mean = values.reduce(0, +) / 120
                let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 120).squareRoot()
                for found in [whole[network][unit], summed[network][unit]] {
                    #expect(abs(found.mean - mean) < 1e-12 && abs(found.deviation - deviation) < 1e-12)
                }
            }
        }
        let unseen = Slot(name: "other", offset: 99, shape: [2, 2], role: .weight)
        #expect(all.moments(of: unseen, networks: 2) == [[], []])
    }
}
