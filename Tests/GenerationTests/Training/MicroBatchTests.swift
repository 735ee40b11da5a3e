import Networks
import Synchronization
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

/// Helpers of a training that answer when they are asked, in this process.
private final class PlayedHelpers: PartHelpers {
    let ranks: Int
    private let state: Mutex<(helpers: [GeneratorTraining.Helper], answers: [[PartSum]], asked: Int)>

    init(_ training: GeneratorTraining, codes: Tensor, ranks: Int) {
        self.ranks = ranks
        let helpers = (1..<max(ranks, 1)).map { GeneratorTraining.Helper(training, codes: codes, rank: $0, of: ranks) }
        state = Mutex((helpers, [], 0))
    }

    var asked: Int { state.withLock { $0.asked } }

    func ask(step: Int, at parameters: Tensor) {
        state.withLock { state in
            state.asked += 1
            state.answers = state.helpers.indices.map { state.helpers[$0].answer(step: step, at: parameters) }
        }
    }

    func answers() -> [[PartSum]] { state.withLock { $0.answers } }
    func dismiss() {}
}

@Suite("Minibatches in parts")
struct MicroBatchTests {
    private static let codes = normalDoubles([30, 6]).converted(to: .single)

    private static func flow(_ parts: Int, dropout: Double = 0, _ change: (inout TrainingConfig) -> Void = { _ in })
        -> GeneratorTraining
    {
        FlowMatchingTests.flow(dimension: 6, steps: 12, width: 16, dropout: dropout) { config in
            (config.batch, config.microBatches, config.emaDecay) = (12, parts, 0.9)
            change(&config)
        }
    }

    /// The state after all steps, and the losses of all of them.
    private static func whole(_ flow: GeneratorTraining, codes: Tensor = codes) -> (TrainingState, [Double]) {
        var (state, losses) = (flow.start(), [Double]())
        _ = flow.run(&state, codes: codes) { step in
            losses.append(step.loss)
            return true
        }
        return (state, losses)
    }

    private static func bits(_ state: TrainingState) -> [[UInt64]] { state.tensors.map(\.value.bits) }

    @Test("losses, weights and averages are those of whole minibatches to rounding", arguments: [2, 3, 4, 6, 12])
    func equal(parts: Int) {
        let (one, losses) = Self.whole(Self.flow(1)), (many, others) = Self.whole(Self.flow(parts))
        #expect(zip(losses, others).allSatisfy { abs($0 - $1) < 2e-6 * max(1, $0) } && losses.count == others.count)
        // AdamW divides by the root of the second moment, which magnifies rounding where a gradient is near 0.
        #expect(relativeDifference(many.parameters, one.parameters) < 1e-4)
        #expect(relativeDifference(many.samplingParameters, one.samplingParameters) < 1e-4)
        #expect(Self.bits(many) != Self.bits(one))
    }

    @Test("one step's gradient in parts is the whole minibatch's", arguments: [2, 4, 12])
    func gradient(parts: Int) {
        func gradient(_ parts: Int) -> (loss: Double, gradient: Tensor) {
            let flow = Self.flow(parts)
            var helper = GeneratorTraining.Helper(flow, codes: Self.codes, rank: 1, of: 2)
            guard parts > 1 else {
                var batches = MinibatchParts(
                    of: Trainer(config: flow.config, seed: flow.seed, purpose: "flow"), count: 30, from: 3)
                let found = batches.gradient(at: flow.start().parameters) { flow.drawn($0, of: Self.codes, &$1) }
                return (found.loss, found.gradient.formed)
            }
            let helpers = PlayedHelpers(flow, codes: Self.codes, ranks: 1)
            var batches = MinibatchParts(
                of: Trainer(config: flow.config, seed: flow.seed, purpose: "flow"), count: 30, from: 3)
            let found = try? batches.gradient(
                at: flow.start().parameters, { flow.drawn($0, of: Self.codes, &$1) }, with: helpers)
            // The second of two ranks has the right half of the parts.
            let half = helper.answer(step: 3, at: flow.start().parameters)
            #expect(half.count == 1 && half[0].gradient.shape == flow.start().parameters.shape)
            return (found?.loss ?? .nan, found?.gradient.formed ?? Tensor.zeros([1]))
        }
        let (one, many) = (gradient(1), gradient(parts))
        #expect(abs(one.loss - many.loss) < 1e-6 * one.loss)
        #expect(relativeDifference(many.gradient, one.gradient) < 1e-6)
    }

