import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

/// Generators that learn from whole runs, put together by a description.
@Suite("Generators from runs")
struct TrajectoryGeneratorTests {
    private static let layout = MLP(MLP.Config(widths: [2, 3, 1])).layout

    /// Forty runs down the bowl 2 |w - 1|^2 by implicit steps of a quarter: w <- (w + 1) / 2, four times.
    private static let runs: RunCheckpoints = {
        let starts = Initialization.heNormal.population(layout, seeds: Array(0..<40))
        var weights: [Tensor] = []
        for run in 0..<40 {
            var w = starts.sliced(axis: 0, run..<(run + 1))
            weights.append(w)
            for _ in 0..<4 {
                w = (w + 1) / 2
                weights.append(w)
            }
        }
        return RunCheckpoints(
            steps: Array(repeating: [0, 10, 20, 30, 40], count: 40), weights: .concatenate(weights, axis: 0),
            path: "zoo.h5")
    }()

    private static func description(_ change: (inout GeneratorDescription) -> Void) -> GeneratorDescription {
        var description = GeneratorDescription()
        description.coordinates = Described(RawCoordinates.Config())
        var source = InitializationSource.Config()
        source.method = .heNormal
        description.source = Described(source)
        change(&description)
        return description
    }

    private static func quadratic(_ change: (inout QuadraticPotentialNet.Config) -> Void = { _ in })
        -> GeneratorDescription
    {
        var net = QuadraticPotentialNet.Config()
        net.ridge = 0
        change(&net)
        return description { ($0.net, $0.process) = (Described(net), Described(TransitionConfig())) }
    }

    /// What a generator makes of the draws of its source, and what the runs would: (w + 15) / 16.
    private static func ends(_ generator: Generator) -> (made: Tensor, truth: Tensor) {
        var starts: [Tensor] = []
        for index in 0..<10 {
            var stream = RandomStream(seed: 5, purpose: "sample.source", index: UInt64(index))
            starts.append(generator.source.sample(1, &stream))
        }
        return (generator.sample(0..<10, seed: 5).weights, (Tensor.concatenate(starts, axis: 0) + 15) / 16)
    }

    @Test("a quadratic potential ends where the runs do, with steps at the runs' own times")
    func closedForm() throws {
        for intervals in [1, 2, 4] {
            let generator = try Self.quadratic { $0.intervals = intervals }.train(
                onRuns: Self.runs, layout: Self.layout, seed: 1)
            let (made, truth) = Self.ends(generator)
            #expect(relativeDifference(made, truth) < 2e-4, "\(intervals) intervals")
            #expect((generator.sampler as? ImplicitSampler)?.times == [0.25, 0.5, 0.75, 1])
        }
    }

    @Test("explicit steps from the same potential end elsewhere")
    func explicit() throws {
        var description = Self.quadratic()
        (description.sampling.method, description.sampling.steps) = (.euler, 4)
        let (made, truth) = Self.ends(try description.train(onRuns: Self.runs, layout: Self.layout, seed: 1))
        // V'' tau = 1: an explicit step goes to the bottom at once.
        #expect(relativeDifference(made, .ones(made.shape)) < 1e-3 && relativeDifference(made, truth) > 0.02)
    }

