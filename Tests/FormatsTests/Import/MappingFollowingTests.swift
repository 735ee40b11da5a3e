import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Mappings of tensors: any order, and networks that follow the first")
struct MappingFollowingTests {
    private let layout = smallArchitecture.layout

    private func shuffled(_ start: Float, prefix: String = "", _ choices: inout RandomChoices) -> [ForeignTensor] {
        smallNetwork(start, prefix: prefix).tensors.shuffled(using: &choices)
    }

    @Test("In every order of the tensors each slot gets the numbers of its own name")
    func names() throws {
        var choices = RandomChoices(state: 81)
        for trial in 0..<24 {
            let prefix = trial % 2 == 0 ? "" : "state_dict.model."
            let tensors = shuffled(0, prefix: prefix, &choices)
            for byNameAlone in [true, false] {
                let found = try TensorMapping(tensors, byNameAlone: byNameAlone, layout: layout, place: "x")
                #expect(found.basis == .names && found.fits(tensors, layout: layout))
                #expect(zip(found.weights, layout.slots).allSatisfy { tensors[$0].name == prefix + $1.name })
            }
        }
    }

    @Test("Other networks follow by name, without their wrappers, whatever the order")
    func following() throws {
        var choices = RandomChoices(state: 82)
        let first = try TensorMapping(smallNetwork(0, prefix: "model.").tensors, layout: layout, place: "x")
        let slots = try #require(first.slotsByName())
        #expect(slots == ["layers.0.weight": 0, "layers.0.bias": 1, "layers.1.weight": 2, "layers.1.bias": 3])
        for _ in 0..<10 {
            let tensors = shuffled(7, prefix: "model.", &choices)
            let found = try TensorMapping(tensors, following: slots, layout: layout, place: "y")
            let numbers = found.weights.flatMap { tensors[$0].values.floats() }
            #expect(
                numbers == (0..<layout.count).map { 7 + Float($0) } && found.basis == .names && found.buffers.isEmpty)
        }
    }

    @Test("A follower of another shape is refused by tensor and slot")
    func otherShape() throws {
        let slots = try #require(try TensorMapping(smallNetwork(0).tensors, layout: layout, place: "x").slotsByName())
        var tensors = smallNetwork(0).tensors
        tensors[2] = tensors[2].transposed([1, 0])
        let error = try requireDataError {
            _ = try TensorMapping(tensors, following: slots, layout: layout, place: "second")
        }
        #expect(error.expected.hasPrefix("layers.1.weight [2, 3], which goes to layers.1.weight"))
        #expect(error.found == "[3, 2]" && error.path == "second")
    }

    @Test("One vector of all numbers is taken in the layout's order, said in a note, and has no slots by name")
    func flat() throws {
        let vector = ForeignNetwork([("all", [23], (0..<23).map { Float($0) })]).tensors
        let found = try TensorMapping(vector, layout: layout, place: "x")
        #expect(found.basis == .flat && found.weights == [0] && found.slotsByName() == nil)
        #expect(found.note(layout) == "one vector of 23 numbers, taken in the layout's order")
        #expect(found.fits(vector, layout: layout))
        #expect(!found.fits([vector[0].reshaped([23, 1])], layout: layout))
        let error = try requireDataError {
            _ = try TensorMapping(vector, byNameAlone: true, layout: layout, place: "x")
        }
        #expect(error.hint.contains("without --architecture"))
    }

    @Test("Notes name the first four pairs, and say that there are more")
    func notes() throws {
        let names = layout.slots.indices.map { "arr_\($0)" }
        func mapping(_ layout: ParameterLayout) throws -> TensorMapping {
            let tensors = layout.slots.indices.map { index in
                let shape = layout.slots[index].shape
                return ("arr_\(index)", shape, [Float](repeating: 0, count: shape.reduce(1, *)))
            }
            return try TensorMapping(ForeignNetwork(tensors).tensors, layout: layout, place: "x")
        }
        let note = try #require(try mapping(layout).note(layout))
        #expect(note.contains("matched by order") && note.hasSuffix("\(names[3]) -> layers.1.bias"))
        let deep = Architecture.mlp(MLP.Config(widths: [2, 3, 4, 5])).layout
        #expect(try mapping(deep).note(deep)?.hasSuffix("arr_3 -> layers.1.bias, ...") == true)
    }

    @Test("Tensors of one name are refused, whichever they are")
    func twice() throws {
        let tensors = smallNetwork(0).tensors
        let error = try requireDataError {
            _ = try TensorMapping(tensors + [tensors[0]], layout: layout, place: "x")
        }
        #expect(error.kind == .malformed && error.found == "tensors of the same name")
    }
}
