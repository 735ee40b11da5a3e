import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Euler-Maruyama")
struct EulerMaruyamaTests {
    private static let paths = [
        Path(.linear, sigma: 0), Path(.targetConditional, sigma: 0.05), Path(.variancePreserving, sigma: 0),
    ]

    /// The velocity between N(0, source^2) and N(mean, std^2) on a path x = a x0 + b x1: v = b' mean + cov(v, x) /
    /// var x (x - b mean).
    private struct GaussianVelocity: VelocityNet {
        let layout = CountingNet().layout
        let dimension = 1
        let path: Path
        let source = 0.8
        let mean = 0.7
        let std = 0.3

        func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

        func callAsFunction(
            _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
        ) -> Tensor {
            let (x, t) = (input.x, input.t)
            let one = Tensor.ones(t.shape, precision: t.precision), zero = one * 0
            // x0's and x1's factors in point and velocity, by putting units into the path.
            let a = path.sample(from: one, to: zero, at: t, noise: zero)
            let b = path.sample(from: zero, to: one, at: t, noise: zero)
            let variance = a.x.square() * (source * source) + b.x.square() * (std * std)
            let covariance = a.velocity * a.x * (source * source) + b.velocity * b.x * (std * std)
            return b.velocity * mean + covariance / variance * (x - b.x * mean)
        }
    }

    @Test("mean and variance of the data, whatever the noise; weak order 1", arguments: paths, [0, 0.5, 2])
    func moments(_ path: Path, _ strength: Double) {
        let net = GaussianVelocity(path: path)
        let width = path.kind == .targetConditional ? path.sigma * 0.8 : 0
        let variance = 0.09 + width * width
        func error(_ steps: Int) -> Double {
            let sampler = EulerMaruyama(path: path, steps: steps, strength: strength, std: 0.8)
            let found = sampler.moments(net, startStd: 0.8, steps: steps)
            #expect(found.draws == (strength == 0 ? 0 : steps))
            return max(abs(found.mean - 0.7), abs(found.variance - variance))
        }
        let order = fittedOrder([50, 100, 200], error)
        #expect(abs(order - 1) < 0.25, "fitted order \(order)")
        #expect(error(200) < 0.01)
    }

    @Test("without noise it is Euler's method on the flow")
    func deterministic() {
        let net = GaussianVelocity(path: Self.paths[0])
        let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        let start = normalDoubles([6, 1])
        let flow = FlowSampler(solver: Solver(.euler, steps: 20)).sample(
            net, parameters, from: start.converted(to: .single)
        ) { _ in start }
        let found = EulerMaruyama(path: Self.paths[0], steps: 20, strength: 0, std: 1).sample(
            net, parameters, from: start.converted(to: .single)
        ) { _ in start }
        #expect(relativeDifference(found, flow) < 1e-6)
    }

    @Test("half the step on the same Brownian path: strong order 1, the noise being additive")
    func strongOrder() {
        let net = GaussianVelocity(path: Self.paths[0])
        let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        let finest = 512
        let increments = (0..<finest).map { normalDoubles([40, 1], seed: 3, index: UInt64($0)) }
        let start = normalDoubles([40, 1], seed: 4) * 0.8
        func end(_ steps: Int) -> Tensor {
            let width = finest / steps
            let sampler = EulerMaruyama(path: Self.paths[0], steps: steps, std: 0.8)
            return sampler.sample(net, parameters, from: start) { step in
                increments[(step * width)..<((step + 1) * width)].reduce(start * 0, +) / Double(width).squareRoot()
            }
        }
        let fine = end(finest)
        let order = fittedOrder([8, 16, 32]) { (end($0) - fine).square().mean().scalar.squareRoot() }
        #expect(abs(order - 1) < 0.25, "fitted order \(order)")
    }

    @Test("a source of another width in each dimension")
    func widths() {
        let net = GaussianVelocity(path: Self.paths[0])
        let stds = Tensor([0.8, 0.8, 0.8] as [Float], shape: [3])
        let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        let start = normalDoubles([5, 3])
        func end(_ sampler: EulerMaruyama) -> Tensor {
            sampler.sample(net, parameters, from: start) { normalDoubles([5, 3], index: UInt64($0)) }
        }
        let same = end(EulerMaruyama(path: Self.paths[0], steps: 10, std: stds))
        #expect(same.bits == end(EulerMaruyama(path: Self.paths[0], steps: 10, std: 0.8)).bits)
        let doubled = stds * Tensor([1, 2, 1] as [Float], shape: [3])
        let wider = end(EulerMaruyama(path: Self.paths[0], steps: 10, std: doubled))
        let moved = (wider - same).abs().sum(axes: [0]).doubles
        #expect(moved[0] == 0 && moved[1] > 0.1 && moved[2] == 0)
    }
}