    @Test("the same bytes on any number of ranks, with dropout too", arguments: [0, 0.2])
    func ranks(dropout: Double) throws {
        let flow = Self.flow(4, dropout: dropout)
        let (alone, losses) = Self.whole(flow)
        for ranks in [1, 2, 3, 4, 6] {
            let helpers = PlayedHelpers(flow, codes: Self.codes, ranks: ranks)
            var (state, told) = (flow.start(), [Double]())
            let outcome = try flow.run(&state, codes: Self.codes, with: helpers) { step in
                told.append(step.loss)
                return true
            }
            #expect(outcome == .finished && told == losses && helpers.asked == flow.config.steps)
            #expect(Self.bits(state) == Self.bits(alone), "\(ranks) ranks")
        }
    }

    @Test("stopped anywhere and gone on with another number of ranks, the same bytes")
    func resumed() throws {
        let flow = Self.flow(6, dropout: 0.1)
        let (whole, _) = Self.whole(flow)
        for stop in [1, 5, 11] {
            var state = flow.start()
            _ = try flow.run(&state, codes: Self.codes, with: PlayedHelpers(flow, codes: Self.codes, ranks: 3)) {
                $0.step < stop
            }
            var again = try TrainingState(
                tensors: state.tensors, counters: state.counters, step: state.step, count: state.parameters.count,
                config: flow.config)
            #expect(again.step == stop)
            _ = try flow.run(&again, codes: Self.codes, with: PlayedHelpers(flow, codes: Self.codes, ranks: 2)) { _ in
                true
            }
            #expect(Self.bits(again) == Self.bits(whole))
        }
    }

    @Test("the same bytes at any number of threads")
    func threads() {
        let flow = FlowMatchingTests.flow(dimension: 60, steps: 4, width: 128, dropout: 0.1) {
            ($0.batch, $0.microBatches) = (64, 4)
        }
        let codes = normalDoubles([100, 60]).converted(to: .single)
        let results = ThreadCounts.results { Self.bits(Self.whole(flow, codes: codes).0) }
        let isSame = results.allSatisfy { $0 == results[0] }
        #expect(isSame)
    }

    @Test("one part gives the bytes of the loop that knows no parts")
    func onePart() {
        let rows = normalDoubles([12, 3]).converted(to: .single)
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate) = (20, 4, 0.05)
        let trainer = Trainer(config: config, seed: 1, purpose: "test")
        var (plain, drawn) = (
            TrainingState(parameters: .zeros([3]), config: config),
            TrainingState(parameters: .zeros([3]), config: config)
        )
        func loss(_ weights: Tensor, _ rows: Tensor, _ stream: inout RandomStream) -> Tensor {
            (rows + stream.normal(rows.shape).converted(to: .single) - weights).square().mean()
        }
        _ = trainer.run(
            &plain, count: 12, loss: { loss($0, rows.gathered(axis: 0, $1), &$2) }, observe: { _ in true })
        _ = trainer.run(
            &drawn, count: 12,
            parts: { indices, _ in { loss($0, rows.gathered(axis: 0, Array(indices[$1])), &$2) } },
            observe: { _ in true })
        #expect(Self.bits(plain) == Self.bits(drawn))
    }

    @Test("a loss that is not finite ends the training on several ranks too")
    func diverged() throws {
        let flow = Self.flow(4) { $0.rate = 1e30 }
        var (alone, shared) = (flow.start(), flow.start())
        let first = flow.run(&alone, codes: Self.codes) { _ in true }
        let second = try flow.run(
            &shared, codes: Self.codes, with: PlayedHelpers(flow, codes: Self.codes, ranks: 2)
        ) { _ in true }
        guard case .diverged = first else { return #expect(Bool(false), "\(first)") }
        #expect(first == second && alone.counters == shared.counters)
    }

    @Test("parts that are not equal are refused by name", arguments: [(5, false), (16, false), (1, true), (3, true)])
    func problems(parts: Int, isFine: Bool) {
        var config = TrainingConfig()
        (config.batch, config.microBatches) = (12, parts)
        let problems = config.problems()
        #expect(problems.isEmpty == isFine)
        guard let problem = problems.first else { return }
        #expect(problem.path == "microBatches" && problem.found == "\(parts)")
        #expect(problem.expected == "a number that divides batch, 12")
    }
}
