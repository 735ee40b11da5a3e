import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Multi-marginal flow matching")
struct MultiMarginalTests {
    /// Three runs of ragged times in two dimensions.
    private static let times: [[Double]] = [[0, 0.25, 0.6, 1], [0, 1], [0, 0.5, 1]]
    private static let codes = normalDoubles([9, 2], seed: 3)
    private static var runs: Trajectories { Trajectories(times: times, codes: codes) }

    private static func stream(_ seed: UInt64 = 1) -> RandomStream { RandomStream(seed: seed, purpose: "minibatch") }

    @Test("packing keeps times and states of runs of any length")
    func packing() {
        let runs = Self.runs
        #expect(runs.places == 4 && runs.packed.shape == [3, 12] && runs.sharedTimes == nil)
        let again = Trajectories(packed: runs.packed, dimension: 2)
        #expect(again.times == Self.times && again.states.doubles == runs.states.doubles)
        #expect(again.states(at: [3, 1, 2]).doubles == Self.codes.gathered(axis: 0, [3, 5, 8]).doubles)
    }

    @Test(
        "location, velocity, width and rate on ragged runs are those of central differences",
        arguments: Interpolation.allCases, SigmaLaw.Kind.allCases)
    func differences(_ interpolation: Interpolation, _ law: SigmaLaw.Kind) {
        let objective = MultiMarginalObjective(
            dimension: 2, interpolation: interpolation, sigma: SigmaLaw(law, scale: 0.4))
        let noise = normalDoubles([3, 2], seed: 7), step = 1e-5
        for t in [0.11, 0.31, 0.44, 0.72, 0.93] {
            func at(_ t: Double) -> (x: Tensor, u: Tensor) {
                let found = objective.points(on: Self.runs, at: [t, t, t])
                return (found.location + noise * found.width, found.velocity + noise * found.rate)
            }
            let slope = (at(t + step).x - at(t - step).x) / (2 * step)
            #expect(relativeDifference(at(t).u, slope) < 1e-7, "at \(t)")
        }
    }

    @Test("two marginals are the straight line: point, velocity, and the same draws as flow matching's")
    func line() {
        let (starts, ends) = (normalDoubles([5, 3], seed: 1), normalDoubles([5, 3], seed: 2))
        let rows = (0..<5).flatMap { [Int32($0), Int32($0 + 5)] }
        let codes = Tensor.concatenate([starts, ends], axis: 0).gathered(axis: 0, rows)
        let runs = Trajectories(times: Array(repeating: [0, 1], count: 5), codes: codes)
        for interpolation in Interpolation.allCases {
            var stream = Self.stream()
            let drawn = MultiMarginalObjective(dimension: 3, interpolation: interpolation).draw(runs.packed, &stream)
            let t = drawn.t.converted(to: .double)
            #expect(relativeDifference(drawn.target, ends - starts) < 1e-15)
            #expect(relativeDifference(drawn.x, starts * (1 - t) + ends * t) < 1e-15)
            #expect(drawn.weight == nil)
        }
    }

    @Test("a source's draw comes before the first checkpoint, at time 0")
    func source() {
        let runs = Trajectories(
            times: [[0.5, 1], [0.5, 1], [1]], codes: Self.codes.converted(to: .single).sliced(axis: 0, 0..<5))
        let objective = MultiMarginalObjective(
            source: GaussianSource(dimension: 2, std: 1), dimension: 2, interpolation: .linear)
        var (stream, again) = (Self.stream(), Self.stream())
        let drawn = objective.draw(runs.packed, &stream)
        let t = TimeDistribution.uniform.sample(3, &again)
        let starts = again.normal([3, 2])
        let clocks = t.doubles
        #expect(drawn.t.doubles == clocks)
        // The third run is one line from its start to its end.
        let line = runs.states(at: [0, 0, 0]).sliced(axis: 0, 2..<3) - starts.sliced(axis: 0, 2..<3)
        #expect(relativeDifference(drawn.target.sliced(axis: 0, 2..<3), line) < 1e-6)
        #expect(drawn.x.shape == [3, 2] && drawn.x.isFinite)
    }

