import Networks
import Tensors
import TestSupport
import Testing

@testable import Generation

@Suite("Training state")
struct TrainingStateTests {
    private static let steps = 40

    /// With dropout, so that every kind of randomness takes part; the minibatches run across the epochs' ends.
    private static func flow(_ emaDecay: Double?, seed: UInt64 = 1) -> FlowMatching {
        FlowMatchingTests.flow(dimension: 3, steps: steps, dropout: 0.2, seed: seed) {
            ($0.emaDecay, $0.batch) = (emaDecay, 6)
        }
    }

    private static let codes = normalDoubles([11, 3]).converted(to: .single)

    private static func whole(_ flow: FlowMatching) -> TrainingState {
        var state = flow.start()
        _ = flow.run(&state, codes: codes) { _, _ in true }
        return state
    }

    @Test("stopping and going on from the recorded rows gives the same bytes", arguments: [1, 17, 39], [nil, 0.9])
    func resumption(_ stop: Int, _ emaDecay: Double?) {
        let flow = Self.flow(emaDecay)
        let expected = Self.whole(flow)
        var state = flow.start()
        var losses: [Double] = []
        _ = flow.run(&state, codes: Self.codes) { step, loss in
            losses.append(loss)
            return step < stop
        }
        #expect(state.step == stop && losses.count == stop)
        #expect(state.rows.shape == [emaDecay == nil ? 3 : 4, flow.net.layout.count])
        let recorded = Tensor(state.rows.floats, shape: state.rows.shape)
        var resumed = TrainingState(rows: recorded, step: stop, config: flow.config)
        let outcome = flow.run(&resumed, codes: Self.codes) { _, _ in true }
        #expect(outcome == .finished)
        #expect(resumed.step == Self.steps && resumed.rows.bits == expected.rows.bits)
        #expect(resumed.samplingParameters.bits == expected.samplingParameters.bits)
    }

    @Test("a resumed state with all steps taken takes none")
    func nothingLeft() {
        let flow = Self.flow(nil)
        let done = Self.whole(flow)
        var state = TrainingState(rows: done.rows, step: Self.steps, config: flow.config)
        let outcome = flow.run(&state, codes: Self.codes) { _, _ in
            Issue.record("a step too many")
            return true
        }
        #expect(outcome == .finished && state.rows.bits == done.rows.bits)
    }

    @Test("the average is the exponential one of the weights after each step, with a warm-up", arguments: [0.5, 0.99])
    func average(_ decay: Double) {
        let flow = Self.flow(decay)
        var state = flow.start()
        var expected: [Double] = []
        #expect(state.average == nil && state.samplingParameters.bits == state.parameters.bits)
        for step in 1...Self.steps {
            _ = flow.run(&state, codes: Self.codes) { _, _ in false }
            let weights = state.parameters.doubles
            let kept = min(decay, Double(step + 1) / Double(step + 10))
            expected = step == 1 ? weights : zip(expected, weights).map { kept * $0 + (1 - kept) * $1 }
        }
        #expect(state.step == Self.steps && relativeDifference(state.samplingParameters.doubles, expected) < 1e-5)
        #expect(state.rows.bits == Self.whole(flow).rows.bits, "step by step or at once")
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
            _ = flow.run(&state, codes: codes) { _, _ in true }
            return state.rows.bits
        }
        let isSame = results.allSatisfy { $0 == results[0] }
        #expect(isSame)
    }
}
