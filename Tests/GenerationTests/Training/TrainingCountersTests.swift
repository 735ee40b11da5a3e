import Foundation
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("What a training run counts")
struct TrainingCountersTests {
    private static func counters(_ losses: [Double], from step: Int = 0) -> TrainingCounters {
        var counters = TrainingCounters()
        for (index, loss) in losses.enumerated() { counters.add(loss, step: step + index) }
        return counters
    }

    private static func state(_ change: (inout TrainingConfig) -> Void = { _ in }) -> (TrainingState, TrainingConfig) {
        var config = TrainingConfig()
        change(&config)
        return (TrainingState(parameters: Tensor([1, -2, 3] as [Float], shape: [3]), config: config), config)
    }

    @Test("equal losses are their own average; the first one is kept")
    func equal() {
        let counters = Self.counters(Array(repeating: 0.3, count: 50))
        #expect(counters.firstLoss == 0.3 && abs((counters.recentLoss ?? 0) - 0.3) < 1e-14)
        #expect(counters.lossInUse == counters.recentLoss && !counters.hasExploded)
    }

    @Test("the average is of logarithms, with weights (k + 1) / (k + 10) up to 0.99")
    func geometric() {
        let losses = (0..<1200).map { 1 + Double($0 * 7 % 13) }
        var expected = log(losses[0])
        for (step, loss) in losses.enumerated().dropFirst() {
            let decay = min(0.99, Double(step + 1) / Double(step + 10))
            expected = decay * expected + (1 - decay) * log(loss)
        }
        #expect(abs(log(Self.counters(losses).recentLoss ?? 0) - expected) < 1e-10)
        let two = Self.counters([2, 8]).recentLoss ?? 0
        #expect(abs(log2(two) - (1 * 2.0 / 11 + 3 * 9.0 / 11)) < 1e-12)
    }

    @Test("losses in another unit give the average in that unit; a loss of 0 has a logarithm all the same")
    func units() {
        let losses = [3.0, 1, 4, 1, 5, 9]
        let (one, other) = (Self.counters(losses), Self.counters(losses.map { $0 * 1000 }))
        #expect(abs((other.recentLoss ?? 0) / (one.recentLoss ?? 1) - 1000) < 1e-9)
        let zero = Self.counters([1, 0])
        #expect(zero.recentLoss.map { $0 >= 0 && $0.isFinite } == true && zero.firstLoss == 1)
    }

    @Test(
        "an explosion is more than ten times the start, and needs one",
        arguments: [
            (1.0, 10.0, false), (1, (10.0).nextUp, true), (0.5, 5.1, true), (0, 1e9, false),
        ])
    func explosion(_ first: Double, _ recent: Double, _ expected: Bool) {
        var counters = TrainingCounters()
        #expect(!counters.hasExploded && counters.lossInUse == nil)
        (counters.firstLoss, counters.recentLoss) = (first, recent)
        #expect(counters.hasExploded == expected)
        counters.firstLoss = nil
        #expect(!counters.hasExploded)
        (counters.firstLoss, counters.bestStep, counters.bestRecentLoss) = (first, 5, first)
        #expect(!counters.hasExploded, "the best check's loss counts where its weights are used")
    }

    @Test("a run that was recorded without its start has none to be compared with")
    func noStart() {
        let counters = Self.counters([5, 500], from: 40)
        #expect(counters.firstLoss == nil && counters.recentLoss == 500 && !counters.hasExploded)
    }

    @Test("patience: only less is better, equal and NaN are not; the best check's weights are kept")
    func patience() {
        var (state, _) = Self.state()
        for (loss, since, best) in [
            (5.0, 0, 5.0), (5, 1, 5), (.nan, 2, 5), ((5.0).nextDown, 0, (5.0).nextDown), (9, 1, (5.0).nextDown),
        ] {
            state.counters.recentLoss = loss
            state.check(loss, patience: 3)
            #expect(state.counters.checksSinceBest == since && state.counters.bestLoss == best)
        }
        #expect(state.counters.bestRecentLoss == (5.0).nextDown && state.counters.bestStep == 0)
        state.parameters = .zeros([3])
        #expect(state.samplingParameters.floats == [1, -2, 3])
        state.check(1, patience: 3)
        #expect(state.samplingParameters.floats == [0, 0, 0] && state.counters.lossInUse == 9)
    }

