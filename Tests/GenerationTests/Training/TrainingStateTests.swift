import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Training state")
struct TrainingStateTests {
    private static let steps = 40

    /// With dropout, so that every kind of randomness takes part; the minibatches run across the epochs' ends.
    private static func flow(_ emaDecay: Double?, seed: UInt64 = 1) -> GeneratorTraining {
        FlowMatchingTests.flow(dimension: 3, steps: steps, dropout: 0.2, seed: seed) {
            ($0.emaDecay, $0.batch, $0.checkEvery) = (emaDecay, 6, 15)
        }
    }

    private static let codes = normalDoubles([11, 3]).converted(to: .single)

    private static func whole(_ flow: GeneratorTraining) -> TrainingState {
        var state = flow.start()
        _ = flow.run(&state, codes: codes) { _ in true }
        return state
    }

    @Test("stopping and going on from the recorded tensors gives the same bytes", arguments: [1, 17, 39], [nil, 0.9])
    func resumption(_ stop: Int, _ emaDecay: Double?) throws {
        let flow = Self.flow(emaDecay)
        let expected = Self.whole(flow)
        var state = flow.start()
        var steps: [TrainingStep] = []
        _ = flow.run(&state, codes: Self.codes) { step in
            steps.append(step)
            return step.step < stop
        }
        #expect(state.step == stop && steps.map(\.step) == Array(1...stop))
        #expect(state.tensors.count == (emaDecay == nil ? 4 : 5), "weights to fall back on are there from the start")
        #expect(state.counters.keptStep == (stop >= 15 ? stop / 15 * 15 : nil))
        let recorded = state.tensors.map { NamedTensor($0.name, Tensor($0.value.floats, shape: $0.value.shape)) }
        var resumed = try TrainingState(
            tensors: recorded, counters: state.counters, step: stop, count: flow.net.layout.count, config: flow.config)
        let outcome = flow.run(&resumed, codes: Self.codes) { _ in true }
        #expect(outcome == .finished)
        #expect(resumed.step == Self.steps && Self.bits(resumed) == Self.bits(expected))
        #expect(resumed.samplingParameters.bits == expected.samplingParameters.bits)
        #expect(resumed.counters == expected.counters)
    }

    private static func bits(_ state: TrainingState) -> [[UInt64]] { state.tensors.map(\.value.bits) }

    @Test("a resumed state with all steps taken takes none")
    func nothingLeft() {
        let flow = Self.flow(nil)
        let done = Self.whole(flow)
        var state = done
        let outcome = flow.run(&state, codes: Self.codes) { _ in
            Issue.record("a step too many")
            return true
        }
        #expect(outcome == .finished && Self.bits(state) == Self.bits(done))
    }

    @Test("the average is the exponential one of the weights after each step, with a warm-up", arguments: [0.5, 0.99])
    func average(_ decay: Double) {
        let flow = Self.flow(decay)
        var state = flow.start()
        var expected: [Double] = []
        #expect(state.average == nil && state.samplingParameters.bits == state.parameters.bits)
        for step in 1...Self.steps {
            _ = flow.run(&state, codes: Self.codes) { _ in false }
            let weights = state.parameters.doubles
            let kept = min(decay, Double(step + 1) / Double(step + 10))
            expected = step == 1 ? weights : zip(expected, weights).map { kept * $0 + (1 - kept) * $1 }
        }
        #expect(state.step == Self.steps && relativeDifference(state.samplingParameters.doubles, expected) < 1e-5)
        #expect(Self.bits(state) == Self.bits(Self.whole(flow)), "step by step or at once")
        #expect(state.samplingParameters.bits != state.parameters.bits)
    }

    @Test("without an average samples are drawn with the final weights; other seeds train otherwise")
    func finalWeights() {
        let one = Self.whole(Self.flow(nil))
        let other = Self.whole(Self.flow(nil, seed: 2))
        #expect(one.average == nil && one.samplingParameters.bits == one.parameters.bits)
        #expect(one.parameters.bits != other.parameters.bits)
    }

    @Test("the same bytes at any number of threads")
    func threads() {
        let flow = FlowMatchingTests.flow(dimension: 60, steps: 6, width: 256, dropout: 0.1) { $0.batch = 64 }
        let codes = normalDoubles([100, 60]).converted(to: .single)
        let results = ThreadCounts.results {
            var state = flow.start()
            _ = flow.run(&state, codes: codes) { _ in true }
            return Self.bits(state)
        }
        let isSame = results.allSatisfy { $0 == results[0] }
        #expect(isSame)
    }
}
