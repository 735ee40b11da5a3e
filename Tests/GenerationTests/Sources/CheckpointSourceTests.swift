import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Sources where training was")
struct CheckpointSourceTests {
    private static let layout = MLP(MLP.Config(widths: [2, 3, 1])).layout
    private static let weights = normalDoubles([9, layout.count]).converted(to: .single)
    private static let runs = RunCheckpoints(
        steps: [[0, 5, 10], [0, 5, 10], [0, 10, 20]], weights: weights, path: "zoo.h5")

    private static func space(_ checkpoints: RunCheckpoints? = runs) -> CodeSpace {
        var space = CodeSpace(
            layout: layout, coordinates: RawCoordinates(parameterCount: layout.count), isStandardized: false)
        space.checkpoints = checkpoints
        return space
    }

    private static func config(_ change: (inout CheckpointSourceConfig) -> Void = { _ in }) -> CheckpointSourceConfig {
        var config = CheckpointSourceConfig()
        change(&config)
        return config
    }

    @Test("it draws the runs' own states at the step", arguments: [0, 10])
    func networks(_ step: Int) throws {
        let source = try #require(
            Self.config { $0.step = step }.fit(Self.weights, in: Self.space()) as? PerturbedSource)
        let rows: [Int32] = step == 0 ? [0, 3, 6] : [2, 5, 7]
        #expect(source.members.floats == Self.weights.gathered(axis: 0, rows).floats && source.std == 0)
    }

    @Test("its Gaussian has the states' mean, and draws none of them")
    func gaussian() throws {
        let source = try #require(
            Self.config { $0.draws = .gaussian }.fit(Self.weights, in: Self.space()) as? FittedGaussianSource)
        let states = Self.weights.gathered(axis: 0, [0, 3, 6])
        #expect(relativeDifference(source.mean, states.mean(axes: [0])) < 1e-6)
        var stream = RandomStream(seed: 1, purpose: "source")
        let drawn = source.sample(5, &stream)
        #expect(drawn.shape == [5, Self.layout.count] && drawn.isFinite)
    }

    @Test("both are made again from what was fitted", arguments: CheckpointSourceConfig.Draws.allCases)
    func recorded(_ draws: CheckpointSourceConfig.Draws) throws {
        let config = Self.config { $0.draws = draws }
        let source = try config.fit(Self.weights, in: Self.space())
        let again = try config.read(source.tensors, in: Self.space(nil))
        var (one, two) = (RandomStream(seed: 1, purpose: "source"), RandomStream(seed: 1, purpose: "source"))
        #expect(source.sample(4, &one).floats == again.sample(4, &two).floats)
    }

    @Test("a step that a run has no checkpoint of, no checkpoints at all, and noise on noise are refused")
    func refused() throws {
        func message(_ config: CheckpointSourceConfig, _ space: CodeSpace) -> String? {
            #expect(throws: DataError.self) { try config.fit(Self.weights, in: space) }?.description
        }
        #expect(
            message(Self.config { $0.step = 5 }, Self.space())
                == "zoo.h5: expected a checkpoint of every run at step 5, found run 2 with steps 0, 10, 20")
        #expect(
            message(Self.config(), Self.space(nil))
                == "source.kind: expected a zoo with checkpoints where the source is checkpoint, found a zoo without "
                + "(train one with checkpoints.every)")
        let problems = Self.config { ($0.draws, $0.std) = (.gaussian, 0.5) }.problems()
        #expect(problems.map(\.description) == ["std: expected 0 with draws: gaussian, found 0.5"])
    }

    @Test("which sources are where training passes")
    func starts() {
        #expect(Self.config { $0.step = 7 }.startStep == 7 && Self.config().needsCheckpoints)
        #expect(InitializationSource.Config().startStep == 0 && !InitializationSource.Config().needsCheckpoints)
        #expect(GaussianSource.Config().startStep == nil && PerturbedSource.Config().startStep == nil)
        #expect(Self.config().summary(std: "") == "the training networks' initialisations")
        let late = Self.config { ($0.step, $0.draws) = (7, .gaussian) }
        #expect(late.summary(std: "") == "the Gaussian of the training networks' checkpoints at step 7")
    }
}
