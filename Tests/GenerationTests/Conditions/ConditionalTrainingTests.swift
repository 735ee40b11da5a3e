import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Training with conditions")
struct ConditionalTrainingTests {
    private static let network = MLP(MLP.Config(widths: [3, 4, 2]))
    private static let layout = network.layout
    private static let behaviour = NetworkBehaviour(
        network, inputs: normalDoubles([9, 3], seed: 2).converted(to: .single))
    private static let networks = Initialization.heNormal.population(layout, seeds: Array(0..<12))

    private static func conditions(_ count: Int = 12) throws -> [Condition] {
        let pools = try (0..<3).map { try SupportSamples.rows(classes: 2, perClass: 4, seed: UInt64($0) + 1) }
        return (0..<count).map { index in
            Condition(
                label: "task \(index % 3)", numbers: ["accuracy": Double(index % 4) / 4, "loss": Double(index % 2)],
                support: pools[index % 3])
        }
    }

    private static func small(_ change: (inout GeneratorDescription) -> Void = { _ in }) -> GeneratorDescription {
        var description = GeneratorDescription()
        description.net = Described(FlowMLP.Config(width: 8, timeWidth: 4))
        description.conditions = SupportSamples.config(layers: 1)
        description.training.steps = 6
        description.training.batch = 4
        description.sampling.steps = 3
        change(&description)
        return description
    }

    private typealias Change = @Sendable (inout GeneratorDescription) -> Void

    /// Every net in coordinates that it takes, every process, every kind of coordinates.
    private static let all: [(name: String, change: Change)] =
        ConditionalNetTests.nets.map { net in
            (
                net.name,
                { description in
                    description.net = described(net.config)
                    description.coordinates = Described(SlotStandardizedCoordinates.Config())
                }
            )
        }
        + ProcessFamily.standard.all.filter { $0.standard().knots == nil }.map { kind in
            (
                "process \(kind.name)",
                {
                    $0.process = Described(kind.standard())
                    $0.coordinates = Described(SlotStandardizedCoordinates.Config())
                }
            )
        }
        + CoordinatesFamily.standard.all.map { kind in
            (
                "coordinates \(kind.name)",
                { description in
                    var tree = try? Tree(encoding: description)
                    tree?["coordinates"] = kind.variant(.standard).defaults()
                    if kind.name.hasSuffix("autoencoder") {
                        tree?["coordinates.training.steps"] = .integer(2)
                        tree?["coordinates.training.warmUp"] = .integer(0)
                        tree?["coordinates.latent"] = .integer(4)
                    }
                    description = (try? tree?.decode(GeneratorDescription.self)) ?? description
                }
            )
        }

    private static func described(_ config: any VelocityNetConfig) -> Described<VelocityNetFamily> { Described(config) }

    @Test(
        "every net, process and kind of coordinates is trained and asked, with the same bytes again",
        arguments: all.indices)
    func kinds(_ index: Int) throws {
        let (name, change) = Self.all[index]
        let description = Self.small(change), conditions = try Self.conditions()
        #expect(description.problems().isEmpty, "\(name)")
        func draw() throws -> (asked: Tensor, free: Tensor) {
            let generator = try description.train(
                on: Self.networks, layout: Self.layout, conditions: conditions, behaviour: Self.behaviour, seed: 3)
            return (
                try generator.sample(0..<3, seed: 4, condition: conditions[1], guidance: 1.5).weights,
                generator.sample(0..<3, seed: 4).weights
            )
        }
        let (first, again) = (try draw(), try draw())
        #expect(first.asked.isFinite && first.asked.shape == [3, Self.layout.count], "\(name)")
        #expect(first.asked.bits == again.asked.bits && first.free.bits == again.free.bits, "\(name)")
    }

