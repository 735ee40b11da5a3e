import Networks
import Tensors
import TestSupport
import Testing

@testable import Generation

@Suite("Messages along edges")
struct MessagePassingTests {
    private static func passing(
        _ tokens: NeuronTokens, seeds: Int, layout: inout ParameterLayout.Builder
    ) -> MessagePassing {
        let own = tokens.parts(width: 4).map { PackedSlot(offset: $0.offset + seeds * 4, shape: $0.shape) }
        let parts = seeds > 0 ? [PackedSlot(offset: 0, shape: [seeds, 4])] + own : own
        return MessagePassing(
            "messages", tokens, parts: parts, firstUnits: seeds > 0 ? 2 : 1, width: 4, edgeWidth: 3, layout: &layout)
    }

    @Test("where no weight joins two units nothing is heard, and nothing is declared")
    func none() throws {
        let network = MLP(.init(widths: [5, 7, 3], activation: .relu))
        let tokens = try #require(NeuronTokens(network.layout))
        var builder = ParameterLayout.Builder()
        let passing = Self.passing(tokens, seeds: 0, layout: &builder)
        let layout = builder.layout()
        let parameters = Parameters(layout: layout, flat: .zeros([layout.count]))
        #expect(layout.count == 0 && passing(parameters, .ones([2, 8, 4]), []) == nil)
    }

    @Test("units hear the other side in proportion to the weights; what is no unit hears nothing", arguments: [0, 2])
    func heard(_ seeds: Int) throws {
        let network = MLP(.init(widths: [5, 7, 6, 3], activation: .relu))
        let tokens = try #require(NeuronTokens(network.layout))
        var builder = ParameterLayout.Builder()
        let passing = Self.passing(tokens, seeds: seeds, layout: &builder)
        let layout = builder.layout()
        var stream = RandomStream(seed: 3, purpose: "messages")
        let parameters = Parameters(layout: layout, flat: stream.normal([layout.count]))
        let n = stream.normal([2, seeds + 1 + 7 + 6, 4])
        let edges = [stream.normal([2, 6, 7, 1])]
        let matrices = NeuronTokens.matrices(edges)
        #expect(matrices.map(\.shape) == [[2, 6, 7], [2, 7, 6]])
        let heard = try #require(passing(parameters, n, matrices))
        #expect(heard.shape == n.shape)
        #expect(heard.sliced(axis: 1, 0..<(seeds + 1)).floats.allSatisfy { $0 == 0 })
        #expect(heard.sliced(axis: 1, (seeds + 1)..<(seeds + 14)).floats.allSatisfy { $0 != 0 })
        let doubled = try #require(passing(parameters, n, NeuronTokens.matrices(edges.map { $0 * 2 })))
        #expect(zip(doubled.floats, heard.floats).allSatisfy { abs($0 - 2 * $1) <= 1e-5 * abs($0) })
    }
}
