import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("What a file leaves out because it changes nothing")
struct ModuleCompletionTests {
    private typealias Shapes = [(String, [Int])]

    private func tensors(_ shapes: Shapes) -> [ForeignTensor] {
        ForeignNetwork(shapes.map { ($0, $1, [Float](repeating: 2, count: $1.reduce(1, *))) }).tensors
    }

    private let norm: Shapes = [
        ("1.weight", [4]), ("1.bias", [4]), ("1.running_mean", [4]), ("1.running_var", [4]),
    ]

    @Test("biases before norms: of 0")
    func biases() throws {
        let all = tensors([("0.weight", [4, 4])] + norm + [("3.weight", [2, 4]), ("3.bias", [2])])
        let architecture = Architecture.mlp(MLP.Config(widths: [4, 4, 2], norm: .batch))
        let completed = ModuleCompletion.completed(all, architecture.layout)
        #expect(completed.added == ["0.bias"])
        #expect(completed.tensors[1].name == "0.bias" && completed.tensors[1].values.floats() == [0, 0, 0, 0])
        #expect(throws: Never.self) {
            try TensorMapping(completed.tensors, layout: architecture.layout, place: "x")
        }
        // The last bias is no extra: the message has the architecture that takes it.
        let other = Architecture.mlp(MLP.Config(widths: [4, 4, 2], bias: false, norm: .batch))
        let error = dataError { _ = try TensorMapping(all, layout: other.layout, place: "x") }
        #expect(error?.hint.contains("--skip") == false, "\(error as Any)")
        #expect(error?.hint.contains(#""norm":"batch""#) == true)
    }

    @Test("batch norms without weights: scales of 1 and shifts of 0")
    func norms() throws {
        let all = tensors(
            [("0.weight", [4, 4]), ("0.bias", [4])] + norm.suffix(2) + [("3.weight", [2, 4]), ("3.bias", [2])])
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 2], norm: .batch)).layout
        let completed = ModuleCompletion.completed(all, layout)
        #expect(completed.added == ["1.weight", "1.bias"])
        #expect(completed.tensors.first { $0.name == "1.weight" }?.values.floats() == [1, 1, 1, 1])
    }

    @Test("nothing is added where that does not make the network whole")
    func others() {
        let layout = smallArchitecture.layout
        #expect(ModuleCompletion.completed(tensors([("a.weight", [3, 4]), ("b", [1])]), layout).added.isEmpty)
        let whole = tensors(layout.slots.map { ($0.name, $0.shape) })
        #expect(ModuleCompletion.completed(whole, layout).added.isEmpty)
    }

    @Test("queries, keys and values become one matrix, one below the other")
    func attention() {
        let parts = ["query", "key", "value"].enumerated().map { index, name in
            ("a.attention.\(name).weight", [1, 2], [Float](repeating: Float(index), count: 2))
        }
        let joined = AttentionParts.joined(ForeignNetwork(parts + [("b", [1], [7])]).tensors)
        #expect(joined.map(\.name) == ["a.attention.qkv.weight", "b"] && joined[0].shape == [3, 2])
        #expect(joined[0].values.floats() == [0, 0, 1, 1, 2, 2])
        #expect(AttentionParts.joined(ForeignNetwork(Array(parts.dropLast())).tensors).count == 2)
    }
}
