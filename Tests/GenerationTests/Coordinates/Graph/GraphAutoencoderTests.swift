import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Graph autoencoders")
struct GraphAutoencoderTests {
    static let config: GraphAutoencoder.Config = {
        var config = GraphAutoencoder.Config()
        (config.slots, config.latent, config.width, config.heads) = (3, 5, 12, 3)
        (config.layers, config.edgeWidth, config.klWeight) = (2, 4, 0)
        return config
    }()

    /// A pair with weights that are nowhere zero.
    private static func pair(_ network: NeuronNetwork) -> (GraphAutoencoder, Parameters) {
        let autoencoder = GraphAutoencoder(parameters: network.layout, config: config)
        var stream = RandomStream(seed: 4, purpose: "test")
        let noise = stream.normal([autoencoder.layout.count]) * 0.02
        let flat = autoencoder.initialParameters(seed: 3) + noise
        return (autoencoder, Parameters(layout: autoencoder.layout, flat: flat))
    }

    @Test("a code is the same for every order of the units, to rounding", arguments: neuronNetworks)
    func invariance(_ network: NeuronNetwork) {
        let (autoencoder, weights) = Self.pair(network)
        var stream = RandomStream(seed: 5, purpose: "test")
        let x = network.weights(4, &stream)
        let codes = autoencoder.encode(weights, x)
        #expect(codes.shape == [4, 15] && codes.isFinite)
        for _ in 0..<3 {
            let moved = network.reordering(&stream).apply(x, network.layout)
            #expect(relativeDifference(autoencoder.encode(weights, moved), codes) < 1e-5)
        }
    }

    /// Without this an encoder that ignores its input would pass.
    @Test(
        "another network has another code, also where only two of its slots' entries differ", arguments: neuronNetworks)
    func sensitivity(_ network: NeuronNetwork) {
        let (autoencoder, weights) = Self.pair(network)
        var stream = RandomStream(seed: 6, purpose: "test")
        let x = network.weights(1, &stream)
        let code = autoencoder.encode(weights, x)
        for slot in network.layout.slots {
            var moved = x.floats
            moved[slot.offset] += 1
            let other = autoencoder.encode(weights, Tensor(moved, shape: x.shape))
            #expect(relativeDifference(other, code) > 1e-4, "\(slot.name)")
        }
    }

    /// Reordering the units of one layer in its incoming weights alone gives another network.
    @Test("half a reordering changes the code")
    func half() {
        let network = NeuronNetwork("mlp", MLP(.init(widths: [5, 7, 3], activation: .relu)))
        let (autoencoder, weights) = Self.pair(network)
        var stream = RandomStream(seed: 7, purpose: "test")
        let x = network.weights(1, &stream)
        var moved = x.floats
        for input in 0..<5 { moved.swapAt(input, 5 + input) }
        let other = autoencoder.encode(weights, Tensor(moved, shape: x.shape))
        #expect(relativeDifference(other, autoencoder.encode(weights, x)) > 1e-4)
    }

    @Test("every number of a code reaches every weight", arguments: neuronNetworks)
    func decoding(_ network: NeuronNetwork) {
        let (autoencoder, weights) = Self.pair(network)
        var stream = RandomStream(seed: 8, purpose: "test")
        let z = stream.normal([1, 15])
        let decoded = autoencoder.decode(weights, z)
        #expect(decoded.shape == [1, network.layout.count] && decoded.isFinite)
        for place in 0..<15 {
            let moved = autoencoder.decode(weights, z + Tensor.oneHot([Int32(place)], classes: 15) * 2)
            let changed = (moved - decoded).abs().floats.filter { $0 > 0 }.count
            #expect(changed * 20 > 19 * network.layout.count, "number \(place): \(changed)")
        }
    }

    /// The units of a group have the same weights in the decoder and differ by their queries.
    @Test("decoded units differ from each other")
    func queries() {
        let network = neuronNetworks[0]
        let (autoencoder, weights) = Self.pair(network)
        let decoded = autoencoder.decode(weights, .zeros([1, 15])).floats
        let rows = (0..<7).map { Array(decoded[($0 * 5)..<($0 * 5 + 5)]) }
        #expect(Set(rows).count == 7)
    }

    @Test("an untrained decoder gives the mean, nearly")
    func start() {
        let network = neuronNetworks[1]
        var stream = RandomStream(seed: 9, purpose: "test")
        let mean = stream.normal([network.layout.count])
        let autoencoder = GraphAutoencoder(
            parameters: network.layout, config: Self.config, mean: mean, behaviour: nil)
        let start = Parameters(layout: autoencoder.layout, flat: autoencoder.initialParameters(seed: 1))
        let decoded = autoencoder.decode(start, stream.normal([2, 15]))
        let difference = (decoded - mean).square().mean().scalar
        #expect(difference < 0.05 && difference > 0)
    }

    @Test("codes that say variances, and the loss's derivative by all parameters", arguments: [0, 1])
    func derivative(_ index: Int) throws {
        var config = Self.config
        (config.klWeight, config.width, config.heads, config.slots, config.latent) = (0.5, 4, 2, 2, 2)
        config.layers = 1
        let layout = neuronNetworks[index].layout
        let autoencoder = GraphAutoencoder(parameters: layout, config: config)
        let x = normalDoubles([2, layout.count], seed: 3)
        let flat = autoencoder.initialParameters(seed: 1).converted(to: .double)
        #expect(
            autoencoder.posterior(Parameters(layout: autoencoder.layout, flat: flat), x).logVariance?.shape == [2, 4])
        func loss(_ flat: Tensor) -> Tensor {
            let decoded = autoencoder.decode(
                Parameters(layout: autoencoder.layout, flat: flat),
                autoencoder.encode(Parameters(layout: autoencoder.layout, flat: flat), x))
            var stream = RandomStream(seed: 1, purpose: "test")
            return autoencoder.difference(decoded, x, &stream)
        }
        let (_, gradient) = flatGradient(at: flat) { loss($0) }
        let direction = normalDoubles([autoencoder.layout.count], seed: 8)
        let step = 1e-5
        let numeric = (loss(flat + direction * step).scalar - loss(flat - direction * step).scalar) / (2 * step)
        let exact = (gradient.formed * direction).sum().scalar
        #expect(abs(numeric - exact) < 1e-6 * max(abs(exact), 1))
    }

    @Test("configs say what is wrong with them")
    func problems() {
        func problem(_ change: (inout GraphAutoencoder.Config) -> Void) -> String {
            var config = GraphAutoencoder.Config()
            change(&config)
            return config.problem ?? ""
        }
        #expect(problem { _ in }.isEmpty)
        #expect(problem { $0.heads = 3 } == "heads 3 is not a divisor of width 64 in 1...64")
        #expect(problem { $0.slots = 0 } == "slots 0 is not in 1...4096")
        #expect(problem { $0.latent = -1 } == "latent -1 is not in 1...8192")
        #expect(problem { $0.layers = 0 } == "layers 0 is not in 1...32")
        #expect(problem { $0.edgeWidth = 0 } == "edgeWidth 0 is not in 1...4096")
        #expect(problem { $0.functionRows = 0 } == "functionRows 0 is not in 1...65536")
        #expect(problem { $0.weightError = -1 } == "weightError -1.0 is not in 0...1e6")
        #expect(problem { $0.functionError = .nan } == "functionError nan is not in 0...1e6")
        #expect(
            problem { ($0.weightError, $0.functionError) = (0, 0) } == "weightError and functionError are both 0")
        #expect(problem { $0.klWeight = .infinity } == "klWeight inf is not in 0...1e6")
    }
}
