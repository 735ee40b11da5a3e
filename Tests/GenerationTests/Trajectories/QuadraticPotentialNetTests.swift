import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Quadratic potentials in time, as a net")
struct QuadraticPotentialNetTests {
    private static func net(
        _ dimension: Int = 2, _ change: (inout QuadraticPotentialNet.Config) -> Void = { _ in }
    ) -> QuadraticPotentialNet {
        var config = QuadraticPotentialNet.Config()
        config.ridge = 0
        change(&config)
        return QuadraticPotentialNet(dimension: dimension, config: config)
    }

    /// Runs by implicit steps of a half: first down 2 |x - 1|^2, y = (x + 2) / 3, then down |x|^2, z = y / 2.
    private static func runs(_ count: Int = 30) -> (runs: Trajectories, start: Tensor, end: Tensor) {
        let start = normalDoubles([count, 2], seed: 4)
        let middle = (start + 2) / 3, end = middle / 2
        let rows = (0..<count).flatMap { run in (0..<3).map { Int32($0 * count + run) } }
        let codes = Tensor.concatenate([start, middle, end], axis: 0).gathered(axis: 0, rows)
        return (Trajectories(times: Array(repeating: [0, 0.5, 1], count: count), codes: codes), start, end)
    }

    @Test("a potential an interval: each is that of its own steps")
    func intervals() throws {
        let (runs, start, end) = Self.runs()
        let net = Self.net { $0.intervals = 2 }
        let flat = try net.fitted(to: runs)
        // A = 4 and b = -4 at first, then A = 2 and b = 0.
        let expected = [4, 0, 0, 4, 2, 0, 0, 2, -4, -4, 0, 0].map(Double.init)
        #expect(relativeDifference(flat.doubles, expected) < 1e-5)
        let weights = Parameters(layout: net.layout, flat: flat.converted(to: .double))
        let sampler = ImplicitSampler(times: [0.5, 1], step: ProximalStep(tolerance: 1e-10))
        let found = sampler.sample(net, weights, from: start, noise: { _ in start })
        #expect(relativeDifference(found, end) < 1e-5)
    }

    @Test("one potential for both is the one that is fitted to all pairs")
    func compromise() throws {
        let (runs, _, _) = Self.runs()
        let flat = try Self.net().fitted(to: runs)
        let potential = try #require(QuadraticPotential(fitting: Transitions(of: runs)))
        #expect(relativeDifference(flat.doubles, potential.curvature.doubles + potential.tilt.doubles) < 1e-6)
    }

    @Test("times belong to the interval that they end, in one batch and one by one")
    func times() throws {
        let net = Self.net { $0.intervals = 2 }
        let weights = Parameters(
            layout: net.layout,
            flat: Tensor([1.0, 0, 0, 1, 3, 0, 0, 3, 0, 0, 10, 10], shape: [12]))
        let x = normalDoubles([4, 2], seed: 6)
        let clocks = [0.0, 0.5, 0.500_001, 1]
        let all = net(weights, VelocityInput(x, Tensor(clocks, shape: [4, 1])))
        for (row, time) in clocks.enumerated() {
            let own = x.sliced(axis: 0, row..<(row + 1))
            let one = net(weights, VelocityInput(own, at: time))
            #expect(relativeDifference(all.sliced(axis: 0, row..<(row + 1)), one) < 1e-14)
            // Times that single precision cannot tell from the interval's end are the end.
            let expected = time == 1 ? -(own * 3 + 10) : -own
            #expect(relativeDifference(one, expected) < 1e-14, "at \(time)")
        }
    }

    @Test("untrained it stands still, and codes that are not finite are refused")
    func limits() {
        let net = Self.net()
        #expect(net.initialParameters(seed: 1).floats == Array(repeating: 0, count: 6))
        let lost = Trajectories(times: [[0, 1]], codes: Tensor([1, .nan, 2, 3] as [Double], shape: [2, 2]))
        let error = #expect(throws: DataError.self) { try net.fitted(to: lost) }
        #expect(error?.description == "generator: the runs' codes are not finite")
    }

    @Test("its settings", arguments: QuadraticPotential.Form.allCases)
    func settings(_ form: QuadraticPotential.Form) throws {
        var config = QuadraticPotentialNet.Config()
        config.form = form
        #expect(config.isFitted && config.label == "\(form.rawValue) quadratic potential" && config.size.value == 1)
        #expect(!PotentialNet.Config().isFitted && !FlowMLP.Config().isFitted)
        let made = try config.net(dimension: 3, layout: Self.net().layout)
        #expect(made.layout.count == 12 && made.dimension == 3)
    }
}
