import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Matching modules of a file to a layout's")
struct ModuleMatchTests {
    private let layout = Architecture.mlp(MLP.Config(widths: [5, 4, 3, 2])).layout

    /// The layout's tensors in modules of other names, in the file's order.
    private func file(_ modules: [(String, Int)], parts: [String] = ["weight", "bias"]) -> (
        names: [String], shapes: [[Int]]
    ) {
        var found: (names: [String], shapes: [[Int]]) = ([], [])
        for (name, layer) in modules {
            for part in parts {
                found.names.append("\(name).\(part)")
                found.shapes.append(layout.slots.first { $0.name == "layers.\(layer).\(part)" }?.shape ?? [])
            }
        }
        return found
    }

    @Test("Random orders of modules with shapes of their own are found where order says nothing")
    func unlike() throws {
        var choices = RandomChoices(state: 71)
        for _ in 0..<20 {
            let order = [0, 1, 2].shuffled(using: &choices)
            let parts = ["weight", "bias"].shuffled(using: &choices)
            let (names, shapes) = file(zip(["x", "zeta", "alpha"], order).map { ($0, $1) }, parts: parts)
            let found = try #require(ModuleMatch.find(names, shapes, isOrdered: false, layout))
            #expect(found.weights.map { shapes[$0] } == layout.slots.map(\.shape) && found.buffers.isEmpty)
            #expect(
                zip(found.weights, layout.slots).allSatisfy { TensorNames.leaf(names[$0]) == TensorNames.leaf($1.name) }
            )
        }
    }

    @Test("Where the file's order is another than the layout's, shapes of their own tell")
    func ordered() {
        let good = file([("q", 0), ("b", 1), ("c", 2)])
        #expect(ModuleMatch.find(good.names, good.shapes, isOrdered: true, layout)?.weights == [0, 1, 2, 3, 4, 5])
        let bad = file([("q", 1), ("b", 0), ("c", 2)])
        let found = ModuleMatch.find(bad.names, bad.shapes, isOrdered: true, layout)
        #expect(found?.weights == [2, 3, 0, 1, 4, 5] && found?.rule == .shapes)
        #expect(ModuleMatch.find(bad.names, bad.shapes, isOrdered: false, layout)?.weights == [2, 3, 0, 1, 4, 5])
    }

    @Test("Numbered modules follow their numbers, whatever the file's order is not")
    func numbered() {
        let (names, shapes) = file([("fc10", 2), ("fc2", 0), ("fc9", 1)])
        #expect(ModuleMatch.find(names, shapes, isOrdered: false, layout)?.weights == [2, 3, 4, 5, 0, 1])
    }

    @Test("One module more or fewer, a part more, fewer or twice, and nothing matches")
    func unfit() {
        let whole = file([("q", 0), ("b", 1), ("c", 2)])
        let (names, shapes) = whole
        let cases: [([String], [[Int]])] = [
            (names + ["d.weight"], shapes + [[1]]), (Array(names.dropLast(2)), Array(shapes.dropLast(2))),
            (Array(names.dropLast()), Array(shapes.dropLast())), (names + ["c.gamma"], shapes + [[2]]),
            (names + ["c.bias"], shapes + [[2]]), ([], []),
            (names.map { $0.replacingSuffix("bias", "beta") }, shapes),
        ]
        for (names, shapes) in cases {
            for isOrdered in [true, false] {
                #expect(ModuleMatch.find(names, shapes, isOrdered: isOrdered, layout) == nil, "\(names)")
            }
        }
    }

    @Test("The file's order is known where it is not the alphabet's, else numbers alone give one")
    func knownOrder() {
        #expect(MatchOrder.known(["b", "a"], isOrdered: true) == [0, 1])
        #expect(MatchOrder.known(["a", "b"], isOrdered: true) == nil)
        #expect(MatchOrder.known(["b", "a"], isOrdered: false) == nil)
        #expect(MatchOrder.known(["w10", "w2", "w1"], isOrdered: false) == [2, 1, 0])
        #expect(MatchOrder.known(["w1", "w10", "w2"], isOrdered: true) == [0, 2, 1])
        #expect(MatchOrder.known(["only"], isOrdered: true) == [0])
        #expect(MatchOrder.known([], isOrdered: false) == nil)
    }
}

extension String {
    fileprivate func replacingSuffix(_ old: String, _ new: String) -> String {
        hasSuffix(old) ? String(dropLast(old.count)) + new : self
    }
}

extension ModuleMatch {
    /// For every slot and buffer the tensor's index; nil where modules do not match, or not in one way alone.
    fileprivate static func find(
        _ names: [String], _ shapes: [[Int]], isOrdered: Bool, _ layout: ParameterLayout
    ) -> TensorMatch? {
        guard case .found(let match) = outcome(names, shapes, isOrdered: isOrdered, layout) else { return nil }
        return match
    }
}
