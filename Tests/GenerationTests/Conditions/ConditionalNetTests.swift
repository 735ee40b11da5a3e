import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Nets that are given conditions")
struct ConditionalNetTests {
    private static let layout = MLP(MLP.Config(widths: [4, 5, 3])).layout

    /// Every kind of net, small, and the neuron transformer with output units.
    static let nets: [(name: String, config: any VelocityNetConfig)] = {
        var residual = ResidualMLP.Config(), unet = UNet1d.Config(), units = transformer
        (residual.width, residual.depth, residual.timeWidth) = (12, 2, 8)
        (unet.channels, unet.kernel, unet.groups, unet.timeWidth) = ([4, 8], 3, 2, 8)
        units.outputs = .units
        return [
            ("flow-mlp", FlowMLP.Config(width: 8, timeWidth: 4, dropout: 0)), ("residual-mlp", residual),
            ("unet-1d", unet), ("neuron-transformer", transformer), ("neuron-transformer, output units", units),
        ]
    }()
    private static let transformer = NeuronTransformer.Config(width: 8, layers: 2, heads: 2, hidden: 12, edgeWidth: 4)

    /// The net with the encoder of support sets, and weights none of which is zero.
    private static func subject(_ config: any VelocityNetConfig) throws -> (net: ConditionalNet, weights: Parameters) {
        var conditions = SupportSamples.config()
        (conditions.label, conditions.number) = (.none, .none)
        let base = try config.conditionalNet(
            dimension: layout.count, layout: layout, features: conditions.width)
        let net = ConditionalNet(
            base, conditions,
            facts: try ConditionFacts(fitting: [Condition(support: try SupportSamples.rows())], conditions),
            classTokens: config.classTokens(layout))
        let flat = normalDoubles([net.layout.count], seed: 4) * 0.3
        return (net, Parameters(layout: net.layout, flat: flat))
    }

    private static func velocity(
        _ subject: (net: ConditionalNet, weights: Parameters), _ x: Tensor, _ conditions: [Condition]
    ) -> Tensor {
        var pass = ForwardPass.evaluation()
        return subject.net(subject.weights, VelocityInput(x, at: 0.3), asking: conditions, &pass)
    }

    @Test("the velocity depends on the condition, each row on its own", arguments: nets.indices)
    func dependence(_ index: Int) throws {
        let subject = try Self.subject(Self.nets[index].config)
        let x = normalDoubles([3, Self.layout.count], seed: 7)
        let set = try SupportSamples.rows(seed: 11)
        let asked = [Condition(support: set), .none, Condition(support: set.relabelled([1, 2, 0]))]
        let together = Self.velocity(subject, x, asked)
        for (row, condition) in asked.enumerated() {
            let alone = Self.velocity(subject, x.sliced(axis: 0, row..<(row + 1)), [condition])
            #expect(relativeDifference(together.sliced(axis: 0, row..<(row + 1)), alone) < 1e-10)
        }
        let first = x.sliced(axis: 0, 0..<1)
        let velocities = asked.map { Self.velocity(subject, first, [$0]) }
        #expect(relativeDifference(velocities[0], velocities[1]) > 1e-3)
        #expect(relativeDifference(velocities[0], velocities[2]) > 1e-3, "swapped labels")
        let unconditional = subject.net(subject.weights, VelocityInput(first, at: 0.3))
        #expect(relativeDifference(velocities[1], unconditional) < 1e-12)
    }

    @Test("the net's own weights stay where they are, the encoder's follow", arguments: nets.indices)
    func layouts(_ index: Int) throws {
        let net = try Self.subject(Self.nets[index].config).net
        #expect(Array(net.layout.slots.prefix(net.base.layout.slots.count)) == net.base.layout.slots)
        let plain = try Self.nets[index].config.net(dimension: Self.layout.count, layout: Self.layout)
        let own = plain.layout.slots
        #expect(Array(net.layout.slots.prefix(own.count)).map(\.name) == own.map(\.name))
        let (start, before) = (net.initialParameters(seed: 3), plain.initialParameters(seed: 3))
        #expect(start.shape == [net.layout.count])
        #expect(start.sliced(axis: 0, 0..<before.count).bits == before.bits, "an unconditional net's first weights")
        // Head and modulations are zero, ports and encoders are not.
        var pass = ForwardPass.evaluation()
        let x = normalDoubles([1, Self.layout.count]).converted(to: .single)
        let parameters = Parameters(layout: net.layout, flat: start)
        let still = net(parameters, VelocityInput(x, at: 0.5), asking: [.none], &pass)
        #expect(still.doubles.allSatisfy { $0 == 0 })
        for slot in net.layout.slots where slot.name.hasPrefix("condition") && slot.role == .weight {
            #expect(!start.sliced(axis: 0, slot.range).doubles.allSatisfy { $0 == 0 }, "\(slot.name)")
        }
    }

