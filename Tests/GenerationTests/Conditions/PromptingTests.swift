import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

/// Conditions that a trained generator keeps, on networks whose weights say at once what they are.
@Suite("Asking a trained generator", .serialized)
struct PromptingTests {
    private static let layout = MLP(MLP.Config(widths: [1, 1])).layout  // a weight and a bias

    /// Networks around (mean(i), -mean(i)).
    private static func networks(_ means: [Double], std: Double) -> Tensor {
        let noise = normalDoubles([means.count, 2], seed: 2) * std
        let centers = Tensor(means.flatMap { [$0, -$0] }, shape: [means.count, 2])
        return (noise + centers).converted(to: .single)
    }

    private static func description(_ change: (inout ConditionsConfig) -> Void) -> GeneratorDescription {
        var description = GeneratorDescription(), net = ResidualMLP.Config()
        (net.width, net.depth, net.timeWidth) = (32, 1, 16)
        description.net = Described(net)
        description.coordinates = Described(RawCoordinates.Config())
        var source = GaussianSource.Config()
        source.std = 1
        description.source = Described(source)
        description.training.steps = 1500
        description.training.batch = 64
        description.training.rate = 3e-3
        description.training.emaDecay = 0.99
        description.sampling.steps = 20
        description.conditions.width = 16
        change(&description.conditions)
        return description
    }

    private static func mean(_ generator: Generator, _ condition: Condition, guidance: Double = 1) throws -> [Double] {
        try generator.sample(0..<100, seed: 7, condition: condition, guidance: guidance).weights.mean(axes: [0]).doubles
    }

    @Test("a number that is asked for is met, within the range and in between")
    func numbers() throws {
        let means = (0..<200).map { Double($0) / 100 - 1 }
        let description = Self.description {
            var numbers = FourierNumbers()
            numbers.columns = ["mean"]
            $0.number = .fourier(numbers)
        }
        let generator = try description.train(
            on: Self.networks(means, std: 0.1), layout: Self.layout,
            conditions: means.map { Condition(numbers: ["mean": $0]) }, seed: 1)
        for asked in [-0.8, -0.3, 0, 0.45, 0.8] {
            let found = try Self.mean(generator, Condition(numbers: ["mean": asked]))
            #expect(abs(found[0] - asked) < 0.12 && abs(found[1] + asked) < 0.12, "\(asked): \(found)")
        }
        let free = generator.sample(0..<100, seed: 7).weights.doubles
        #expect((free.min() ?? 0) < -0.7 && (free.max() ?? 0) > 0.7, "unconditional samples cover the range")
    }

    @Test("a label that is asked for is met, by a diffusion too")
    func labels() throws {
        let means = (0..<120).map { $0.isMultiple(of: 2) ? -1.0 : 1 }
        var description = Self.description { $0.label = .table(LabelTable()) }
        description.process = Described(EDMConfig())
        description.source = Described()
        let generator = try description.train(
            on: Self.networks(means, std: 0.2), layout: Self.layout,
            conditions: means.map { Condition(label: $0 < 0 ? "low" : "high") }, seed: 1)
        for (label, expected) in [("low", -1.0), ("high", 1)] {
            let found = try Self.mean(generator, Condition(label: label))
            #expect(abs(found[0] - expected) < 0.15 && abs(found[1] + expected) < 0.15, "\(label): \(found)")
        }
    }

    @Test("a support set that is given is met: networks of a task that training has not seen")
    func supportSets() throws {
        // A task's examples lie around its network's weight, those of class 1 beside it.
        func pool(_ mean: Double, _ seed: UInt64) throws -> SupportSet {
            let labels = (0..<20).map { $0 % 2 }
            let centers = Tensor(labels.map { mean + ($0 == 1 ? 0.5 : 0) }, shape: [20, 1])
            return try SupportSet(
                features: (normalDoubles([20, 1], seed: seed) * 0.05 + centers).converted(to: .single),
                labels: labels, classes: 2)
        }
        let tasks = (0..<60).map { Double($0) / 30 - 1 }.filter { abs($0 - 0.5) > 0.08 }
        let pools = try tasks.enumerated().map { try pool($1, UInt64($0) + 40) }
        let rows = (0..<(4 * tasks.count)).map { $0 % tasks.count }
        let description = Self.description {
            var settings = SupportSettings()
            (settings.most, settings.features, settings.layers) = (5, 16, 1)
            $0.support = .rows(settings)
        }
        let generator = try description.train(
            on: Self.networks(rows.map { tasks[$0] }, std: 0.1), layout: Self.layout,
            conditions: rows.map { Condition(support: pools[$0]) }, seed: 1)
        var stream = RandomStream(seed: 2, purpose: "test")
        for asked in [-0.6, 0.1, 0.5] {
            let set = try pool(asked, 999).drawn(5, &stream)
            let found = try Self.mean(generator, Condition(support: set))
            #expect(abs(found[0] - asked) < 0.2 && abs(found[1] + asked) < 0.2, "\(asked): \(found)")
        }
    }
}
