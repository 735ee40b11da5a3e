import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Multilayer perceptrons")
struct MLPTests {
    private static func network(_ expected: TorchCase) throws -> MLP {
        let activation = try #require(Activation(named: try expected.option("activation").string))
        return MLP(.init(widths: try expected.option("widths").ints, activation: activation))
    }

    private static func losses(_ network: MLP, _ expected: TorchCase, _ flat: Tensor, _ x: Tensor) throws -> Tensor {
        let classes = network.layout.slots.last?.count ?? 0
        let labels = try expected.input("labels")
        let targets = Tensor.oneHot(try expected.indices("labels"), classes: classes, precision: flat.precision)
            .reshaped(Shape(labels.shape.array + [classes]))
        return Loss.crossEntropy(network(Parameters(layout: network.layout, flat: flat), x), targets: targets)
    }

    @Test(
        "populations against PyTorch: logits, losses and gradients", arguments: try TorchCase.family("mlp_population"))
    func torch(_ expected: TorchCase) throws {
        let network = try Self.network(expected)
        let parameters = Parameters(layout: network.layout, flat: try expected.input("flat"))
        #expect(parameters.populationCount == (try expected.option("P").int))
        let x = try expected.input("x")
        #expect(relativeDifference(network(parameters, x), try expected.output("logits")) < 1e-10)
        let losses = try Self.losses(network, expected, parameters.flat, x)
        #expect(relativeDifference(losses, try expected.output("losses")) < 1e-10)
        let comparison = try TorchComparison(expected, ["flat", "x"], output: "total") {
            try Self.losses(network, expected, $0[0], $0[1]).sum()
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("Hessian products of populations against PyTorch", arguments: try TorchCase.family("hvp"))
    func hessian(_ expected: TorchCase) throws {
        let network = try Self.network(expected)
        let flat = try expected.input("flat")
        let x = try expected.input("x")
        for (precision, bound) in [(Precision.double, 1e-10), (.single, 1e-4)] {
            let product = try hessianProduct(
                at: flat.converted(to: precision), along: try expected.input("vector").converted(to: precision)
            ) { try Self.losses(network, expected, $0, x.converted(to: precision)).sum() }
            #expect(relativeDifference(product, try expected.output("product")) < bound, "\(precision)")
        }
    }

    @Test("the slots are PyTorch's, in forward order", arguments: try TorchCase.family("mlp_population"))
    func slots(_ expected: TorchCase) throws {
        guard case .list(let slots) = try expected.option("slots") else {
            throw FixtureProblem(description: "no slots")
        }
        let layout = try Self.network(expected).layout
        #expect(layout.slots.count == slots.count)
        for (slot, option) in zip(layout.slots, slots) {
            guard case .fields(let fields) = option else { throw FixtureProblem(description: "no fields") }
            #expect(slot.name == fields["name"]?.string && slot.shape == fields["shape"]?.ints)
        }
        #expect(layout.count == (try expected.input("flat").shape[1]))
    }

    @Test("a population computes what its networks compute one by one", arguments: Activation.allCases, [false, true])
    func population(_ activation: Activation, _ hasOwnInputs: Bool) {
        let network = MLP(.init(widths: [64, 32, 32, 10], activation: activation))
        let count = 7
        let batch = 130
        let flat = Initialization.pytorch.population(network.layout, seeds: (0..<UInt64(count)).map { $0 })
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let x = stream.normal(hasOwnInputs ? [count, batch, 64] : [batch, 64])
        let targets = Tensor.oneHot((0..<batch).map { Int32($0 % 10) }, classes: 10)
        func loss(_ flat: Tensor, _ x: Tensor) -> Tensor {
            Loss.crossEntropy(network(Parameters(layout: network.layout, flat: flat), x), targets: targets)
        }
        let outputs = network(Parameters(layout: network.layout, flat: flat), x)
        let slope = gradient(at: flat) { loss($0, x).sum() }.gradient
        #expect(outputs.shape == [count, batch, 10] && slope.shape == flat.shape)
        for p in 0..<count {
            let row = flat.selected(axis: 0, p)
            let own = hasOwnInputs ? x.selected(axis: 0, p) : x
            let output = network(Parameters(layout: network.layout, flat: row), own)
            #expect(relativeDifference(output, outputs.selected(axis: 0, p)) < 1e-5)
            let single = gradient(at: row) { loss($0, own) }.gradient
            #expect(relativeDifference(single, slope.selected(axis: 0, p)) < 1e-5)
        }
    }

    @Test("hidden units form groups, and the function does not see their order", arguments: Activation.allCases)
    func groups(_ activation: Activation) {
        let network = MLP(.init(widths: [4, 6, 5, 3], activation: activation))
        #expect(network.layout.groups.map(\.size) == [6, 5])
        #expect(network.layout.groups.allSatisfy { $0.scaling == activation.scaling })
        #expect(network.layout.slots.map(\.axes) == [[0, nil], [0], [1, 0], [1], [nil, 1], [nil]])
        let flat = normalDoubles([network.layout.count])
        let x = normalDoubles([8, 4], seed: 2)
        var stream = RandomStream(seed: 3, purpose: "order")
        let orders = network.layout.groups.map { group in stream.permutation(group.size).map { Int32($0) } }
        let parts = network.layout.slots.map { slot in
            slot.axes.enumerated().reduce(Parameters(layout: network.layout, flat: flat)[slot]) { part, axis in
                axis.element.map { part.gathered(axis: axis.offset, orders[$0]) } ?? part
            }.reshaped([-1])
        }
        let moved = Parameters(layout: network.layout, flat: .concatenate(parts, axis: 0))
        #expect(moved.flat.doubles != flat.doubles)
        #expect(
            relativeDifference(network(moved, x), network(Parameters(layout: network.layout, flat: flat), x)) < 1e-14)
    }
}
