import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Alignment and normal forms of architectures")
struct ArchitectureAlignmentTests {
    private static func permutation(_ layout: ParameterLayout, seed: UInt64) -> SymmetryElement {
        var generator = SplitMix(seed: seed, index: 0)
        return .random(layout, permutation: { generator.permutation($0) })
    }

    /// Deeper networks are matched too, but not by themselves to the optimum.
    static let recovered: [Architecture] = [
        .mlp(.init(widths: [12, 16, 14, 5])), .mlp(.init(widths: [12, 16, 14, 5], bias: false)),
        .mlp(.init(widths: [12, 16, 14, 5], activation: .tanh, norm: .batch)),
        .mlp(.init(widths: [12, 16, 14, 5], norm: .layer)), .cnn(.init(size: .small)),
        .cnn(.init(size: .small, activation: .relu)), .cnn(.init(size: .large)), .lenet5(.init()),
    ]

    @Test("weight matching recovers a permuted copy", arguments: recovered)
    func permutedCopy(_ architecture: Architecture) throws {
        let reference = SampleNetwork(architecture)
        let copy = reference.moved(Self.permutation(reference.layout, seed: 3))
        let options = WeightMatching.Options(restarts: 3, signs: false)
        let found = try WeightMatching.align(
            copy.weights, to: reference.weights, layout: reference.layout, options: options)
        #expect(found.converged)
        let aligned = copy.moved(found.element)
        #expect(aligned.weights == reference.weights && aligned.buffers == reference.buffers)
    }

    @Test("matching keeps the function, and its objective never falls", arguments: sampleArchitectures)
    func function(_ architecture: Architecture) throws {
        let (reference, network) = (SampleNetwork(architecture), SampleNetwork(architecture, salt: 40))
        let found = try WeightMatching.align(
            network.weights, to: reference.weights, layout: network.layout)
        let objectives = found.objectives
        #expect(zip(objectives, objectives.dropFirst()).allSatisfy { $0 <= $1 } && found.objective > objectives[0])
        try found.element.validate(for: network.layout)
        let aligned = network.moved(found.element)
        let exact = zip(aligned.weights, reference.weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(exact - found.objective) < 1e-9 * abs(exact))
        let x = Formula.inputs(architecture.input, 3)
        #expect(relativeDifference(aligned.outputs(x), network.outputs(x)) < 1e-10)
    }

    @Test("the normal form keeps the function and is the same for all of an orbit", arguments: sampleArchitectures)
    func normalForm(_ architecture: Architecture) throws {
        let sample = SampleNetwork(architecture)
        let scales = ScaleNormalization(layout: sample.layout)
        let form = try scales.normalForm(sample.weights)
        #expect(form.converged && form.deadUnits.allSatisfy(\.isEmpty))
        let x = Formula.inputs(architecture.input, 3)
        var normal = sample
        normal.weights = form.row
        #expect(relativeDifference(normal.outputs(x), sample.outputs(x)) < 1e-5)
        var generator = SplitMix(seed: 9, index: 0)
        let rescaling = SymmetryElement.random(
            sample.layout, permutation: { Array(0..<$0) }, scale: { _ in exp(2 * generator.uniform() - 1) })
        let other = try scales.normalForm(sample.moved(rescaling).weights)
        #expect(relativeDifference(other.row.map { Double($0) }, form.row.map { Double($0) }) < 1e-6)
        let scalings = Set(sample.layout.groups.map(\.scaling))
        #expect(!scalings.contains(.positive) || !form.element.isIdentity)
        #expect(scalings != [.none] || form.element.isIdentity)
    }

    @Test("balance behind a batch norm: scale and shift against the readers")
    func balanced() throws {
        let sample = SampleNetwork(.mlp(.init(widths: [4, 5, 3], norm: .batch)))
        let row = try ScaleNormalization(layout: sample.layout).normalForm(sample.weights).row
        func slot(_ name: String) throws -> [Double] {
            row[try #require(sample.layout.slot(named: name)).range].map { Double($0) }
        }
        let (scale, shift) = (try slot("norms.0.weight"), try slot("norms.0.bias"))
        let reader = try slot("layers.1.weight")
        for unit in 0..<5 {
            let outgoing = (0..<3).reduce(0) { $0 + reader[$1 * 5 + unit] * reader[$1 * 5 + unit] }
            let incoming = scale[unit] * scale[unit] + shift[unit] * shift[unit]
            #expect(abs(incoming / outgoing - 1) < 1e-5)
        }
        let first = try #require(sample.layout.slot(named: "layers.0.weight"))
        #expect(row[first.range] == sample.weights[first.range], "what the layer undoes stays")
    }

    @Test("a silent unit behind a batch norm, or one that nobody reads, is cleared with all its weights")
    func dead() throws {
        var sample = SampleNetwork(.cnn(.init(size: .small, activation: .relu)))
        let reader = try #require(sample.layout.slot(named: "module_list.9.weight"))
        for row in 0..<20 {
            for pixel in 0..<9 { sample.weights[reader.offset + row * 36 + 2 * 9 + pixel] = 0 }
        }
        let form = try ScaleNormalization(layout: sample.layout).normalForm(sample.weights)
        #expect(form.deadUnits == [[], [], [2], []])
        let conv = try #require(sample.layout.slot(named: "module_list.6.weight"))
        #expect(form.row[(conv.offset + 48)..<(conv.offset + 72)].allSatisfy { $0 == 0 })
        #expect(!form.row[(conv.offset + 24)..<(conv.offset + 48)].contains(0))

        var normed = SampleNetwork(.mlp(.init(widths: [4, 5, 3], norm: .batch)))
        for name in ["norms.0.weight", "norms.0.bias"] {
            normed.weights[try #require(normed.layout.slot(named: name)).offset + 1] = 0
        }
        let silent = try ScaleNormalization(layout: normed.layout).normalForm(normed.weights)
        #expect(silent.deadUnits == [[1]] && silent.row[4..<8].allSatisfy { $0 == 0 })
        let x = Formula.inputs(normed.architecture.input, 3)
        var normal = normed
        normal.weights = silent.row
        #expect(relativeDifference(normal.outputs(x), normed.outputs(x)) < 1e-5)
    }
}