    @Test("an interval in which no checkpoint stands is named")
    func emptyInterval() {
        let error = #expect(throws: DataError.self) {
            try Self.quadratic { $0.intervals = 8 }.train(onRuns: Self.runs, layout: Self.layout, seed: 1)
        }
        #expect(
            error?.description
                == "generator.intervals: expected intervals in each of which a checkpoint stands, found none "
                + "in interval 1 (take fewer intervals, or record more checkpoints)")
    }

    @Test("multi-marginal flows end where the runs do", arguments: Interpolation.allCases)
    func flow(_ interpolation: Interpolation) throws {
        var process = MultiMarginalConfig()
        process.interpolation = interpolation
        var net = ResidualMLP.Config()
        (net.width, net.depth, net.timeWidth) = (48, 2, 16)
        let description = Self.description {
            ($0.process, $0.net) = (Described(process), Described(net))
            ($0.training.steps, $0.training.batch, $0.training.rate, $0.sampling.steps) = (1500, 32, 3e-3, 10)
        }
        let (made, truth) = Self.ends(try description.train(onRuns: Self.runs, layout: Self.layout, seed: 1))
        let error = (made - truth).square().mean().scalar.squareRoot()
        #expect(error < 0.1, "root mean square error \(error)")
    }

    @Test("what does not go together is said in one message a cause")
    func problems() {
        func found(_ description: GeneratorDescription) -> [String] { description.problems().map(\.description) }
        #expect(found(Self.quadratic()).isEmpty)
        var trained = Self.quadratic()
        trained.training.steps = 7
        #expect(
            found(trained) == [
                "training: expected no settings with generator.kind: quadratic-potential, found some (it is fitted in closed "
                    + "form)"
            ])
        var asked = Self.quadratic()
        asked.conditions.label = .table(.init())
        #expect(
            found(asked) == [
                "generator.kind: expected a net that takes conditions, found quadratic-potential (or conditions of kind none)",
                "conditions: expected none with a process or a source that learns from whole runs, found some (a run's "
                    + "checkpoints have no conditions of their own)",
            ])
        var flow = Self.quadratic()
        flow.process = Described(FlowConfig())
        #expect(found(flow) == ["process.kind: expected jko with generator.kind: quadratic-potential, found flow"])
        let gaussian = Self.description {
            ($0.process, $0.source) = (Described(MultiMarginalConfig()), Described(GaussianSource.Config()))
        }
        #expect(
            found(gaussian) == [
                "source.kind: expected initialization, or checkpoint with step: 0, where process.firstStep is 0, found "
                    + "another source (samples start where the curves do; or set process.start: source)"
            ])
        var late = TransitionConfig()
        late.firstStep = 20
        #expect(
            found(Self.description { $0.process = Described(late) }) == [
                "source.kind: expected checkpoint with step: 20 where process.firstStep is 20, found another source (samples "
                    + "start where the curves do)"
            ])
        var both = MultiMarginalConfig()
        (both.start, both.firstStep) = (.source, 10)
        #expect(
            found(Self.description { $0.process = Described(both) }) == [
                "process.firstStep: expected 0 with start: source, found 10"
            ])
        #expect(
            found(
                Self.description {
                    ($0.process, $0.sampling.method) = (Described(TransitionConfig()), .rk4)
                }) == ["sampling.method: expected one of implicit, euler with process.kind: jko, found rk4"])
    }

    @Test("networks alone are refused where whole runs are learned from")
    func networks() {
        let error = #expect(throws: DataError.self) {
            try Self.quadratic().train(on: Self.runs.ends, layout: Self.layout, seed: 1)
        }
        #expect(error?.path == "process.kind" && error?.hint == "train(onRuns:) learns from whole runs")
    }

    @Test("samples that continue from a checkpoint on the way, and from a draw of a source before the first one")
    func starts() throws {
        var source = CheckpointSourceConfig()
        source.step = 20
        var process = TransitionConfig()
        process.firstStep = 20
        var late = Self.quadratic()
        (late.source, late.process) = (Described(source), Described(process))
        let generator = try late.train(onRuns: Self.runs, layout: Self.layout, seed: 1)
        #expect((generator.sampler as? ImplicitSampler)?.times == [0.5, 1])
        // From (w + 3) / 4 two more halvings of the distance to 1.
        let states = try Self.runs.weights(at: 20), ends = Self.runs.ends
        let members = try #require(generator.source as? PerturbedSource).members
        #expect(members.floats == states.floats)
        let made = generator.sampler.sample(
            generator.net, Parameters(layout: generator.net.layout, flat: generator.parameters), from: states,
            noise: { _ in states })
        #expect(relativeDifference(made, ends) < 2e-4)

        var curves = MultiMarginalConfig()
        (curves.start, curves.marginals) = (.source, 3)
        let description = Self.description {
            ($0.process, $0.source) = (Described(curves), Described(GaussianSource.Config()))
            $0.net = Described(FlowMLP.Config(width: 8, timeWidth: 4))
            ($0.training.steps, $0.sampling.steps) = (5, 4)
        }
        let drawn = try description.train(onRuns: Self.runs, layout: Self.layout, validation: Self.runs, seed: 1)
        #expect(drawn.sample(0..<2, seed: 1).weights.isFinite)
    }

    @Test("implicit steps end at the knots, or are as many as are set; knots that do not rise to 1 are refused")
    func steps() throws {
        let config = TransitionConfig(), source = GaussianSource(dimension: 2, std: 1)
        var sampling = SamplingConfig()
        func times(_ knots: [Double]) throws -> [Double]? {
            (try config.sampler(sampling, source, codeStd: 1, knots: knots) as? ImplicitSampler)?.times
        }
        #expect(try times([0, 0.3, 1]) == [0.3, 1])
        #expect(throws: DataError.self) { try times([0, 0.7, 0.3, 1]) }
        #expect(throws: DataError.self) { try times([0, 0.5]) }
        // Nothing says how many.
        let open = #expect(throws: DataError.self) { try times([]) }
        #expect(open?.path == "sampling.steps")
        sampling.steps = 2
        #expect(try times([0, 0.3, 1]) == [0.5, 1])
        sampling.method = .euler
        #expect(try config.sampler(sampling, source, codeStd: 1, knots: []) is FlowSampler)
    }
}