    @Test("runs joined by transport: every knot is used once, only at its own time, and lines do not cross")
    func transport() {
        // On a line, the matching of least squared distance keeps the order.
        let starts = [3.0, 1, 2, 5, 4], middles = [30.0, 50, 10, 20, 40], ends = [100.0, 500, 300, 200, 400]
        let codes = (0..<5).flatMap { [starts[$0], middles[$0], ends[$0]] }
        let runs = Trajectories(
            times: Array(repeating: [0, 0.5, 1], count: 5), codes: Tensor(codes, shape: [15, 1]))
        var stream = Self.stream()
        let joined = RunCoupling.optimalTransport.joined(runs, minibatch: 5, &stream)
        func column(_ place: Int) -> [Double] { joined.states.selected(axis: 1, place).doubles }
        #expect(column(0) == starts)
        #expect(column(1) == [30, 10, 20, 50, 40] && column(2) == [300, 100, 200, 500, 400])
        let own = RunCoupling.identity.joined(runs, minibatch: 5, &stream)
        #expect(own.states.doubles == runs.states.doubles)
        // At most two at a time: partners come out of the same pair.
        let pairs = RunCoupling.optimalTransport.joined(runs, minibatch: 2, &stream)
        #expect(Set(pairs.states.selected(axis: 1, 1).doubles) == Set(middles))
    }

    @Test("transport stays within groups")
    func groups() {
        let codes = [0, 10, 1, 11, 2, -5, 3, -6].map(Double.init)
        let runs = Trajectories(
            times: Array(repeating: [0, 1], count: 4), codes: Tensor(codes, shape: [8, 1]))
        var stream = Self.stream()
        let joined = RunCoupling.optimalTransport.joined(runs, groups: [0, 1, 0, 1], minibatch: 4, &stream)
        #expect(joined.states.selected(axis: 1, 1).doubles == [-5, -6, 10, 11])
    }

    @Test("transport leaves runs alone whose knots stand at other times")
    func raggedTransport() {
        let runs = Trajectories(
            times: [[0, 0.4, 1], [0, 0.6, 1], [0, 0.4, 1]],
            codes: Tensor([0, 10, 20, 1, 11, 21, 2, -5, 22] as [Double], shape: [9, 1]))
        var stream = Self.stream()
        let joined = RunCoupling.optimalTransport.joined(runs, minibatch: 3, &stream)
        #expect(joined.times == runs.times)
        #expect(joined.states.selected(axis: 1, 1).doubles == [-5, 11, 10])
    }

    @Test("the least loss is reached by the velocity of two crossing bundles of curves, and samples pass the knots")
    func learned() {
        // All runs follow one curve with a bend: x = (t, t^2) through exact knots, with a spread around it.
        let count = 64
        let spread = normalDoubles([count, 2], seed: 5) * 0.05
        let knots = [0, 0.3, 0.7, 1.0]
        let rows = (0..<count).flatMap { run in
            knots.flatMap { [$0 + spread.doubles[2 * run], $0 * $0 + spread.doubles[2 * run + 1]] }
        }
        let runs = Trajectories(
            times: Array(repeating: knots, count: count),
            codes: Tensor(rows, shape: [count * 4, 2], precision: .single))
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate) = (1500, 32, 3e-3)
        let net = ResidualMLP(
            dimension: 2,
            config: {
                var c = ResidualMLP.Config(); c.width = 32; c.depth = 2; return c
            }())
        let training = GeneratorTraining(
            config: config, net: net, objective: MultiMarginalObjective(dimension: 2), seed: 1)
        var state = training.start()
        #expect(training.run(&state, codes: runs.packed) { _ in true } == .finished)
        let weights = Parameters(layout: net.layout, flat: state.samplingParameters)
        let start = runs.states(at: Array(repeating: 0, count: count))
        var seen: [Double: Tensor] = [:]
        let end = Solver(.rk4, steps: 20).integrate(
            start, velocity: { net(weights, VelocityInput($0, at: $1)) },
            observe: { x, t in seen[(t * 20).rounded() / 20] = x })
        func miss(_ x: Tensor?, _ place: Int) -> Double {
            x.map { ($0 - runs.states(at: Array(repeating: place, count: count))).square().mean().scalar.squareRoot() }
                ?? 1
        }
        #expect(miss(seen[0.3], 1) < 0.06 && miss(seen[0.7], 2) < 0.06 && miss(end, 3) < 0.06)
    }
}
