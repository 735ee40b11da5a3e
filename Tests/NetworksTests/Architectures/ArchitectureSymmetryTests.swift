import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Symmetries of architectures")
struct ArchitectureSymmetryTests {
    /// A random element; factors are powers of two and signs, which single precision multiplies exactly.
    private static func element(_ layout: ParameterLayout, seed: UInt64, scaled: Bool = true) -> SymmetryElement {
        var orders = SplitMix(seed: seed, index: 0)
        var factors = SplitMix(seed: seed, index: 1)
        let permutation = { (size: Int) in orders.permutation(size) }
        guard scaled else { return .random(layout, permutation: permutation) }
        return .random(layout, permutation: permutation) { scaling in
            (scaling == .sign ? [-1, 1, -1, 1, 1] : [0.25, 0.5, 1, 2, 4])[factors.integer(below: 5)]
        }
    }

    @Test("random group elements leave the function as it is", arguments: sampleArchitectures)
    func invariance(_ architecture: Architecture) throws {
        let sample = SampleNetwork(architecture)
        let x = Formula.inputs(architecture.input, 3)
        let before = sample.outputs(x)
        for seed in 0..<3 {
            let element = Self.element(sample.layout, seed: UInt64(seed))
            try element.validate(for: sample.layout)
            let moved = sample.moved(element)
            #expect(moved.weights != sample.weights)
            #expect(relativeDifference(moved.outputs(x), before) < 1e-10)
        }
    }

    @Test("in training too, where the running statistics move with their units", arguments: sampleArchitectures)
    func training(_ architecture: Architecture) {
        let sample = SampleNetwork(architecture)
        guard sample.layout.bufferCount > 0 else { return }
        let x = Formula.inputs(architecture.input, 5)
        let element = Self.element(sample.layout, seed: 5)
        let (before, after) = (sample.training(x), sample.moved(element).training(x))
        #expect(relativeDifference(after.outputs, before.outputs) < 1e-10)
        let expected = element.apply(toBuffers: before.buffers?.floats ?? [], layout: sample.layout)
        #expect(relativeDifference(expected.map { Double($0) }, after.buffers?.doubles ?? []) < 1e-6)
    }

    /// An element that leaves no unit in its place.
    private static func shift(_ layout: ParameterLayout) -> SymmetryElement {
        .random(layout, permutation: { size in (0..<size).map { ($0 + 1) % size } })
    }

    /// Every tag counts: a slot that stays behind while the others move changes the outputs.
    @Test("a slot left behind changes the function", arguments: sampleArchitectures)
    func leftBehind(_ architecture: Architecture) {
        let sample = SampleNetwork(architecture)
        let x = Formula.inputs(architecture.input, 3)
        let before = sample.outputs(x)
        let moved = sample.moved(Self.shift(sample.layout))
        for slot in sample.layout.slots where slot.axes.contains(where: { $0 != nil }) {
            var mixed = moved
            mixed.weights.replaceSubrange(slot.range, with: sample.weights[slot.range])
            #expect(relativeDifference(mixed.outputs(x), before) > 1e-6, "\(slot.name)")
        }
        for slot in sample.layout.buffers {
            #expect(slot.axes != [nil])
            var mixed = moved
            mixed.buffers.replaceSubrange(slot.range, with: sample.buffers[slot.range])
            #expect(relativeDifference(mixed.outputs(x), before) > 1e-6, "\(slot.name)")
        }
    }

    @Test("an unrelated permutation of a slot's entries changes the function", arguments: sampleArchitectures)
    func unrelated(_ architecture: Architecture) {
        let sample = SampleNetwork(architecture)
        let x = Formula.inputs(architecture.input, 3)
        let before = sample.outputs(x)
        var generator = SplitMix(seed: 11, index: 0)
        for slot in sample.layout.slots where slot.role == .weight {
            var shuffled = sample
            for (target, source) in generator.permutation(slot.count).enumerated() {
                shuffled.weights[slot.offset + target] = sample.weights[slot.offset + source]
            }
            #expect(relativeDifference(shuffled.outputs(x), before) > 1e-6, "\(slot.name)")
        }
    }

    @Test("hidden axes all belong to a group; inputs, pixels and outputs to none", arguments: sampleArchitectures)
    func coverage(_ architecture: Architecture) {
        let layout = architecture.layout
        let last = layout.slots.last { $0.role == .weight }?.name
        for slot in layout.slots where slot.role == .weight && slot.name != last {
            #expect(slot.axes[0] != nil, "\(slot.name)")
        }
        let vectors = layout.slots.filter { $0.role == .scale || $0.role == .shift } + layout.buffers
        #expect(vectors.allSatisfy { $0.axes.last != .some(nil) })
        #expect(layout.groups.allSatisfy { $0.size > 1 })
    }
}
