import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The neuron transformer against loops in PyTorch")
struct NeuronTransformerTorchTests {
    static let cases = Result { try TorchCase.family("neuron_transformer") }

    private static func net(_ expected: TorchCase) throws -> NeuronTransformer {
        let networks = MLP(.init(widths: try expected.option("widths").ints, activation: .relu)).layout
        return NeuronTransformer(
            networks,
            config: .init(
                width: try expected.option("width").int, layers: try expected.option("layers").int,
                heads: try expected.option("heads").int, hidden: try expected.option("hidden").int,
                edgeWidth: try expected.option("edge").int))
    }

    @Test("velocity and its gradients by weights, codes and times", arguments: try cases.get())
    func velocity(_ expected: TorchCase) throws {
        let net = try Self.net(expected)
        let comparison = try TorchComparison(expected, ["flat", "x", "t"]) { inputs in
            net(Parameters(layout: net.layout, flat: inputs[0]), VelocityInput(inputs[1], inputs[2]))
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("slots have the names and shapes that the loops give them", arguments: try cases.get())
    func slots(_ expected: TorchCase) throws {
        guard case .list(let slots) = try expected.option("slots") else {
            throw FixtureProblem(description: "no slots")
        }
        let found = try Self.net(expected).layout.slots
        let shapes = slots.map { option -> [Int] in
            if case .fields(let fields) = option { fields["shape"]?.ints ?? [] } else { [] }
        }
        let names = slots.map { option -> String? in
            if case .fields(let fields) = option { fields["name"]?.string } else { nil }
        }
        #expect(found.map(\.shape) == shapes && found.map { Optional($0.name) } == names)
    }
}
