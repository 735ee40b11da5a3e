import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Weights standardised by orbit")
struct OrbitStandardizedCoordinatesTests {
    private static func rows(_ network: NeuronNetwork, _ count: Int = 40) -> Tensor {
        var stream = RandomStream(seed: 1, purpose: "orbits")
        let scales = stream.uniform([1, network.layout.count]) + 0.5
        return network.weights(count, &stream) * scales + stream.normal([1, network.layout.count])
    }

    @Test("every orbit has mean 0 and variance 1, and decoding undoes encoding", arguments: neuronNetworks)
    func statistics(_ network: NeuronNetwork) throws {
        let rows = Self.rows(network)
        let coordinates = try #require(OrbitStandardizedCoordinates(fitting: rows, layout: network.layout))
        let codes = coordinates.encode(rows)
        #expect(coordinates.dimension == network.layout.count && coordinates.parameterCount == network.layout.count)
        #expect(relativeDifference(coordinates.decode(codes), rows) < 1e-5)
        let orbits = ParameterOrbits(network.layout)
        var (sums, squares, sizes) = ([Double](), [Double](), [Double]())
        for _ in 0..<orbits.count { sums.append(0); squares.append(0); sizes.append(0) }
        for (index, value) in codes.doubles.enumerated() {
            let orbit = orbits.indices[index % network.layout.count]
            sums[orbit] += value
            squares[orbit] += value * value
            sizes[orbit] += 1
        }
        for orbit in sums.indices {
            #expect(abs(sums[orbit] / sizes[orbit]) < 1e-5 && abs(squares[orbit] / sizes[orbit] - 1) < 1e-4)
        }
    }

    @Test("standardising and reordering units commute", arguments: neuronNetworks)
    func commutes(_ network: NeuronNetwork) throws {
        let rows = Self.rows(network)
        let coordinates = try #require(OrbitStandardizedCoordinates(fitting: rows, layout: network.layout))
        var stream = RandomStream(seed: 2, purpose: "orbits")
        let element = network.reordering(&stream)
        let moved = element.apply(rows, network.layout)
        #expect(coordinates.encode(moved).floats == element.apply(coordinates.encode(rows), network.layout).floats)
    }

    @Test("an orbit of equal entries is encoded as 0 and decoded exactly")
    func constant() throws {
        let network = neuronNetworks[0]
        let varied = Self.rows(network)
        let bias = try #require(network.layout.slot(named: "layers.0.bias"))
        let mask = (0..<network.layout.count).map { Float(bias.range.contains($0) ? 0 : 1) }
        let keep = Tensor(mask, shape: [1, network.layout.count])
        let rows = varied * keep + (1 - keep) * 0.25
        let coordinates = try #require(OrbitStandardizedCoordinates(fitting: rows, layout: network.layout))
        #expect(coordinates.encode(rows).sliced(axis: 1, bias.range).floats.allSatisfy { $0 == 0 })
        let noise = coordinates.decode(varied).sliced(axis: 1, bias.range)
        #expect(noise.floats.allSatisfy { $0 == 0.25 })
    }

    @Test("its tensors bring it back, and foreign ones are refused")
    func stored() throws {
        let (network, other) = (neuronNetworks[1], neuronNetworks[0])
        let rows = Self.rows(network)
        let coordinates = try #require(OrbitStandardizedCoordinates(fitting: rows, layout: network.layout))
        let tensors = coordinates.tensors
        let again = try #require(OrbitStandardizedCoordinates(layout: network.layout, tensors: tensors.reversed()))
        #expect(again.encode(rows).bits == coordinates.encode(rows).bits)
        #expect(OrbitStandardizedCoordinates(layout: other.layout, tensors: tensors) == nil)
        #expect(OrbitStandardizedCoordinates(layout: network.layout, tensors: [tensors[0]]) == nil)
        let broken = NamedTensor("means", tensors[0].value / 0)
        #expect(OrbitStandardizedCoordinates(layout: network.layout, tensors: [broken, tensors[1]]) == nil)
        let negative = NamedTensor("scales", -tensors[1].value)
        #expect(OrbitStandardizedCoordinates(layout: network.layout, tensors: [tensors[0], negative]) == nil)
        #expect(OrbitStandardizedCoordinates(fitting: rows / 0, layout: network.layout) == nil)
    }
}
