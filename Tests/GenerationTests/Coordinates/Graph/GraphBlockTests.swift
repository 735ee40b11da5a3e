import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Blocks over a graph of units")
struct GraphBlockTests {
    private static let config = GraphAutoencoderTests.config

    /// A block, its layout, and where seeds, the network's token and groups lie in a row of tokens.
    private static func block(
        _ network: NeuronNetwork
    ) throws -> (block: GraphBlock, layout: ParameterLayout, tokens: NeuronTokens, parts: [PackedSlot]) {
        let tokens = try #require(NeuronTokens(network.layout))
        let seeds = config.slots * config.width
        let parts =
            [PackedSlot(offset: 0, shape: [config.slots, config.width])]
            + tokens.parts(width: config.width).map { PackedSlot(offset: $0.offset + seeds, shape: $0.shape) }
        var builder = ParameterLayout.Builder()
        let block = GraphBlock("b", tokens, config, parts: parts, layout: &builder)
        return (block, builder.layout(), tokens, parts)
    }

    private static func matrices(_ edges: [Tensor]) -> [Tensor] {
        edges.flatMap { [$0, $0.permuted([0, 2, 1, 3])] }.map { $0.reshaped([$0.shape[0], $0.shape[1], -1]) }
    }

    /// Where no weight joins two units nothing is left but attention and perceptron.
    @Test("without edges it is a transformer block with the same weights")
    func transformer() throws {
        let (block, layout, tokens, _) = try Self.block(neuronNetworks[0])
        #expect(tokens.edges.isEmpty)
        var builder = ParameterLayout.Builder()
        let other = TransformerBlock(
            "b", TransformerBlock.Config(width: Self.config.width, heads: Self.config.heads), layout: &builder)
        let names = [
            "b.self_attn.": "b.attention.", "b.linear1.": "b.mlp.0.", "b.linear2.": "b.mlp.2.", "b.norm1.": "b.norm1.",
            "b.norm2.": "b.norm2.",
        ]
        let flat = normalDoubles([layout.count], seed: 1)
        let otherLayout = builder.layout()
        let parts = try otherLayout.slots.map { slot -> Tensor in
            let prefix = try #require(names.keys.first { slot.name.hasPrefix($0) })
            let name = (names[prefix] ?? "") + slot.name.dropFirst(prefix.count)
            let own = try #require(layout.slots.first { $0.name == name }, "\(name)")
            return flat.sliced(axis: 0, own.range)
        }
        #expect(otherLayout.count == layout.count)
        let h = normalDoubles([2, Self.config.slots + tokens.count, Self.config.width], seed: 2)
        let mine = block(Parameters(layout: layout, flat: flat), h, [])
        let theirs = other(Parameters(layout: otherLayout, flat: .concatenate(parts, axis: 0)), h)
        #expect(relativeDifference(mine, theirs) < 1e-10)
    }

    @Test("units' tokens follow their units, seeds stay", arguments: [1, 2, 5])
    func equivariance(_ index: Int) throws {
        let network = neuronNetworks[index]
        let (block, layout, tokens, parts) = try Self.block(network)
        let weights = Parameters(layout: layout, flat: normalDoubles([layout.count], seed: 3) * 0.3)
        let x = normalDoubles([2, network.layout.count], seed: 4)
        let h = normalDoubles([2, Self.config.slots + tokens.count, Self.config.width], seed: 5)
        var stream = RandomStream(seed: 6, purpose: "test")
        let element = network.reordering(&stream)
        let moved = element.apply(x, network.layout)
        /// Row i of a group becomes row p[i], as its weights do.
        func follow(_ h: Tensor) -> Tensor {
            let pieces = h.reshaped([2, -1]).unpacked(parts).enumerated().map { index, piece -> Tensor in
                guard index >= GraphEncoder.firstUnits else { return piece }
                let group = tokens.units[index - GraphEncoder.firstUnits].group
                return piece.gathered(axis: 1, element.permutations[group].map { Int32($0) })
            }
            return Tensor.packed(pieces, parts).reshaped(h.shape)
        }
        let plain = block(weights, h, Self.matrices(tokens.read(x).edges))
        let after = block(weights, follow(h), Self.matrices(tokens.read(moved).edges))
        #expect(relativeDifference(after, follow(plain)) < 1e-10)
        #expect(relativeDifference(after, plain) > 1e-3)
    }

