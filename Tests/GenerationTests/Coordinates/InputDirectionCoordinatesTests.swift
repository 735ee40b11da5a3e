import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Weights into units by the directions that their inputs tell apart")
struct InputDirectionCoordinatesTests {
    /// 9 inputs into units that are kept by 3 directions; the other layers are narrower or join two groups.
    private static let network = MLP(MLP.Config(widths: [9, 5, 4, 2]))
    private static let layout = network.layout
    private static let config: InputDirectionCoordinates.Config = {
        var config = InputDirectionCoordinates.Config()
        config.directions = 3
        return config
    }()

    private static func rows(_ count: Int, seed: UInt64 = 1) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "rows")
        return stream.normal([count, layout.count]) * 0.5 + 0.1
    }

    /// Samples that vary most along their first entries; the last entry is always 0.
    private static func inputs(_ count: Int = 400) -> Tensor {
        var stream = RandomStream(seed: 3, purpose: "inputs")
        let lengths = Tensor([8, 6, 5, 0.3, 0.2, 0.2, 0.1, 0.1, 0] as [Float], shape: [1, 9])
        return stream.normal([count, 9]) * lengths
    }

    private static func fitted(_ rows: Tensor, inputs: Tensor? = inputs()) throws -> any StoredCoordinates {
        try config.fit(
            rows, validation: nil,
            CoordinatesFitting(layout: layout, behaviour: inputs.map { NetworkBehaviour(network, inputs: $0) }, seed: 1)
        )
    }

    private static func first(_ rows: Tensor) -> Tensor {
        rows.sliced(axis: 1, layout.slots[0].range).reshaped([-1, 9])
    }

    @Test("a code is laid out like a network of as many inputs as there are directions")
    func places() throws {
        let narrow = MLP(MLP.Config(widths: [3, 5, 4, 2])).layout
        #expect(Self.config.codeLayout(Self.layout) == narrow)
        let coordinates = try Self.fitted(Self.rows(30))
        #expect(coordinates.dimension == narrow.count && coordinates.parameterCount == Self.layout.count)
        #expect(Self.config.keepsPlaces && Self.config.isStandardized && Self.config.isLossy(among: 1000))
        #expect(Self.config.shortName == "weights, inputs by 3 directions")
    }

    @Test(
        "only weights into units of their own are compressed: not kernels between units, outputs, or narrower layers",
        arguments: neuronNetworks)
    func wide(_ network: NeuronNetwork) throws {
        var config = Self.config
        config.directions = 4
        let codes = config.codeLayout(network.layout)
        for (slot, code) in zip(network.layout.slots, codes.slots) {
            let groups = slot.axes.compactMap { $0 }, width = slot.count / slot.shape[0]
            let isWide = slot.role == .weight && slot.shape.count > 1 && groups.count == 1 && slot.axes[0] != nil
            #expect(code.shape == (isWide && width > 4 ? [slot.shape[0], 4] : slot.shape), "\(slot.name)")
        }
        #expect(NeuronTransformer.reads(codes) == NeuronTransformer.reads(network.layout))
    }

    @Test("what the directions carry comes back, and everything that is not wide, exactly")
    func codesComeBack() throws {
        let rows = Self.rows(200)
        let coordinates = try Self.fitted(rows)
        let codes = coordinates.encode(rows), decoded = coordinates.decode(codes)
        #expect(relativeDifference(coordinates.encode(decoded), codes) < 1e-4)
        let rest = Self.layout.slots[1].offset..<Self.layout.count
        #expect(relativeDifference(decoded.sliced(axis: 1, rest), rows.sliced(axis: 1, rest)) < 1e-5)
        // Three entries of the inputs carry nearly all: what a unit computes hardly changes, its weights do.
        let (old, new) = (Self.first(rows), Self.first(decoded)), inputs = Self.inputs(50)
        #expect(relativeDifference(matmul(inputs, new, transposeB: true), matmul(inputs, old, transposeB: true)) < 0.15)
        #expect(relativeDifference(new, old) > 0.5)
    }

    @Test("the rest is drawn with the covariance that it has, and in independence from the directions")
    func remainder() throws {
        var stream = RandomStream(seed: 5, purpose: "mix")
        let mix = stream.normal([9, 9]) * 0.3
        let rows = Self.rows(800).floats
        // Correlated weights in the first layer.
        let slot = Self.layout.slots[0]
        let all = Tensor(rows, shape: [800, Self.layout.count])
        let mixed = matmul(Self.first(all), mix).reshaped([800, slot.count])
        let networks = Tensor.concatenate([mixed, all.sliced(axis: 1, slot.range.upperBound..<all.shape[1])], axis: 1)
        let coordinates = try Self.fitted(networks)
        let decoded = coordinates.decode(coordinates.encode(networks))
        func covariance(_ weights: Tensor) -> Tensor {
            let centred = weights - weights.mean(axes: [0])
            return matmul(centred, centred, transposeA: true) / Double(weights.shape[0])
        }
        let (found, expected) = (covariance(Self.first(decoded)), covariance(Self.first(networks)))
        #expect(relativeDifference(found, expected) < 0.05)
        #expect(relativeDifference(Self.first(decoded).mean(axes: [0]), Self.first(networks).mean(axes: [0])) < 0.15)
    }

    @Test("without inputs the directions are the weights' principal components")
    func principal() throws {
        let rows = Self.rows(60)
        let weights = Self.first(rows)
        let fit = try #require(
            InputDirections(fitting: weights.reshaped([60, 5, 9]), moment: nil, count: 3))
        let reference = try #require(PrincipalCoordinates(fitting: weights, components: 3))
        let signs = (fit.directions * reference.components).sum(axes: [1], keepingDims: true)
        #expect(signs.doubles.allSatisfy { abs(abs($0) - 1) < 1e-4 })
        #expect(relativeDifference(fit.guess * signs, reference.components) < 1e-3)
    }

    @Test("an input that is always 0 has no part in a code, and its weights are drawn")
    func constantInput() throws {
        let rows = Self.rows(200)
        let coordinates = try Self.fitted(rows)
        let mask = (0..<Self.layout.count).map { Float($0 < 45 && $0 % 9 == 8 ? 1 : 0) }
        let moved = rows + Tensor(mask, shape: [1, Self.layout.count]) * 7
        #expect(relativeDifference(coordinates.encode(moved), coordinates.encode(rows)) < 1e-5)
        let drawn = Moments(Self.first(coordinates.decode(coordinates.encode(moved))).sliced(axis: 1, 8..<9).doubles)
        #expect(abs(drawn.mean - 0.1) < 0.08 && abs(drawn.variance - 0.25) < 0.05)
    }

    @Test("decoding is a function, and commutes with reordering units as encoding does")
    func commutes() throws {
        let rows = Self.rows(25)
        let coordinates = try Self.fitted(rows)
        let codes = coordinates.encode(rows), narrow = Self.config.codeLayout(Self.layout)
        #expect(coordinates.decode(codes).bits == coordinates.decode(codes).bits)
        var stream = RandomStream(seed: 2, purpose: "orders")
        let element = SymmetryElement.random(Self.layout, permutation: { stream.permutation($0) })
        #expect(
            relativeDifference(coordinates.encode(element.apply(rows, Self.layout)), element.apply(codes, narrow))
                < 1e-5)
        let moved = coordinates.decode(element.apply(codes, narrow))
        #expect(relativeDifference(moved, element.apply(coordinates.decode(codes), Self.layout)) < 1e-5)
        // Two networks, and two units of one, share no draw.
        let same = Tensor.concatenate([codes.sliced(axis: 0, 0..<1), codes.sliced(axis: 0, 0..<1) * 1.0001], axis: 0)
        let pair = Self.first(coordinates.decode(same))
        #expect(relativeDifference(pair.sliced(axis: 0, 0..<5), pair.sliced(axis: 0, 5..<10)) > 0.3)
    }

    @Test("its tensors bring it back, and foreign ones are refused")
    func stored() throws {
        let rows = Self.rows(25)
        let coordinates = try Self.fitted(rows)
        let fitting = CoordinatesFitting(layout: Self.layout, path: "tensors.h5", seed: 0)
        let read = try Self.config.read(coordinates.tensors.reversed(), fitting)
        #expect(read.encode(rows).bits == coordinates.encode(rows).bits)
        #expect(read.decode(read.encode(rows)).bits == coordinates.decode(coordinates.encode(rows)).bits)
        #expect(
            coordinates.tensors.map(\.name).prefix(4) == [
                "0/layers.0.weight.mean", "0/layers.0.weight.directions", "0/layers.0.weight.guess",
                "0/layers.0.weight.remainder",
            ])
        var other = Self.config
        other.directions = 4
        let refusal = #expect(throws: DataError.self) { try other.read(coordinates.tensors, fitting) }
        #expect(refusal?.description.contains("layers.0.weight.directions [4, 9]") == true)
        #expect(throws: DataError.self) { try Self.fitted(rows / 0) }
    }

    @Test("one network has no variance: its code is 0, and it comes back")
    func single() throws {
        let row = Self.rows(1)
        let five = Tensor.concatenate([row, row], axis: 0)
        let coordinates = try Self.fitted(five)
        #expect(coordinates.encode(five).isFinite && coordinates.decode(coordinates.encode(five)).isFinite)
        let equal = Tensor.full([3, Self.layout.count], 0.25)
        let constant = try Self.fitted(equal)
        #expect(constant.encode(equal).floats.allSatisfy { $0 == 0 })
        #expect(relativeDifference(constant.decode(constant.encode(equal)), equal) < 1e-6)
    }

    @Test("a neuron transformer learns in them, and what it draws are networks of the whole layout")
    func generator() throws {
        var description = GeneratorDescription()
        description.coordinates = Described(Self.config)
        description.net = Described(NeuronTransformer.Config(width: 8, layers: 1, heads: 2, edgeWidth: 4))
        (description.training.steps, description.training.batch) = (3, 4)
        description.sampling.steps = 2
        #expect(description.problems().isEmpty)
        let generator = try description.train(
            on: Self.rows(12), layout: Self.layout,
            behaviour: NetworkBehaviour(Self.network, inputs: Self.inputs()), seed: 1)
        let samples = generator.sample(0..<3, seed: 2)
        #expect(samples.weights.shape == [3, Self.layout.count] && samples.weights.isFinite)
        #expect(samples.codes.shape == [3, Self.config.codeLayout(Self.layout).count])
    }
}
