import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Architectures against PyTorch")
struct ArchitectureTorchTests {
    private static func architecture(_ expected: TorchCase) throws -> Architecture {
        try JSONDecoder().decode(Architecture.self, from: Data(try expected.option("architecture").string.utf8))
    }

    @Test("slots and buffers are the state dict's, in its order", arguments: try TorchCase.family("architectures"))
    func names(_ expected: TorchCase) throws {
        let layout = try Self.architecture(expected).layout
        for (slots, key) in [(layout.slots, "slots"), (layout.buffers, "buffers")] {
            guard case .list(let listed) = expected.options[key] ?? .list([]) else {
                throw FixtureProblem(description: "no list of \(key)")
            }
            #expect(slots.count == listed.count && (key == "buffers" || !slots.isEmpty))
            for (slot, option) in zip(slots, listed) {
                guard case .fields(let fields) = option else { throw FixtureProblem(description: "no fields") }
                #expect(slot.name == fields["name"]?.string && slot.shape == fields["shape"]?.ints)
            }
        }
    }

    @Test("outputs in evaluation, of rows and of images", arguments: try TorchCase.family("architectures"))
    func evaluation(_ expected: TorchCase) throws {
        let architecture = try Self.architecture(expected)
        let (network, layout) = (architecture.network, architecture.layout)
        let parameters = Parameters(layout: layout, flat: Tensor(Formula.weights(layout), shape: [layout.count]))
        let buffers =
            layout.bufferCount == 0
            ? nil : Buffers(layout: layout, flat: Tensor(Formula.buffers(layout), shape: [layout.bufferCount]))
        let shape = try expected.input("shape").doubles.map { Int($0) }
        let x = Formula.inputs(architecture.input, shape[0])
        let output = try expected.output()
        #expect(relativeDifference(network(parameters, x, buffers), output) < 1e-10)
        #expect(relativeDifference(network(parameters, x.reshaped(Shape(shape)), buffers), output) < 1e-10)
        let single = Parameters(layout: layout, flat: parameters.flat.converted(to: .single))
        let narrow = buffers.map { Buffers(layout: layout, flat: $0.flat.converted(to: .single)) }
        #expect(relativeDifference(network(single, x.converted(to: .single), narrow), output) < 1e-4)
    }

    @Test("a directional derivative of the outputs' sum", arguments: try TorchCase.family("architectures"))
    func slope(_ expected: TorchCase) throws {
        let architecture = try Self.architecture(expected)
        let (network, layout) = (architecture.network, architecture.layout)
        let shape = try expected.input("shape").doubles.map { Int($0) }
        let x = Formula.inputs(architecture.input, shape[0])
        let buffers =
            layout.bufferCount == 0
            ? nil : Buffers(layout: layout, flat: Tensor(Formula.buffers(layout), shape: [layout.bufferCount]))
        let slope = gradient(at: Tensor(Formula.weights(layout), shape: [layout.count])) {
            network(Parameters(layout: layout, flat: $0), x, buffers).sum()
        }.gradient
        let along = (slope * Tensor(Formula.numbers(layout.count, 3000), shape: [layout.count])).sum()
        #expect(relativeDifference(along, try expected.output("slope")) < 1e-9)
    }

    @Test(
        "outputs in training, and where the running statistics move",
        arguments: try TorchCase.family("architectures").filter { $0.outputs["training"] != nil })
    func training(_ expected: TorchCase) throws {
        let architecture = try Self.architecture(expected)
        let layout = architecture.layout
        var pass = ForwardPass.training(
            Buffers(layout: layout, flat: Tensor(Formula.buffers(layout), shape: [layout.bufferCount])))
        let shape = try expected.input("shape").doubles.map { Int($0) }
        let output = architecture.network(
            Parameters(layout: layout, flat: Tensor(Formula.weights(layout), shape: [layout.count])),
            Formula.inputs(architecture.input, shape[0]), &pass)
        #expect(relativeDifference(output, try expected.output("training")) < 1e-9)
        let moved = try #require(pass.buffers).flat
        #expect(relativeDifference(moved, try expected.output("moved")) < 1e-10)
    }
}