    @Test("weights between units change the tokens of both their groups, and of nobody else")
    func messages() throws {
        let network = neuronNetworks[1]
        let (block, layout, tokens, parts) = try Self.block(network)
        let weights = Parameters(layout: layout, flat: normalDoubles([layout.count], seed: 7) * 0.3)
        let h = normalDoubles([1, Self.config.slots + tokens.count, Self.config.width], seed: 8)
        let edges = tokens.read(normalDoubles([1, network.layout.count], seed: 9)).edges
        let with = block(weights, h, Self.matrices(edges))
        let without = block(weights, h, Self.matrices(edges.map { $0 * 0.0 }))
        let moved = zip(with.reshaped([1, -1]).unpacked(parts), without.reshaped([1, -1]).unpacked(parts)).map {
            relativeDifference($0, $1) > 1e-6
        }
        #expect(moved == [false, false, true, true])
    }
}

@Suite("Weights between units from their tokens")
struct GraphEdgesTests {
    /// Width 1 throughout: e = w_2 gelu(a x_i + b y_j + c) + d + (p x_i + p') (q y_j + q').
    @Test("by hand for tokens of one feature")
    func closedForm() throws {
        var builder = ParameterLayout.Builder()
        let edges = GraphEdges("e", features: 1, width: 1, edgeWidth: 1, layout: &builder)
        let layout = builder.layout()
        let values = [
            "e.first.weight": 0.5, "e.first.bias": 0.1, "e.second.weight": -0.7, "e.left.weight": 2,
            "e.right.weight": 0.3, "e.output.weight": 1.5, "e.output.bias": -0.2,
        ]
        #expect(Set(layout.slots.map(\.name)) == Set(values.keys))
        let flat = Tensor(layout.slots.map { values[$0.name] ?? 0 }, shape: [layout.count], precision: .double)
        let x = [0.4, -1, 2], y = [1, -0.5]
        let result = edges(
            Parameters(layout: layout, flat: flat), Tensor(x, shape: [1, 3, 1], precision: .double),
            Tensor(y, shape: [1, 2, 1], precision: .double))
        #expect(result.shape == [1, 3, 2, 1])
        let inner = x.flatMap { x in y.map { y in 0.5 * x + 0.1 - 0.7 * y } }
        let bent = Tensor(inner, shape: [6], precision: .double).gelu().doubles
        let expected = x.flatMap { x in y.map { y in 2 * x * 0.3 * y - 0.2 } }
        for (index, value) in result.reshaped([6]).doubles.enumerated() {
            #expect(abs(value - expected[index] - 1.5 * bent[index]) < 1e-12, "\(index)")
        }
    }
}

@Suite("Networks from codes")
struct GraphDecoderTests {
    @Test("with closed heads it gives its mean, whatever the code", arguments: neuronNetworks)
    func mean(_ network: NeuronNetwork) throws {
        let config = GraphAutoencoderTests.config
        let tokens = try #require(NeuronTokens(network.layout))
        var builder = ParameterLayout.Builder()
        let decoder = GraphDecoder(
            "d", tokens, parameterCount: network.layout.count, config: config, layout: &builder)
        let layout = builder.layout()
        var stream = RandomStream(seed: 1, purpose: "test")
        var flat = (stream.normal([layout.count]) * 0.3).floats
        for slot in decoder.closed.flatMap({ [$0.weight] + ($0.bias.map { [$0] } ?? []) }) {
            for place in slot.range { flat[place] = 0 }
        }
        let weights = Parameters(layout: layout, flat: Tensor(flat, shape: [layout.count]))
        let decoded = decoder(weights, stream.normal([3, config.slots, config.latent]))
        #expect(decoded.shape == [3, network.layout.count])
        let mean = weights[decoder.mean]
        for row in 0..<3 { #expect(relativeDifference(decoded.selected(axis: 0, row), mean) < 1e-6) }
    }

    @Test("networks of a batch do not know each other")
    func rows() {
        let network = neuronNetworks[1]
        let autoencoder = GraphAutoencoder(parameters: network.layout, config: GraphAutoencoderTests.config)
        let weights = Parameters(layout: autoencoder.layout, flat: autoencoder.initialParameters(seed: 2))
        var stream = RandomStream(seed: 3, purpose: "test")
        let codes = stream.normal([4, 15])
        let all = autoencoder.decode(weights, codes)
        for row in 0..<4 {
            let alone = autoencoder.decode(weights, codes.sliced(axis: 0, row..<(row + 1)))
            #expect(relativeDifference(alone, all.sliced(axis: 0, row..<(row + 1))) < 1e-5)
        }
        #expect(Set(all.floats.chunks(of: network.layout.count)).count == 4)
    }
}

extension [Float] {
    fileprivate func chunks(of size: Int) -> [[Float]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<($0 + size)]) }
    }
}
