import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Embeddings")
struct EmbeddingTests {
    private static func table(_ entries: Int, _ width: Int) -> (Embedding, ParameterLayout) {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("before", shape: [2], role: .bias)
        let embedding = Embedding("tokens", entries: entries, width: width, layout: &builder)
        return (embedding, builder.layout())
    }

    @Test("rows and gradients of the table are PyTorch's", arguments: try TorchCase.family("embedding"))
    func torch(_ expected: TorchCase) throws {
        let (embedding, layout) = Self.table(5, 3)
        let shape = try expected.input("input").shape
        let indices = try expected.indices("input")
        let comparison = try TorchComparison(expected, ["weight"]) {
            let before = Tensor.zeros([2], precision: $0[0].precision)
            let flat = Tensor.concatenate([before, $0[0].reshaped([-1])], axis: 0)
            return embedding(Parameters(layout: layout, flat: flat), indices, shape: shape)
        }
        #expect(comparison.agrees, "\(comparison)")
        #expect(layout.slots.map(\.name) == ["before", "tokens.weight"] && layout.slots[1].role == .embedding)
    }

    @Test("networks with indices of their own look into their own tables")
    func population() {
        let (embedding, layout) = Self.table(4, 2)
        let flat = normalDoubles([3, layout.count])
        let indices: [Int32] = [0, 3, 1, 1, 2, 0]
        let found = embedding(Parameters(layout: layout, flat: flat), indices, shape: [3, 1, 2], isPerNetwork: true)
        #expect(found.shape == [3, 1, 2, 2])
        for (position, index) in indices.enumerated() {
            let start = position / 2 * layout.count + 2 + Int(index) * 2
            #expect(found.doubles[(2 * position)...].prefix(2) == flat.doubles[start...].prefix(2))
        }
    }

    @Test("no indices give no rows")
    func empty() {
        let (embedding, layout) = Self.table(4, 2)
        let flat = normalDoubles([3, layout.count])
        #expect(embedding(Parameters(layout: layout, flat: flat), [], shape: [0, 5]).shape == [3, 0, 5, 2])
    }

    @Test("indices outside the table or beside the shape end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { Self.look(up: [4]) }
        await #expect(processExitsWith: .failure) { Self.look(up: [-1]) }
        await #expect(processExitsWith: .failure) { Self.look(up: [0, 0]) }
        await #expect(processExitsWith: .failure) { Self.look(up: [0], isPerNetwork: true) }
    }

    /// Looks entries up in tables of four, in three networks, as a shape of one.
    private static func look(up indices: [Int32], isPerNetwork: Bool = false) {
        let (embedding, layout) = table(4, 2)
        let parameters = Parameters(layout: layout, flat: .zeros([3, layout.count]))
        _ = embedding(parameters, indices, shape: [1], isPerNetwork: isPerNetwork)
    }
}
