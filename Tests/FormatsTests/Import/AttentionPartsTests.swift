import Networks
import Testing

@testable import Formats

@Suite("Queries, keys and values of files")
struct AttentionPartsTests {
    private func tensors(_ shapes: [(String, [Int])]) -> [ForeignTensor] {
        var next: Float = 0
        return ForeignNetwork(
            shapes.map { name, shape in
                let values = (0..<shape.reduce(1, *)).map { next + Float($0) }
                next += Float(values.count)
                return (name, shape, values)
            }
        ).tensors
    }

    @Test("Each three become one, queries first, where the queries stood, whatever the file's order")
    func order() {
        let all = tensors([
            ("first", [1]), ("a.value.bias", [2]), ("a.key.bias", [2]), ("between", [1]),
            ("a.query.bias", [2]),
            ("last", [1]),
        ])
        let joined = AttentionParts.joined(all)
        #expect(joined.map(\.name) == ["first", "between", "a.qkv.bias", "last"])
        #expect(joined[2].shape == [6] && joined[2].values.floats() == [6, 7, 3, 4, 1, 2])
        #expect(joined[0] == all[0] && joined[1] == all[3] && joined[3] == all[5])
    }

    @Test("Weights and biases of every layer, each with its own")
    func layers() {
        let all = tensors(
            (0..<3).flatMap { layer in
                ["query", "key", "value"].flatMap { part in
                    [("l.\(layer).\(part).weight", [2, 3]), ("l.\(layer).\(part).bias", [2])]
                }
            })
        let joined = AttentionParts.joined(all)
        #expect(joined.map(\.name) == (0..<3).flatMap { ["l.\($0).qkv.weight", "l.\($0).qkv.bias"] })
        #expect(joined.map(\.shape) == (0..<3).flatMap { _ in [[6, 3], [6]] })
        // No number is lost, none doubled.
        #expect(joined.flatMap { $0.values.floats() }.sorted() == (0..<72).map { Float($0) })
        #expect(AttentionParts.joined(joined) == joined)
    }

    @Test(
        "What is not three of one shape below one module stays as it is",
        arguments: [
            [("a.query.weight", [2, 2]), ("a.key.weight", [1, 2]), ("a.value.weight", [1, 2])],
            [("a.query.weight", [2, 2]), ("a.key.weight", [2, 2]), ("b.value.weight", [2, 2])],
            [("a.query.weight", [2]), ("a.key.weight", [2]), ("a.value.bias", [2])],
            [("a.query.x.weight", [2]), ("a.key.x.weight", [2]), ("a.value.x.weight", [2])],
            [("a.query.scale", []), ("a.key.scale", []), ("a.value.scale", [])],
            [("query.weight", [2]), ("key.weight", [2]), ("value.weight", [2]), ("b.query.weight", [2])],
            [],
        ] as [[(String, [Int])]])
    func others(shapes: [(String, [Int])]) {
        let all = tensors(shapes)
        #expect(AttentionParts.joined(all) == all)
    }

    @Test("Biases are added as a kernel's names have them, after the kernel")
    func kernels() {
        let all = tensors([("a/kernel", [4, 3]), ("b/kernel", [3, 2]), ("b/bias", [2])])
        let (completed, added) = ModuleCompletion.completed(all, smallArchitecture.layout)
        #expect(
            added == ["a/bias"] && completed.map(\.name) == ["a/kernel", "a/bias", "b/kernel", "b/bias"])
        #expect(completed[1].shape == [3] && completed[1].values.floats() == [0, 0, 0])
        let again = ModuleCompletion.completed(completed, smallArchitecture.layout)
        #expect(again.added.isEmpty && again.tensors == completed)
    }
}
