import Foundation
import Testing

@testable import Basics
@testable import Networks

@Suite struct ScaleNormalizationTests {
    private func close(_ first: [Float], _ second: [Float], _ tolerance: Float = 2e-6) -> Bool {
        zip(first, second).allSatisfy { abs($0 - $1) <= tolerance * max(1e-3, abs($0)) }
    }

    private func norm(_ row: [Float]) -> Double { row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

    /// Incoming (bias included) and outgoing norms of the units of the hidden layer `layer`.
    private func norms(_ network: PlainNetwork, _ row: [Float], _ layer: Int) -> [(Double, Double)] {
        let (weight, bias) = (network.layout.slots[2 * layer], network.layout.slots[2 * layer + 1])
        let next = network.layout.slots[2 * layer + 2]
        return (0..<weight.shape[0]).map { unit in
            let start = weight.offset + unit * weight.shape[1]
            let incoming = norm(Array(row[start..<(start + weight.shape[1])]) + [row[bias.offset + unit]])
            let outgoing = norm((0..<next.shape[0]).map { row[next.offset + $0 * next.shape[1] + unit] })
            return (incoming, outgoing)
        }
    }

    @Test(arguments: [PlainNetwork.Activation.relu, .leaky]) func balancedFormIsANormalForm(
        _ activation: PlainNetwork.Activation
    ) throws {
        let network = PlainNetwork([6, 9, 8, 7, 3], activation)
        let scales = ScaleNormalization(layout: network.layout)
        var generator = SplitMix(seed: 1, index: 0)
        for _ in 0..<5 {
            let row = network.random(&generator)
            let form = try scales.normalForm(row)
            #expect(form.converged && form.deadUnits.allSatisfy(\.isEmpty))
            #expect(network.difference(row, form.row) < 1e-5)
            for layer in 0..<3 {
                for (incoming, outgoing) in norms(network, form.row, layer) {
                    #expect(abs(incoming / outgoing - 1) < 1e-6)
                }
            }
            #expect(norm(form.row) < norm(row))
            #expect(close(form.row, try scales.normalForm(form.row).row))
            #expect(close(form.row, form.element.apply(to: row, layout: network.layout), 0))
            let factors = network.symmetry(&generator, scaled: true).scales
            let rescaled = SymmetryElement(
                permutations: SymmetryElement.identity(network.layout).permutations, scales: factors)
            let other = try scales.normalForm(rescaled.apply(to: row, layout: network.layout))
            #expect(close(form.row, other.row))
        }
    }

    @Test func commutesWithPermutations() throws {
        for activation in [PlainNetwork.Activation.relu, .tanh] {
            let network = PlainNetwork([6, 9, 8, 3], activation)
            let scales = ScaleNormalization(layout: network.layout)
            var generator = SplitMix(seed: 2, index: 0)
            let row = network.random(&generator)
            let element = network.symmetry(&generator, scaled: true)
            let moved = try scales.normalForm(element.apply(to: row, layout: network.layout)).row
            let plain = SymmetryElement(permutations: element.permutations)
            #expect(close(moved, plain.apply(to: try scales.normalForm(row).row, layout: network.layout)))
        }
    }

    @Test func signs() throws {
        let network = PlainNetwork([5, 6, 7, 2], .tanh)
        let scales = ScaleNormalization(layout: network.layout)
        var generator = SplitMix(seed: 3, index: 0)
        let row = network.random(&generator)
        let form = try scales.normalForm(row)
        #expect(form.element.scales.contains { $0?.contains(-1) == true })
        #expect(network.difference(row, form.row) < 1e-12)
        #expect(try scales.normalForm(form.row).row == form.row)
        for layer in 0..<2 {
            let (weight, bias) = (network.layout.slots[2 * layer], network.layout.slots[2 * layer + 1])
            for unit in 0..<weight.shape[0] {
                let start = weight.offset + unit * weight.shape[1]
                let sum = form.row[start..<(start + weight.shape[1])].reduce(form.row[bias.offset + unit], +)
                #expect(sum >= -1e-6)
            }
        }
        let identity = SymmetryElement.identity(network.layout).permutations
        let flipped = SymmetryElement(permutations: identity, scales: network.symmetry(&generator, scaled: true).scales)
        #expect(try scales.normalForm(flipped.apply(to: row, layout: network.layout)).row == form.row)
    }

    @Test func deadUnitsAreSilencedExactly() throws {
        let network = PlainNetwork([3, 4, 4, 2], .leaky)
        var generator = SplitMix(seed: 4, index: 0)
        var row = network.random(&generator)
        let slots = network.layout.slots
        // Unit 1 of the first layer takes nothing in; unit 2 of the second is read by nobody.
        for index in 0..<3 { row[slots[0].offset + 3 + index] = 0 }
        row[slots[1].offset + 1] = 0
        for output in 0..<2 { row[slots[4].offset + output * 4 + 2] = 0 }
        // Unit 3 of the first layer is read by that second unit alone, so it dies with it.
        for unit in 0..<4 where unit != 2 { row[slots[2].offset + unit * 4 + 3] = 0 }
        // Unit 0 of the second layer has a negative bias and no other input, which is not dead.
        for index in 0..<4 { row[slots[2].offset + index] = 0 }
        row[slots[3].offset] = -1
        let form = try ScaleNormalization(layout: network.layout).normalForm(row)
        #expect(form.deadUnits == [[1, 3], [2]])
        #expect(network.difference(row, form.row) < 1e-6)
        #expect(norms(network, form.row, 0)[1] == (0, 0) && norms(network, form.row, 0)[3] == (0, 0))
        #expect(norms(network, form.row, 1)[2] == (0, 0) && norms(network, form.row, 1)[0].0 > 0)
        let again = try ScaleNormalization(layout: network.layout).normalForm(form.row)
        #expect(close(again.row, form.row) && again.deadUnits == form.deadUnits)
    }

    @Test func closedForm() throws {
        // f(x) = 2 relu(8 x): balanced 4 relu(4 x).
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("hidden", size: 1, scaling: .positive)
        _ = builder.addSlot("in.weight", shape: [1, 1], role: .weight, axes: [group, nil])
        _ = builder.addSlot("out.weight", shape: [1, 1], role: .weight, axes: [nil, group])
        let form = try ScaleNormalization(layout: builder.layout()).normalForm([8, 2])
        #expect(form.row == [4, 4] && form.element.scales == [[0.5]])
    }

    @Test func convolutionsAndUnscaledGroups() throws {
        var builder = ParameterLayout.Builder()
        let free = builder.addGroup("free", size: 3, scaling: .positive)
        let fixed = builder.addGroup("fixed", size: 2, scaling: .none)
        _ = builder.addSlot("a.weight", shape: [3, 2, 2, 2], role: .weight, axes: [free, nil, nil, nil])
        _ = builder.addSlot("b.weight", shape: [2, 3, 2, 2], role: .weight, axes: [fixed, free, nil, nil])
        _ = builder.addSlot("c.weight", shape: [2, 2], role: .weight, axes: [nil, fixed])
        let layout = builder.layout()
        var generator = SplitMix(seed: 5, index: 0)
        let row = (0..<layout.count).map { _ in Float(generator.normal()) }
        let form = try ScaleNormalization(layout: layout).normalForm(row)
        #expect(form.element.scales[1] == nil)
        #expect(Array(form.row[48...]) == Array(row[48...]))
        for unit in 0..<3 {
            let incoming = norm(Array(form.row[(unit * 8)..<(unit * 8 + 8)]))
            let first = form.row[(24 + unit * 4)..<(28 + unit * 4)]
            let outgoing = norm(Array(first) + Array(form.row[(36 + unit * 4)..<(40 + unit * 4)]))
            #expect(abs(incoming / outgoing - 1) < 1e-6)
        }
    }

    @Test func capIsReported() throws {
        let network = PlainNetwork([6, 9, 8, 7, 3])
        var generator = SplitMix(seed: 6, index: 0)
        let row = network.random(&generator)
        let form = try ScaleNormalization(layout: network.layout, options: .init(maximumSweeps: 1)).normalForm(row)
        #expect(!form.converged && form.sweeps == 1)
        #expect(network.difference(row, form.row) < 1e-5)
        #expect(throws: DataError.self) { try ScaleNormalization(layout: network.layout).normalForm([1]) }
    }

    /// The balanced form has the least total norm of all rescalings.
    @Test func noRescalingIsShorter() throws {
        let network = PlainNetwork([5, 8, 6, 3])
        let scales = ScaleNormalization(layout: network.layout)
        var generator = SplitMix(seed: 7, index: 0)
        let form = try scales.normalForm(network.random(&generator))
        let identity = SymmetryElement.identity(network.layout).permutations
        for reach in [0.01, 0.1, 1] {
            for _ in 0..<20 {
                let factors = network.layout.groups.map { group -> [Double]? in
                    (0..<group.size).map { _ in exp(reach * generator.normal()) }
                }
                let other = SymmetryElement(permutations: identity, scales: factors)
                #expect(norm(other.apply(to: form.row, layout: network.layout)) > norm(form.row))
            }
        }
    }

    /// A ReLU stream between two tanh groups, and a tanh stream that is written twice.
    @Test func mixedGroupsAndStreams() throws {
        var builder = ParameterLayout.Builder()
        let stream = builder.addGroup("stream", size: 4, scaling: .sign)
        let inner = builder.addGroup("inner", size: 3, scaling: .sign)
        let rectified = builder.addGroup("rectified", size: 5, scaling: .positive)
        _ = builder.addSlot("tokens.weight", shape: [6, 4], role: .embedding, axes: [nil, stream])
        _ = builder.addSlot("inner.weight", shape: [3, 4], role: .weight, axes: [inner, stream])
        _ = builder.addSlot("back.weight", shape: [4, 3], role: .weight, axes: [stream, inner])
        _ = builder.addSlot("rectified.weight", shape: [5, 4], role: .weight, axes: [rectified, stream])
        _ = builder.addSlot("head.weight", shape: [2, 5], role: .weight, axes: [nil, rectified])
        let layout = builder.layout()
        let scales = ScaleNormalization(layout: layout)
        var generator = SplitMix(seed: 8, index: 0)
        let row = (0..<layout.count).map { _ in Float(generator.normal()) }
        let form = try scales.normalForm(row)
        for _ in 0..<10 {
            let disguise = SymmetryElement.random(
                layout, permutation: { Array(0..<$0) },
                scale: { $0 == .sign ? generator.normal() : exp(generator.normal()) })
            try disguise.validate(for: layout)
            let other = try scales.normalForm(disguise.apply(to: row, layout: layout))
            #expect(close(form.row, other.row))
        }
        // The stream's signs follow from the embedding alone, whose columns then sum to something positive.
        for unit in 0..<4 { #expect((0..<6).reduce(Float(0)) { $0 + form.row[$1 * 4 + unit] } > 0) }
    }

    @Test func rescaledWeightsTooLargeAreRefused() throws {
        // Balanced, unit 0 would read the input with sqrt(1e38 * 1e38 * many): beyond single precision.
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("hidden", size: 1, scaling: .positive)
        _ = builder.addSlot("in.weight", shape: [1, 1], role: .weight, axes: [group, nil])
        _ = builder.addSlot("out.weight", shape: [64, 1], role: .weight, axes: [nil, group])
        let row = [Float](repeating: 3e38, count: 65)
        let scales = ScaleNormalization(layout: builder.layout())
        #expect(throws: DataError.self) { try scales.normalForm(row, path: "zoo.h5 network 0") }
    }

    @Test func groupsOpenOnOneSideAreLeftAlone() throws {
        var builder = ParameterLayout.Builder()
        let output = builder.addGroup("output", size: 2, scaling: .positive)
        let flipped = builder.addGroup("input", size: 3, scaling: .sign)
        _ = builder.addSlot("weight", shape: [2, 3], role: .weight, axes: [output, flipped])
        let form = try ScaleNormalization(layout: builder.layout()).normalForm([1, -2, 3, 0, 0, 0])
        #expect(form.row == [1, -2, 3, 0, 0, 0] && form.element.isIdentity && form.deadUnits == [[], []])
    }

    @Test func layoutsThatCannotBeScaledTrap() async {
        await #expect(processExitsWith: .failure) {
            let groups = [SymmetryGroup(name: "g", size: 2, scaling: .positive)]
            let slots = [
                Slot(name: "weight", offset: 0, shape: [2, 1], role: .weight, axes: [0, nil]),
                Slot(name: "norm.weight", offset: 2, shape: [2], role: .scale, axes: [0]),
            ]
            _ = ScaleNormalization(layout: ParameterLayout(slots: slots, groups: groups))
        }
        await #expect(processExitsWith: .failure) {
            let groups = [SymmetryGroup(name: "g", size: 2, scaling: .sign)]
            let slot = Slot(name: "recurrent.weight", offset: 0, shape: [2, 2], role: .weight, axes: [0, 0])
            _ = ScaleNormalization(layout: ParameterLayout(slots: [slot], groups: groups))
        }
    }
}
