import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Potentials of gradient descent")
struct PotentialTests {
    private static let dimension = 3

    /// V(x) = x' A x / 2 + b' x with curvatures of both signs and a coupling of coordinates.
    private static let potential = QuadraticPotential(
        curvature: Tensor([2, 0.5, -0.3, 0.5, 1, 0.2, -0.3, 0.2, -0.4], shape: [3, 3]),
        tilt: Tensor([0.3, -1, 0.7], shape: [3]))

    /// Pairs whose later state is the implicit step from the earlier one, with steps of different lengths.
    private static func implicit(_ count: Int = 40) throws -> Transitions {
        var earlier: [Tensor] = [], later: [Tensor] = [], times: [Double] = []
        for index in 0..<count {
            let x = normalDoubles([1, dimension], seed: UInt64(index) + 1), tau = 0.05 + 0.1 * Double(index % 4)
            earlier.append(x)
            later.append(try #require(potential.proximalStep(from: x, tau: tau)))
            times.append(tau)
        }
        return Transitions(
            earlier: .concatenate(earlier, axis: 0), later: .concatenate(later, axis: 0),
            startTimes: Array(repeating: 0, count: count), endTimes: times)
    }

    @Test("a quadratic potential is recovered from implicit steps to 1e-6 without a ridge")
    func recovered() throws {
        let found = try #require(QuadraticPotential(fitting: Self.implicit()))
        #expect(relativeDifference(found.curvature, Self.potential.curvature) < 1e-10)
        #expect(relativeDifference(found.tilt, Self.potential.tilt) < 1e-10)
        let x = normalDoubles([5, 3], seed: 9)
        #expect(relativeDifference(found.value(at: x), Self.potential.value(at: x)) < 1e-9)
    }

    @Test("the gradient is the potential's, and the proximal step its equation's solution")
    func gradient() throws {
        let x = normalDoubles([4, 3], seed: 2)
        let direction = normalDoubles([4, 3], seed: 3), step = 1e-5
        let (up, down) = (x + direction * step, x - direction * step)
        let slope = (Self.potential.value(at: up) - Self.potential.value(at: down)) / (2 * step)
        #expect(relativeDifference((Self.potential.gradient(at: x) * direction).sum(axes: [1]), slope) < 1e-8)
        let y = try #require(Self.potential.proximalStep(from: x, tau: 0.3))
        #expect(relativeDifference(y + Self.potential.gradient(at: y) * 0.3, x) < 1e-12)
    }

    @Test("a ridge shrinks the curvature of one dimension by 1 / (1 + ridge), in any unit")
    func ridge() throws {
        for unit in [1, 1e3] {
            let y = normalDoubles([200, 1], seed: 4) * unit
            let pairs = Transitions(
                earlier: y * 1.2, later: y, startTimes: Array(repeating: 0, count: 200),
                endTimes: Array(repeating: 0.1, count: 200))
            for ridge in [0, 0.01, 1] {
                let found = try #require(QuadraticPotential(fitting: pairs, ridge: ridge))
                #expect(abs(found.curvature.scalar - 2 / (1 + ridge)) < 1e-10)
                let diagonal = try #require(QuadraticPotential(fitting: pairs, form: .diagonal, ridge: ridge))
                #expect(abs(diagonal.curvature.scalar - found.curvature.scalar) < 1e-10)
            }
        }
    }

    @Test("diagonal and linear forms, and pairs that say nothing of a direction")
    func forms() throws {
        let y = normalDoubles([50, 2], seed: 6) * Tensor([1.0, 0], shape: [2]) + 1
        let gradient = y * Tensor([0.5, 0.0], shape: [2]) + Tensor([0.0, 2], shape: [2])
        let pairs = Transitions(
            earlier: y + gradient * 0.2, later: y, startTimes: Array(repeating: 0, count: 50),
            endTimes: Array(repeating: 0.2, count: 50))
        for form in [QuadraticPotential.Form.full, .diagonal] {
            let found = try #require(QuadraticPotential(fitting: pairs, form: form))
            #expect(relativeDifference(found.curvature.doubles, [0.5, 0, 0, 0]) < 1e-9)
            #expect(relativeDifference(found.tilt.doubles, [0, 2]) < 1e-9)
        }
        let linear = try #require(QuadraticPotential(fitting: pairs, form: .linear))
        #expect(linear.curvature.doubles == [0, 0, 0, 0])
        #expect(relativeDifference(linear.tilt.doubles, gradient.mean(axes: [0]).doubles) < 1e-12)
    }

    @Test(
        "twenty steps of gradient descent: implicit samples are exact, explicit ones a fifth off",
        arguments: [0.1, 0.3])
    func implicitSamples(_ rate: Double) throws {
        // x <- (1 - rate) x, recorded after every step; t runs over 20 intervals.
        let states = (0...20).map { pow1(1 - rate, $0) }
        let starts = [1.0, -2, 0.5]
        let codes = starts.flatMap { start in states.map { $0 * start } }
        let times = (0...20).map { Double($0) / 20 }
        let runs = Trajectories(times: Array(repeating: times, count: 3), codes: Tensor(codes, shape: [63, 1]))
        let potential = try #require(QuadraticPotential(fitting: Transitions(of: runs)))
        let tau = 1.0 / 20
        #expect(abs(tau * potential.curvature.scalar - rate / (1 - rate)) < 1e-12)
        var (implicit, explicit) = (Tensor([1.0], shape: [1, 1]), 1.0)
        for _ in 0..<20 {
            implicit = try #require(potential.proximalStep(from: implicit, tau: tau))
            explicit -= tau * potential.curvature.scalar * explicit
        }
        #expect(abs(implicit.scalar / states[20] - 1) < 1e-10)
        // 0.094831 for 0.121577 at a rate of 0.1, 1.38e-5 for 7.98e-4 at 0.3.
        #expect(abs(explicit - (rate == 0.1 ? 0.094831 : 1.38e-5)) < (rate == 0.1 ? 1e-6 : 1e-7))
        #expect(1 - explicit / states[20] > 0.2)
        // The same by the sampler, which only knows the velocity.
        let net = QuadraticNet(potential)
        let sampler = ImplicitSampler(times: Array(times.dropFirst()), step: ProximalStep(tolerance: 1e-12))
        let end = sampler.sample(
            net, Parameters(layout: net.layout, flat: .zeros([1], precision: .double)),
            from: Tensor([1.0], shape: [1, 1]), noise: { _ in .zeros([1, 1]) })
        #expect(abs(end.scalar / states[20] - 1) < 1e-9)
    }

    @Test("a curvature of -1 / tau or below has no proximal step, and the search says so")
    func noStep() {
        let saddle = QuadraticPotential(curvature: Tensor([1.0, 0, 0, -4], shape: [2, 2]), tilt: .zeros([2]))
        let x = normalDoubles([3, 2], seed: 3)
        #expect(saddle.proximalStep(from: x, tau: 0.2) != nil && saddle.proximalStep(from: x, tau: 0.25) == nil)
        // A velocity that grows faster than its argument leaves y = x + tau v(y) without a solution.
        let found = ProximalStep(iterations: 50).solve(from: x.square() + 1, tau: 1) { $0.square() + 1 }
        #expect(!found.isConverged && found.hasConverged == [false, false, false] && found.iterations == 50)
        #expect(found.residuals.allSatisfy { $0 > 1e-3 && $0.isFinite } && found.point.isFinite)
    }

    @Test("proximal steps report residual and iterations, row by row")
    func report() throws {
        let x = normalDoubles([4, 3], seed: 8)
        let found = ProximalStep(tolerance: 1e-10, iterations: 200).solve(from: x, tau: 0.5) {
            -Self.potential.gradient(at: $0)
        }
        #expect(found.isConverged && found.iterations > 2 && found.iterations < 60, "\(found.iterations)")
        #expect(relativeDifference(found.point, try #require(Self.potential.proximalStep(from: x, tau: 0.5))) < 1e-8)
        let short = ProximalStep(tolerance: 1e-10, iterations: 2).solve(from: x, tau: 0.5) {
            -Self.potential.gradient(at: $0)
        }
        #expect(!short.isConverged && short.iterations == 2 && short.residuals.count == 4)
        // Nothing to do: the first look is enough.
        let still = ProximalStep().solve(from: x, tau: 0.5) { $0 * 0 }
        #expect(still.iterations == 1 && still.isConverged && still.point.doubles == x.doubles)
    }

    @Test("pairs of runs: neighbours with their times, and those that end in an interval")
    func pairs() {
        let runs = Trajectories(
            times: [[0, 0.25, 1], [0, 1]], codes: Tensor([0.0, 1, 2, 10, 20], shape: [5, 1]))
        let all = Transitions(of: runs)
        #expect(all.earlier.doubles == [0, 1, 10] && all.later.doubles == [1, 2, 20])
        #expect(all.startTimes == [0, 0.25, 0] && all.endTimes == [0.25, 1, 1])
        let late = all.ending(in: (after: 0.5, upTo: 1))
        #expect(late.earlier.doubles == [1, 10] && late.endTimes == [1, 1])
        let regression = all.regression
        #expect(regression.target.doubles == [4, 1 / 0.75, 10] && regression.t.doubles == [0.25, 1, 1])
        #expect(regression.weight?.doubles == [0.0625, 0.5625, 1])
    }

    @Test("the loss of a draw is that of the source, with the gradient at the later point")
    func loss() {
        let runs = Trajectories(
            times: [[0, 0.25, 1], [0, 0.4, 1]], codes: normalDoubles([6, 3], seed: 5))
        let net = QuadraticNet(Self.potential)
        let weights = Parameters(layout: net.layout, flat: .zeros([1], precision: .double))
        var stream = RandomStream(seed: 1, purpose: "minibatch")
        var again = stream
        let drawn = TransitionObjective(dimension: 3).draw(runs.packed, &stream)
        let places = [again.integer(below: 2), again.integer(below: 2)]
        let found = drawn.loss(net(weights, VelocityInput(drawn.x, drawn.t))).scalar
        let (x, y) = (runs.states(at: places), runs.states(at: places.map { $0 + 1 }))
        let taus = (0..<2).map { runs.times[$0][places[$0] + 1] - runs.times[$0][places[$0]] }
        let residual = Self.potential.gradient(at: y) * Tensor(taus, shape: [2, 1]) + (y - x)
        #expect(abs(found - residual.square().mean().scalar) < 1e-12)
    }
}

private func pow1(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * base } }

/// The velocity of a known potential as a net whose weights do not matter.
struct QuadraticNet: VelocityNet {
    let potential: QuadraticPotential
    let layout: ParameterLayout
    var dimension: Int { potential.tilt.count }

    init(_ potential: QuadraticPotential) {
        self.potential = potential
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("unused", shape: [1], role: .bias)
        layout = builder.layout()
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }
    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        -potential.gradient(at: input.x)
    }
}
