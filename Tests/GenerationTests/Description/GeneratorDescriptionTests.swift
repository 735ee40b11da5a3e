import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

/// Generators made from descriptions, without a laboratory.
@Suite("Generators from descriptions")
struct GeneratorDescriptionTests {
    private static let network = MLP(MLP.Config(widths: [3, 4, 2]))
    private static let layout = network.layout
    private static let behaviour = NetworkBehaviour(
        network, inputs: normalDoubles([9, 3], seed: 2).converted(to: .single))
    private static let networks = Initialization.heNormal.population(layout, seeds: Array(0..<12))

    private static func small(_ change: (inout GeneratorDescription) -> Void = { _ in }) -> GeneratorDescription {
        var description = GeneratorDescription()
        description.net = Described(FlowMLP.Config(width: 8, timeWidth: 4))
        description.training.steps = 20
        description.sampling.steps = 4
        change(&description)
        return description
    }

    private typealias Change = @Sendable (inout GeneratorDescription) -> Void

    /// Every kind of every table.
    private static let all: [(name: String, change: Change)] = coordinates + sources + nets + processes

    private static let coordinates: [(name: String, change: Change)] = CoordinatesFamily.standard.all.map { kind in
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

    private static let sources: [(name: String, change: Change)] = SourceFamily.standard.all.map { kind in
        ("source \(kind.name)", { $0.source = Described(kind.standard()) })
    }

    private static let nets: [(name: String, change: Change)] = VelocityNetFamily.standard.all.map { kind in
        (
            "net \(kind.name)",
            {
                $0.net = Described(kind.standard())
                $0.coordinates = Described(OrbitStandardizedCoordinates.Config())
                $0.training.steps = 2
                guard kind.standard().isFitted else { return }
                ($0.process, $0.source) = (Described(TransitionConfig()), Described(InitializationSource.Config()))
                ($0.training, $0.sampling.steps) = (TrainingConfig(), nil)
            }
        )
    }

    private static let processes: [(name: String, change: Change)] = ProcessFamily.standard.all.map { kind in
        (
            "process \(kind.name)",
            {
                $0.process = Described(kind.standard())
                $0.coordinates = Described(OrbitStandardizedCoordinates.Config())
                if kind.standard().knots != nil { $0.source = Described(InitializationSource.Config()) }
            }
        )
    }

    /// The networks as the ends of runs of three or four checkpoints.
    private static let runs: RunCheckpoints = {
        let starts = Initialization.heNormal.population(layout, seeds: Array(20..<32))
        var (steps, weights): ([[Int64]], [Tensor]) = ([], [])
        for run in 0..<12 {
            let (start, end) = (starts.sliced(axis: 0, run..<(run + 1)), networks.sliced(axis: 0, run..<(run + 1)))
            let own: [Int64] = run.isMultiple(of: 2) ? [0, 10, 20] : [0, 5, 10, 20]
            steps.append(own)
            weights += own.map { start * (1 - Double($0) / 20) + end * (Double($0) / 20) }
        }
        return RunCheckpoints(steps: steps, weights: .concatenate(weights, axis: 0))
    }()

    @Test(
        "Every kind of every part is made, trained and drawn from, with the same bytes again",
        arguments: all.indices)
    func kinds(_ index: Int) throws {
        let (name, change) = Self.all[index]
        let description = Self.small(change)
        func draw() throws -> Tensor {
            let generator =
                description.needsCheckpoints
                ? try description.train(onRuns: Self.runs, layout: Self.layout, initialization: .heNormal, seed: 3)
                : try description.train(
                    on: Self.networks, layout: Self.layout, initialization: .heNormal, behaviour: Self.behaviour,
                    seed: 3)
            return generator.sample(0..<3, seed: 4).weights
        }
        let drawn = try draw()
        #expect(drawn.shape == [3, Self.layout.count] && drawn.isFinite, "\(name)")
        #expect(try drawn.floats == draw().floats, "\(name)")
    }

    @Test("A generator from a description is the one that is put together by hand")
    func byHand() throws {
        let description = Self.small()
        let made = try description.train(on: Self.networks, layout: Self.layout, seed: 5)
        let coordinates = try #require(PrincipalCoordinates(fitting: Self.networks, components: 99))
        let codes = coordinates.encode(Self.networks)
        let source = GaussianSource(dimension: coordinates.dimension, std: 0.01)
        let net = FlowMLP(dimension: coordinates.dimension, config: .init(width: 8, timeWidth: 4))
        let training = GeneratorTraining(
            config: description.training, net: net,
            objective: FlowObjective(source: source, path: Path(.linear, sigma: 1e-3)), seed: 5)
        var state = training.start()
        _ = training.run(&state, codes: codes) { _ in true }
        #expect(made.parameters.floats == state.samplingParameters.floats)
        let byHand = Generator(
            coordinates: coordinates, net: net, parameters: state.samplingParameters, source: source,
            sampler: FlowSampler(solver: Solver(.rk4, steps: 4)))
        #expect(made.sample(0..<2, seed: 1).weights.floats == byHand.sample(0..<2, seed: 1).weights.floats)
    }

    @Test("A description reads back as it was written")
    func coding() throws {
        for (name, change) in Self.all {
            let description = Self.small(change)
            #expect(try Tree(encoding: description).decode(GeneratorDescription.self) == description, "\(name)")
        }
        #expect(ConfigSchema(GeneratorDescription.self).discrepancies.isEmpty)
    }

    @Test("What does not go together is refused before any work, with its path")
    func refused() throws {
        let wrong = Self.small {
            $0.net = Described(NeuronTransformer.Config())
            $0.source = Described(InitializationSource.Config())
        }
        let error = #expect(throws: ConfigError.self) {
            try wrong.train(on: Self.networks, layout: Self.layout, seed: 0)
        }
        #expect(try #require(error).problems.map(\.path) == ["coordinates.kind", "source.method"])
        #expect(throws: DataError.self) {
            try Self.small().train(on: Tensor.zeros([3, 5]), layout: Self.layout, seed: 0)
        }
    }

    @Test("Parts that do not fit are stated errors, not silent defaults")
    func stated() throws {
        let coordinates = RawCoordinates(parameterCount: Self.layout.count)
        func parts(_ change: (inout GeneratorDescription) -> Void) throws -> GeneratorParts {
            try GeneratorParts(Self.small(change), layout: Self.layout, coordinates: coordinates, codeStd: 1)
        }
        let stochastic = try parts {
            $0.sampling.method = .eulerMaruyama
            $0.source = Described(PerturbedSource.Config())
        }
        #expect(try dataError { _ = try stochastic.sampler(stochastic.source(Self.networks)) }.path == "source.kind")
        let chain = try parts { $0.sampling.method = .ancestral }
        let gaussian = try chain.source(Self.networks)
        #expect(try dataError { _ = try chain.sampler(gaussian) }.path == "sampling.method")
        let flow = try parts {
            $0.process = Described(EDMConfig())
            $0.sampling.method = .eulerMaruyama
        }
        #expect(try dataError { _ = try flow.sampler(gaussian) }.path == "sampling.method")
        let rule = try parts { $0.source = Described(InitializationSource.Config()) }
        #expect(try dataError { _ = try rule.source(Self.networks) }.path == "source.method")
    }

    private func dataError(_ work: () throws -> Void) throws -> DataError {
        try #require(#expect(throws: DataError.self) { try work() })
    }
}
