import Foundation
import Testing

@testable import Basics
@testable import Networks

@Suite struct SymmetryElementTests {
    private let relu = PlainNetwork([5, 7, 6, 3], .relu)
    private let tanh = PlainNetwork([5, 7, 6, 3], .tanh)

    @Test func conventionIsOutTakesFromP() {
        let network = PlainNetwork([2, 3, 1])
        let element = SymmetryElement(permutations: [[2, 0, 1]], scales: [[2, 1, 4]])
        // weight [3, 2], bias [3], weight [1, 3], bias [1]
        let row: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 40, 5]
        #expect(element.apply(to: row, layout: network.layout) == [10, 12, 1, 2, 12, 16, 18, 7, 32, 20, 10, 5, 5])
    }

    @Test func spec() {
        let spec = PermutationSpec(layout: relu.layout)
        let places = spec.places.map { $0.map { [$0.slot, $0.axis] } }
        #expect(places == [[[0, 0], [1, 0], [2, 1]], [[2, 0], [3, 0], [4, 1]]])
        #expect(spec.places[0].map(\.side) == [.incoming, .incoming, .outgoing])
    }

    @Test func groupAxioms() {
        var generator = SplitMix(seed: 1, index: 0)
        let row = relu.random(&generator)
        let (a, b, c) = (
            relu.symmetry(&generator, scaled: false), relu.symmetry(&generator, scaled: false),
            relu.symmetry(&generator, scaled: false)
        )
        let identity = SymmetryElement.identity(relu.layout)
        #expect(a.followed(by: a.inverse) == identity)
        #expect(a.inverse.followed(by: a) == identity)
        #expect(a.followed(by: identity) == a && identity.followed(by: a) == a)
        #expect(a.followed(by: b).followed(by: c) == a.followed(by: b.followed(by: c)))
        #expect(a.followed(by: b).inverse == b.inverse.followed(by: a.inverse))
        #expect(b.composed(with: a) == a.followed(by: b))
        let inTurn = b.apply(to: a.apply(to: row, layout: relu.layout), layout: relu.layout)
        #expect(a.followed(by: b).apply(to: row, layout: relu.layout) == inTurn)
        #expect(identity.isIdentity && !a.isIdentity)
    }

    @Test func scaledElementsComposeToo() {
        var generator = SplitMix(seed: 2, index: 0)
        let row = relu.random(&generator)
        let (a, b) = (relu.symmetry(&generator, scaled: true), relu.symmetry(&generator, scaled: true))
        let inTurn = b.apply(to: a.apply(to: row, layout: relu.layout), layout: relu.layout)
        let atOnce = a.followed(by: b).apply(to: row, layout: relu.layout)
        #expect(zip(inTurn, atOnce).allSatisfy { abs($0 - $1) <= 3e-7 * abs($0) })
        let back = a.inverse.apply(to: a.apply(to: row, layout: relu.layout), layout: relu.layout)
        #expect(zip(row, back).allSatisfy { abs($0 - $1) <= 3e-7 * abs($0) })
    }

    @Test func functionIsPreserved() {
        for network in [relu, tanh, PlainNetwork([5, 9, 4, 4, 2], .leaky)] {
            var generator = SplitMix(seed: 3, index: 0)
            let row = network.random(&generator)
            for scaled in [false, true] {
                let element = network.symmetry(&generator, scaled: scaled)
                let moved = element.apply(to: row, layout: network.layout)
                #expect(moved != row)
                #expect(network.difference(row, moved) < (scaled ? 1e-5 : 1e-12))
            }
        }
    }

    @Test func otherPermutationsAndFactorsChangeTheFunction() {
        var generator = SplitMix(seed: 4, index: 0)
        let row = relu.random(&generator)
        var shuffled = row
        for (target, source) in generator.permutation(35).enumerated() { shuffled[target] = row[source] }
        #expect(relu.difference(row, shuffled) > 0.01)
        let flip = SymmetryElement(
            permutations: [Array(0..<7), Array(0..<6)], scales: [Array(repeating: -1, count: 7), nil])
        #expect(relu.difference(row, flip.apply(to: row, layout: relu.layout)) > 0.01)
        let other = tanh.random(&generator)
        #expect(tanh.difference(other, flip.apply(to: other, layout: tanh.layout)) < 1e-12)
    }

    @Test func convolutionsResidualsAndBuffers() {
        var builder = ParameterLayout.Builder()
        let inner = builder.addGroup("inner", size: 3, scaling: .none)
        let stream = builder.addGroup("stream", size: 2, scaling: .none)
        _ = builder.addSlot("conv.weight", shape: [3, 2, 2, 2], role: .weight, axes: [inner, stream, nil, nil])
        _ = builder.addSlot("norm.weight", shape: [3], role: .scale, axes: [inner])
        let base = builder.layout()
        let layout = ParameterLayout(
            slots: base.slots, groups: base.groups,
            buffers: [Slot(name: "norm.mean", offset: 0, shape: [3], role: .shift, axes: [inner])])
        let element = SymmetryElement(permutations: [[1, 2, 0], [1, 0]])
        let row = (0..<27).map(Float.init)
        let moved = element.apply(to: row, layout: layout)
        for out in 0..<3 {
            for channel in 0..<2 {
                for cell in 0..<4 {
                    let source = ((element.permutations[0][out] * 2) + element.permutations[1][channel]) * 4 + cell
                    #expect(moved[(out * 2 + channel) * 4 + cell] == row[source])
                }
            }
        }
        #expect(Array(moved[24...]) == [25, 26, 24])
        #expect(element.apply(toBuffers: [7, 8, 9], layout: layout) == [8, 9, 7])
    }

    @Test func validation() throws {
        var generator = SplitMix(seed: 5, index: 0)
        try relu.symmetry(&generator, scaled: true).validate(for: relu.layout)
        #expect(throws: DataError.self) { try SymmetryElement(permutations: [[0, 1]]).validate(for: relu.layout) }
        let half = SymmetryElement(
            permutations: [Array(0..<7), Array(0..<6)], scales: [Array(repeating: 0.5, count: 7), nil])
        try half.validate(for: relu.layout)
        #expect(throws: DataError.self) { try half.validate(for: tanh.layout) }
        #expect(SymmetryElement.fault([[0, 0]], [nil]) != nil)
        #expect(SymmetryElement.fault([[1, 2]], [nil]) != nil)
        #expect(SymmetryElement.fault([[0]], [[0]]) != nil)
        #expect(SymmetryElement.fault([[0]], [[1, 1]]) != nil)
        #expect(SymmetryElement.fault([[1, 0]], [[1, -2]]) == nil)
    }

    @Test func savedAndRead() throws {
        var generator = SplitMix(seed: 6, index: 0)
        for scaled in [false, true] {
            let element = relu.symmetry(&generator, scaled: scaled)
            let data = try JSONEncoder().encode(element)
            #expect(try JSONDecoder().decode(SymmetryElement.self, from: data) == element)
        }
        let wrong = Data(#"{"permutations":[[0,0]]}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SymmetryElement.self, from: wrong) }
    }

    @Test func brokenElementsTrap() async {
        await #expect(processExitsWith: .failure) { _ = SymmetryElement(permutations: [[0, 0]]) }
        await #expect(processExitsWith: .failure) { _ = SymmetryElement(permutations: [[0]], scales: [[.nan]]) }
        await #expect(processExitsWith: .failure) {
            _ = SymmetryElement(permutations: [[0]]).followed(by: SymmetryElement(permutations: [[1, 0]]))
        }
    }
}