    @Test("infinite losses are no better than none, however often")
    func infinite() {
        var (state, _) = Self.state()
        state.check(.infinity, patience: 2)
        state.check(.infinity, patience: 2)
        #expect(state.counters.bestLoss == nil && state.counters.checksSinceBest == 2 && state.counters.keptStep == nil)
    }

    @Test("without patience, or anything held out, the last finite weights are kept")
    func fallBack() {
        var (state, _) = Self.state()
        state.check(0.5, patience: 0)
        #expect(state.counters.bestLoss == nil && state.counters.keptStep == 0)
        state.parameters = Tensor([1, .nan, 0] as [Float], shape: [3])
        state.check(nil, patience: 7)
        #expect(state.kept?.floats == [1, -2, 3])
        #expect(state.samplingParameters.bits == state.parameters.bits, "nothing has been said to diverge")
        state.counters.divergedAt = 0
        #expect(state.samplingParameters.floats == [1, -2, 3])
        let broken = TrainingState(parameters: .full([2], .nan), config: TrainingConfig())
        #expect(broken.kept == nil && broken.tensors.map(\.name) == ["weights", "first_moment", "second_moment"])
    }

    @Test("counters read back as they were written, known or not")
    func coding() throws {
        var counters = Self.counters([2, 3, 4])
        (counters.bestLoss, counters.bestStep, counters.checksSinceBest) = (0.1, 20, 2)
        (counters.keptStep, counters.bestRecentLoss, counters.divergedAt) = (20, 0.3, 33)
        for value in [counters, TrainingCounters()] {
            #expect(try JSONDecoder().decode(TrainingCounters.self, from: JSONEncoder().encode(value)) == value)
        }
    }

    @Test("a record of other weights is refused, with what was found")
    func refused() throws {
        let (state, config) = Self.state { $0.emaDecay = 0.9 }
        func read(_ tensors: [NamedTensor], step: Int, count: Int) throws {
            _ = try TrainingState(
                tensors: tensors, counters: TrainingCounters(), step: step, count: count, config: config)
        }
        try read(state.tensors, step: 0, count: 3)
        let text =
            "training state: expected weights, moments, average of 3 numbers, found weights [3], first_moment [3], "
            + "second_moment [3], kept [3] (was it recorded with other settings?)"
        let missing = #expect(throws: DataError.self) { try read(state.tensors, step: 1, count: 3) }
        #expect(missing?.description == text)
        #expect(throws: DataError.self) { try read(state.tensors, step: 0, count: 4) }
        #expect(throws: DataError.self) { try read(state.tensors, step: -1, count: 3) }
        #expect(throws: DataError.self) { try read([], step: 0, count: 3) }
    }

    @Test("a warm-up as long as the training is refused", arguments: [(19, true), (20, false), (0, true)])
    func warmUp(_ steps: Int, _ isRight: Bool) {
        var config = TrainingConfig()
        (config.steps, config.warmUp) = (20, steps)
        let expected = isRight ? [] : ["warmUp: expected less than steps, 20, found \(steps)"]
        #expect(config.problems().map(\.description) == expected)
    }

    @Test("a guide that is no younger than what it guides is refused", arguments: [(19, true), (20, false)])
    func guide(_ step: Int, _ isRight: Bool) {
        var config = TrainingConfig()
        (config.steps, config.guideStep) = (20, step)
        let expected = isRight ? [] : ["guideStep: expected less than steps, 20, found \(step)"]
        #expect(config.problems().map(\.description) == expected)
    }
}