    @Test("with output units, permuting the labels of a support set permutes the outputs of the velocity")
    func equivariance() throws {
        var config = Self.transformer
        config.outputs = .units
        let subject = try Self.subject(config)
        let x = normalDoubles([1, Self.layout.count], seed: 8), set = try SupportSamples.rows(seed: 12)
        let velocity = Self.velocity(subject, x, [Condition(support: set)])
        for map in [[1, 0, 2], [2, 0, 1]] {
            let places = Self.outputs(permutedBy: map)
            let moved = Self.velocity(
                subject, x.gathered(axis: 1, places), [Condition(support: set.relabelled(map))])
            #expect(relativeDifference(moved, velocity.gathered(axis: 1, places)) < 1e-10)
            let without = Self.velocity(subject, x, [Condition(support: set.relabelled(map))])
            #expect(relativeDifference(without, velocity) > 1e-3)
        }
        // With outputs as features it is not built in.
        let plain = try Self.subject(Self.transformer)
        let places = Self.outputs(permutedBy: [1, 0, 2])
        let moved = Self.velocity(
            plain, x.gathered(axis: 1, places), [Condition(support: set.relabelled([1, 0, 2]))])
        let expected = Self.velocity(plain, x, [Condition(support: set)]).gathered(axis: 1, places)
        #expect(relativeDifference(moved, expected) > 1e-3)
    }

    @Test("and of a generated network, from a start that is permuted with them", arguments: [0.0, 1, 2.5])
    func equivariantSamples(_ guidance: Double) throws {
        var config = Self.transformer
        config.outputs = .units
        let (net, doubles) = try Self.subject(config)
        let weights = Parameters(layout: net.layout, flat: doubles.flat.converted(to: .single))
        let start = normalDoubles([2, Self.layout.count], seed: 9).converted(to: .single)
        let set = try SupportSamples.rows(seed: 12)
        let places = Self.outputs(permutedBy: [2, 0, 1])
        func sample(_ set: SupportSet, _ start: Tensor) -> Tensor {
            let guided = GuidedNet(net, weights.flat, asking: Condition(support: set), guidance: guidance)
            return FlowSampler(solver: Solver(.heun, steps: 5)).sample(guided, weights, from: start) { _ in start }
        }
        let moved = sample(set.relabelled([2, 0, 1]), start.gathered(axis: 1, places))
        let still = sample(set, start)
        #expect(relativeDifference(moved, still.gathered(axis: 1, places)) < 1e-4)
        #expect(relativeDifference(still, start) > 1e-2)
    }

    /// For every weight of the network with output c moved to `map[c]` the weight that it was.
    private static func outputs(permutedBy map: [Int]) -> [Int32] {
        let group = layout.groups.count
        guard let units = layout.withOutputUnits() else { return [] }
        var order = [Int](repeating: 0, count: map.count)
        for (old, new) in map.enumerated() { order[new] = old }
        let still = layout.groups.map { Array(0..<$0.size) }
        precondition(units.groups.count == group + 1)
        return SymmetryElement(permutations: still + [order]).places(units).map { Int32($0) }
    }

    @Test("output units are the last weight's, tagged where the axis is free")
    func outputUnits() throws {
        let units = try #require(Self.layout.withOutputUnits())
        #expect(units.groups.map(\.name).last == "outputs" && units.groups.last?.size == 3)
        #expect(Self.layout.outputUnits == 3 && units.matches(Self.layout))
        let tagged = units.slots.filter { $0.axes.contains(units.groups.count - 1) }
        #expect(tagged.map(\.shape) == [[3, 5], [3]])
        #expect(tagged[0].axes == [1, 0])
        #expect(units.withOutputUnits() == nil, "they are units already")
        for network in neuronNetworks {
            #expect(NeuronTokens(network.layout.withOutputUnits() ?? network.layout) != nil)
        }
    }

    @Test("settings that were recorded before there was a choice of outputs are read")
    func recorded() throws {
        var tree = try Tree(encoding: Self.transformer)
        #expect(tree["outputs"] == .string("features"))
        tree = .map([
            "width": .integer(8), "layers": .integer(2), "heads": .integer(2), "hidden": .integer(12),
            "edgeWidth": .integer(4),
        ])
        #expect(try tree.decode(NeuronTransformer.Config.self) == Self.transformer)
    }
}
