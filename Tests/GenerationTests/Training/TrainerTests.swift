import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("The training loop")
struct TrainerTests {
    private static let rows = normalDoubles([12, 3]).converted(to: .single)

    private static func config(_ change: (inout TrainingConfig) -> Void = { _ in }) -> TrainingConfig {
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate, config.decay) = (60, 4, 0.05, 0)
        change(&config)
        return config
    }

    /// Least squares: the weights [3] of the mean row.
    private static func run(
        _ config: TrainingConfig, state: inout TrainingState, validation: ((Tensor) -> Double)? = nil,
        observe: (TrainingStep) -> Bool = { _ in true }
    ) -> TrainingOutcome {
        Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: rows.shape[0],
            loss: { weights, indices, _ in (rows.gathered(axis: 0, indices) - weights).square().mean() },
            validation: validation, observe: observe)
    }

    private static func state(_ config: TrainingConfig) -> TrainingState {
        TrainingState(parameters: .zeros([3]), config: config)
    }

    @Test("it finds the minimum, in whole epochs of all rows")
    func minimum() {
        let config = Self.config { ($0.steps, $0.batch, $0.emaDecay) = (800, 4, 0.99) }
        var state = Self.state(config)
        #expect(Self.run(config, state: &state) == .finished)
        #expect(relativeDifference(state.samplingParameters, Self.rows.mean(axes: [0])) < 0.02)
        var seen: [Int32] = []
        var again = Self.state(config)
        _ = Trainer(config: Self.config { ($0.steps, $0.batch) = (6, 4) }, seed: 1, purpose: "test").run(
            &again, count: 12,
            loss: { weights, indices, _ in
                seen += indices
                return weights.square().sum()
            }, observe: { _ in true })
        #expect(seen.count == 24 && seen[..<12].sorted() == Array(0..<12) && seen[12...].sorted() == Array(0..<12))
    }

    @Test("validation checks come every so many steps and after the last; kept weights are recorded there")
    func checks() {
        let config = Self.config { ($0.steps, $0.checkEvery) = (25, 10) }
        var state = Self.state(config)
        var told: [Int] = []
        let outcome = Self.run(config, state: &state, validation: { $0.doubles[0] }) { step in
            if let validation = step.validation {
                told.append(step.step)
                #expect(validation == state0(step.step))
            }
            return true
        }
        func state0(_ steps: Int) -> Double {
            let short = Self.config { ($0.steps, $0.checkEvery) = (25, 10) }
            var state = Self.state(short)
            _ = Self.run(short, state: &state, observe: { $0.step < steps })
            return state.parameters.doubles[0]
        }
        #expect(outcome == .finished && told == [10, 20, 25])
        #expect(state.kept?.bits == state.parameters.bits && state.counters.bestLoss == nil)
    }

    /// Validation losses by check: falls, then rises.
    private static func script(_ losses: [Double]) -> (Tensor) -> Double {
        var check = 0
        return { _ in
            defer { check += 1 }
            return losses[min(check, losses.count - 1)]
        }
    }

    @Test("patience: it stops after so many checks without a better one and keeps the best one's weights")
    func patience() {
        let config = Self.config { ($0.checkEvery, $0.patience) = (5, 3) }
        var state = Self.state(config)
        var best: [UInt64] = []
        let first = Self.script([5, 4, 4.5, .nan, 3])
        let outcome = Self.run(config, state: &state, validation: first, observe: { $0.step != 25 })
        #expect(outcome == .finished, "paused")
        best = state.parameters.bits
        let rest = Self.run(config, state: &state, validation: Self.script([3, 3.2, 3.1, 0]))
        #expect(rest == .stopped(step: 40) && state.step == 40)
        let counters = state.counters
        #expect(counters.bestLoss == 3 && counters.bestStep == 25 && counters.checksSinceBest == 3)
        #expect(counters.keptStep == 25)
        #expect(state.samplingParameters.bits == best && state.parameters.bits != best)
        #expect(Self.run(config, state: &state, validation: Self.script([0])) == .stopped(step: 40), "for good")
        #expect(state.step == 40)
    }

    @Test("patience without validation rows never stops")
    func noValidation() {
        let config = Self.config { ($0.checkEvery, $0.patience) = (5, 1) }
        var state = Self.state(config)
        #expect(Self.run(config, state: &state) == .finished && state.step == 60)
        #expect(state.samplingParameters.bits == state.parameters.bits)
    }

    @Test("a loss that is not finite ends the run at its step; samples use the last weights seen to be finite")
    func divergence() {
        let config = Self.config { ($0.checkEvery, $0.emaDecay) = (10, 0.9) }
        var state = Self.state(config)
        var seen: Tensor?
        let trainer = Trainer(config: config, seed: 1, purpose: "test")
        func run() -> TrainingOutcome {
            var count = state.step
            return trainer.run(
                &state, count: 12,
                loss: { weights, _, _ in
                    defer { count += 1 }
                    if count == 20 { seen = weights.detached }
                    return weights.sum() * (count == 27 ? Double.nan : 1)
                }, observe: { _ in true })
        }
        #expect(run() == .diverged(step: 27) && state.step == 27 && state.counters.divergedAt == 27)
        #expect(run() == .diverged(step: 27), "for good")
        #expect(seen != nil && state.samplingParameters.bits == state.kept?.bits && state.samplingParameters.isFinite)
        #expect(state.kept?.bits != state.average?.bits, "of step 20, not of step 27")
    }

    @Test("before the first check a loss that is not finite leaves the untrained weights to sample with")
    func divergenceAtOnce() {
        let config = Self.config { $0.checkEvery = 10 }
        var state = TrainingState(parameters: .full([3], 0.5), config: config)
        let start = state.parameters.bits
        let outcome = Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: 12, loss: { weights, _, _ in (weights * 1e38).square().sum() }, observe: { _ in true })
        #expect(outcome == .diverged(step: 0) && state.samplingParameters.bits == start)
        var later = TrainingState(parameters: .full([3], 0.5), config: config)
        var step = 0
        _ = Trainer(config: config, seed: 1, purpose: "test").run(
            &later, count: 12,
            loss: { weights, _, _ in
                defer { step += 1 }
                return weights.square().sum() * (step == 7 ? Double.nan : 1)
            }, observe: { _ in true })
        #expect(later.counters.divergedAt == 7 && later.counters.keptStep == nil)
        #expect(later.samplingParameters.bits == start && later.parameters.bits != start)
    }

    /// Losses by step, and how a run along them ends.
    private static func outcome(
        of losses: [Double], _ change: (inout TrainingConfig) -> Void = { _ in },
        validation: ((Tensor) -> Double)? = nil
    ) -> (outcome: TrainingOutcome, state: TrainingState) {
        let config = Self.config {
            $0.steps = losses.count
            change(&$0)
        }
        var (state, step) = (Self.state(config), 0)
        let outcome = Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: 12,
            loss: { weights, _, _ in
                defer { step += 1 }
                return weights.sum() * 0 + losses[step]
            }, validation: validation, observe: { _ in true })
        return (outcome, state)
    }

    @Test("a loss that ends more than ten times above its start is a divergence; one high minibatch is not")
    func explosion() {
        let flat = [Double](repeating: 1, count: 60)
        #expect(Self.outcome(of: flat).outcome == .finished)
        #expect(Self.outcome(of: flat + [Double](repeating: 9, count: 200)).outcome == .finished)
        let (outcome, state) = Self.outcome(of: flat + [Double](repeating: 1e4, count: 200))
        #expect(outcome == .diverged(step: 260) && state.counters.divergedAt == nil && state.counters.hasExploded)
        #expect(Self.outcome(of: flat + [1e6]).outcome == .finished)
        // The second minibatch is not the start.
        #expect(Self.outcome(of: [1] + [Double](repeating: 1e4, count: 60)).outcome == .diverged(step: 61))
        #expect(Self.outcome(of: [Double](repeating: 1e4, count: 60) + flat + flat).outcome == .finished)
    }

    @Test("with patience the loss counts at the step whose weights are used")
    func explosionBehindBest() {
        let losses = [Double](repeating: 1, count: 20) + [Double](repeating: 1e4, count: 40)
        let change: (inout TrainingConfig) -> Void = { ($0.checkEvery, $0.patience) = (10, 3) }
        let early = Self.outcome(of: losses, change, validation: Self.script([2, 1, 5]))
        #expect(early.outcome == .stopped(step: 50) && early.state.counters.bestStep == 20)
        let late = Self.outcome(of: losses, change, validation: Self.script([5, 4, 3, 2, 1]))
        #expect(late.outcome == .diverged(step: 60) && late.state.counters.bestStep == 50)
    }

    @Test("a clipped gradient is as long as the limit at most", arguments: [0.0, 0.5, 100])
    func clip(_ limit: Double) {
        // AdamW's first moment after one step is 0.1 g.
        let config = Self.config { ($0.steps, $0.clip) = (1, limit) }
        var state = Self.state(config)
        let slope = Tensor([3, 0, 4] as [Float], shape: [3])
        _ = Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: 1, loss: { weights, _, _ in (weights * slope).sum() }, observe: { _ in true })
        let length = state.optimizer.moments.first.square().sum().scalar.squareRoot() / 0.1
        #expect(abs(length - (limit == 0.5 ? 0.5 : 5)) < 1e-4)
    }

    @Test("the rate rises in a straight line and falls along half a cosine")
    func schedule() {
        let config = Self.config { ($0.steps, $0.rate, $0.finalRate, $0.warmUp) = (100, 1, 0.1, 4) }
        let rates = (0...100).map { config.schedule.rate(at: $0) }
        #expect(relativeDifference(Array(rates[..<5]), [0.2, 0.4, 0.6, 0.8, 1]) < 1e-12)
        #expect(abs(rates[52] - 0.55) < 1e-12 && abs(rates[100] - 0.1) < 1e-12)
        let plain = Self.config { ($0.rate, $0.finalRate) = (1, 0.1) }
        #expect(plain.schedule.rate(at: 0) == 1 && abs(plain.schedule.rate(at: 30) - 0.55) < 1e-12)
    }

    @Test("step k draws from (seed, purpose, k), and every step otherwise")
    func streams() {
        func draws(_ purpose: String, seed: UInt64) -> [Double] {
            let config = Self.config { $0.steps = 5 }
            var state = Self.state(config)
            var found: [Double] = []
            _ = Trainer(config: config, seed: seed, purpose: purpose).run(
                &state, count: 3,
                loss: { weights, _, stream in
                    found.append(stream.normal([1]).scalar)
                    return weights.square().sum()
                }, observe: { _ in true })
            return found
        }
        let first = draws("one", seed: 1)
        #expect(first == draws("one", seed: 1) && Set(first).count == 5)
        #expect(Set(first + draws("two", seed: 1) + draws("one", seed: 2)).count == 15)
    }

    @Test("a record of other settings is refused with both named")
    func foreignRecord() throws {
        let config = Self.config { $0.emaDecay = 0.9 }
        var state = Self.state(Self.config())
        _ = Self.run(Self.config(), state: &state)
        #expect(throws: DataError.self) {
            try TrainingState(
                tensors: state.tensors, counters: state.counters, step: 60, count: 3, config: config)
        }
        for (dropped, count) in [("weights", 3), ("second_moment", 3), ("", 4)] {
            #expect(throws: DataError.self) {
                try TrainingState(
                    tensors: state.tensors.filter { $0.name != dropped }, counters: state.counters, step: 60,
                    count: count, config: Self.config())
            }
        }
        #expect(throws: DataError.self) {
            try TrainingState(
                tensors: state.tensors, counters: state.counters, step: -1, count: 3, config: Self.config())
        }
    }
}