    @Test("conditions on one side alone are refused, with what to set")
    func oneSided() throws {
        func message(_ description: GeneratorDescription, _ conditions: [Condition]?) throws -> String {
            try requireDataError {
                _ = try description.train(on: Self.networks, layout: Self.layout, conditions: conditions, seed: 1)
            }.description
        }
        #expect(try message(Self.small(), nil).hasPrefix("conditions: the networks come without conditions"))
        let plain = Self.small { $0.conditions = ConditionsConfig() }
        #expect(try message(plain, Self.conditions()).contains("and the generator has none (set conditions.label"))
        #expect(
            try message(Self.small(), Self.conditions(11))
                == "conditions: expected one for each of 12 training networks, found 11")
        var units = NeuronTransformer.Config(width: 8, layers: 1, heads: 2)
        units.outputs = .units
        let classes = Self.small {
            $0.net = Described(units)
            $0.coordinates = Described(SlotStandardizedCoordinates.Config())
            $0.conditions.label = .none
            $0.conditions.number = .none
        }
        let triples = try Self.conditions().map { _ in Condition(support: try SupportSamples.rows(classes: 3)) }
        #expect(
            try message(classes, triples)
                == "conditions.support: expected at most 2 classes, the networks' outputs, found 3")
    }

    @Test("starts are matched within a condition, and not at all where conditions do not repeat")
    func couplings() throws {
        var process = FlowConfig()
        process.coupling = .optimalTransport
        let description = Self.small {
            $0.process = Described(process)
            $0.conditions.number = .none
        }
        let labelled = try Self.conditions().map { Condition(label: $0.label, support: $0.support) }
        let told = try #require(try description.told(labelled, of: 12))
        #expect(told.training.groups == (0..<12).map { $0 % 3 } && told.training.repeats)
        let numbers = Self.small { $0.process = Described(process) }
        let apart = try Self.conditions().enumerated().map { index, condition in
            Condition(
                label: condition.label, numbers: ["accuracy": Double(index), "loss": Double(-index)],
                support: condition.support)
        }
        #expect(
            try requireDataError { _ = try numbers.told(apart, of: 12) }.description
                == "process.coupling.kind: expected independent with conditions that hardly any two networks share, found "
                + "optimal-transport (starts are matched within a condition only)")
        process.coupling = .independent
        _ = try Self.small { $0.process = Described(process) }.told(apart, of: 12)
    }

    @Test("an objective exchanges starts of the same group alone")
    func groups() throws {
        let source = GaussianSource(dimension: 1, std: 1),
            codes = Tensor((0..<8).map { Double($0) * 3 }, shape: [8, 1])
        let groups = [0, 1, 0, 1, 0, 1, 0, 1]
        func starts(_ coupling: Coupling, _ groups: [Int]?) -> [Double] {
            var stream = RandomStream(seed: 4, purpose: "test")
            let objective = FlowObjective(source: source, path: Path(.linear, sigma: 0), coupling: coupling)
            let drawn = objective.draw(codes.converted(to: .single), groups: groups, minibatch: 8, &stream)
            return (codes.converted(to: .single) - drawn.target).doubles
        }
        let plain = starts(.independent, groups), matched = starts(.optimalTransport, groups)
        func members(_ values: [Double], _ group: Int) -> [Double] {
            zip(values, groups).filter { $0.1 == group }.map { ($0.0 * 1e4).rounded() }
        }
        for group in [0, 1] {
            #expect(members(matched, group) == members(plain, group).sorted(), "in the codes' order")
        }
        #expect(
            starts(.optimalTransport, nil).map { ($0 * 1e4).rounded() } == plain.map { ($0 * 1e4).rounded() }.sorted())
        #expect(starts(.independent, nil) == plain)
    }

    @Test("steps show some examples of a pool, and leave parts out as often as it is set")
    func draws() throws {
        let description = Self.small { $0.conditions.dropout = 0.25 }, conditions = try Self.conditions()
        let told = try #require(try description.told(conditions, of: 12))
        var builder = ParameterLayout.Builder()
        let encoder = ConditionEncoder(description.conditions, facts: told.facts, layout: &builder)
        var stream = RandomStream(seed: 1, purpose: "test")
        let drawn = (0..<400).flatMap { _ in
            told.training.draw(Array(0..<12), leavingOutBy: encoder, &stream)
        }
        let count = Double(drawn.count)
        // (1 - p)^2 of each part is left.
        for share in [drawn.count { $0.label != nil }, drawn.count { $0.support != nil }] {
            #expect(abs(Double(share) / count - 0.5625) < 0.03)
        }
        #expect(abs(Double(drawn.count { $0 == .none }) / count - (0.25 + 0.75 * 0.015625)) < 0.03)
        let sizes = Set(drawn.compactMap { $0.support?.count })
        #expect(sizes == [2, 4, 6, 8], "one to four of two classes")
        let whole = told.training.draw(Array(0..<12), &stream)
        #expect(whole.allSatisfy { $0.label != nil && $0.support != nil })
    }

    @Test("a validation network's condition must be one that training has seen; its loss is comparable")
    func validation() throws {
        let description = Self.small { $0.training.patience = 2 }
        let conditions = try Self.conditions()
        let strange = [Condition(label: "task 9"), conditions[0]]
        func train(_ asked: [Condition]) throws {
            _ = try description.train(
                on: Self.networks, layout: Self.layout, conditions: conditions,
                validation: Self.networks.sliced(axis: 0, 0..<2), validationConditions: asked, seed: 1)
        }
        #expect(
            try requireDataError { try train(strange) }.description.hasPrefix("network 0: condition: expected a label"))
        #expect(
            try requireDataError { try train([conditions[0]]) }.description
                == "conditions: expected one for each of 2 validation networks, found 1")
        try train([conditions[0], .none])
    }
}
