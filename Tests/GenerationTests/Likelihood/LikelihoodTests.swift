import Foundation
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Likelihood")
struct LikelihoodTests {
    private static let fine = Solver(adaptive: Tolerance(relative: 1e-10, absolute: 1e-10))

    /// The exact velocity from N(0, source^2) to N(mean, std^2) on the straight path.
    private static func gaussian(_ source: Double, _ mean: Double, _ std: Double) -> (Tensor, Double) -> Tensor {
        { x, t in
            let variance = t * t * std * std + (1 - t) * (1 - t) * source * source
            return (x - t * mean) * ((t * std * std - (1 - t) * source * source) / variance) + mean
        }
    }

    private static func normal(_ x: Tensor, _ mean: Double, _ std: Double) -> [Double] {
        let dimension = x.shape[1]
        return GaussianSource(dimension: dimension, std: std).logDensity(x - mean).doubles
    }

    /// A small net with weights that move its points, in double precision.
    private static let net = FlowMLP(dimension: 2, hidden: [6, 6], timeWidth: 3, dropout: 0)
    private static let flat = normalDoubles([net.layout.count], seed: 8) * 0.6

    private static func velocity(_ flat: Tensor) -> (Tensor, Double) -> Tensor {
        let parameters = Parameters(layout: net.layout, flat: flat)
        return { x, t in
            net(parameters, VelocityInput(x, at: t))
        }
    }

    private static let source = GaussianSource(dimension: 2, std: 0.9)

    @Test("log p0 of a Gaussian source")
    func sourceDensity() {
        let x = Tensor([0, 0, 1, 2] as [Double], shape: [2, 2])
        let found = GaussianSource(dimension: 2, std: 2).logDensity(x).doubles
        #expect(relativeDifference(found, [-log(8 * .pi), -log(8 * .pi) - 5.0 / 8]) < 1e-13)
    }

    @Test("the density of a flow onto a Gaussian", arguments: [Solver(.rk4, steps: 100), fine])
    func gaussian(_ solver: Solver) {
        let x1 = normalDoubles([7, 3]) * 0.3 + 1.5
        let likelihood = Likelihood(solver: solver)
        let found = likelihood.backward(
            x1, source: GaussianSource(dimension: 3, std: 0.8).logDensity, velocity: Self.gaussian(0.8, 1.5, 0.3))
        #expect(relativeDifference(found.logDensity.doubles, Self.normal(x1, 1.5, 0.3)) < 1e-6)
        #expect(relativeDifference(found.point, (x1 - 1.5) * (0.8 / 0.3)) < 1e-6)
    }

    @Test(
        "backward gives what forward gave, for a net", arguments: [Divergence.exact, .hutchinson(probes: 2, seed: 3)])
    func bothWays(_ divergence: Divergence) {
        let start = normalDoubles([5, 2])
        let likelihood = Likelihood(solver: Self.fine, divergence: divergence)
        let forward = likelihood.forward(start, source: Self.source.logDensity, velocity: Self.velocity(Self.flat))
        let backward = likelihood.backward(
            forward.point, source: Self.source.logDensity, velocity: Self.velocity(Self.flat))
        #expect(relativeDifference(backward.point, start) < 1e-7)
        #expect(relativeDifference(backward.logDensity, forward.logDensity) < 1e-7)
        #expect(relativeDifference(forward.point, start) > 0.1)
        #expect(relativeDifference(forward.logDensity, Self.source.logDensity(start)) > 0.05)
        let end = Self.fine.integrate(start, velocity: Self.velocity(Self.flat))
        #expect(relativeDifference(forward.point, end) < 1e-7, "the samples are those of the flow alone")
    }

    @Test("a net's density integrates to 1")
    func normalisation() {
        let (half, cells) = (7.0, 56)
        let width = 2 * half / Double(cells)
        let axis = (0..<cells).map { -half + (Double($0) + 0.5) * width }
        let grid = Tensor(axis.flatMap { x in axis.flatMap { [x, $0] } }, shape: [cells * cells, 2])
        let found = Likelihood(solver: Solver(.rk4, steps: 30)).backward(
            grid, source: Self.source.logDensity, velocity: Self.velocity(Self.flat))
        let total = found.logDensity.exp().sum().scalar * width * width
        #expect(abs(total - 1) < 0.01, "total \(total)")
    }

    @Test("exact divergence of a known field, and its estimate")
    func divergence() {
        // v = (x^2 y, sin y + 3 x): div = 2 x y + cos y.
        let points = normalDoubles([6, 2])
        let (x, y) = (points.sliced(axis: 1, 0..<1), points.sliced(axis: 1, 1..<2))
        func field(_ p: Tensor) -> Tensor {
            let (x, y) = (p.sliced(axis: 1, 0..<1), p.sliced(axis: 1, 1..<2))
            return .concatenate([x.square() * y, y.sin() + x * 3], axis: 1)
        }
        let exact = x * y * 2 + y.cos()
        let found = Divergence.exact.prepared([6, 2])(at: points, of: field)
        #expect(relativeDifference(found.divergence, exact) < 1e-12 && found.velocity.bits == field(points).bits)
        let count = 2000
        let estimate = Divergence.hutchinson(probes: count, seed: 1).prepared([6, 2])(at: points, of: field)
        // One probe errs by e1 e2 (J12 + J21), whose standard deviation is |x^2 + 3|.
        let bounds = ((x.square() + 3) * (4.5 / Double(count).squareRoot())).doubles
        let errors = (estimate.divergence - exact).abs().doubles
        #expect(zip(errors, bounds).allSatisfy { $0 < $1 } && errors.reduce(0, max) > 1e-9)
        #expect(relativeDifference(estimate.velocity, field(points)) < 1e-12)
    }

    @Test("the estimate is exact where the Jacobian is diagonal, and a row's does not depend on the others")
    func hutchinson() {
        let likelihood = Likelihood(solver: Self.fine, divergence: .hutchinson(probes: 1, seed: 2))
        let x1 = normalDoubles([7, 3]) * 0.3 + 1.5
        let source = GaussianSource(dimension: 3, std: 0.8)
        let found = likelihood.backward(x1, source: source.logDensity, velocity: Self.gaussian(0.8, 1.5, 0.3))
        #expect(relativeDifference(found.logDensity.doubles, Self.normal(x1, 1.5, 0.3)) < 1e-6)
        let fixed = Likelihood(solver: Solver(.rk4, steps: 10), divergence: .hutchinson(probes: 1, seed: 2))
        let points = normalDoubles([6, 2])
        func density(_ rows: Range<Int>) -> Tensor {
            fixed.backward(
                points.sliced(axis: 0, rows), source: Self.source.logDensity, velocity: Self.velocity(Self.flat)
            ).logDensity
        }
        #expect(relativeDifference(density(0..<3), density(0..<6).sliced(axis: 0, 0..<3)) < 1e-12)
    }

    @Test("an ensemble of estimates averages to the exact density")
    func unbiased() {
        let points = normalDoubles([2, 2])
        func density(_ divergence: Divergence) -> Tensor {
            Likelihood(solver: Solver(.rk4, steps: 8), divergence: divergence).backward(
                points, source: Self.source.logDensity, velocity: Self.velocity(Self.flat)
            ).logDensity
        }
        let exact = density(.exact)
        let one = density(.hutchinson(probes: 1, seed: 5))
        let many = density(.hutchinson(probes: 100, seed: 5))
        #expect((many - exact).abs().doubles.reduce(0, max) < 0.2)
        #expect((one - exact).abs().doubles.reduce(0, max) > 1e-4)
    }

    @Test("its gradient by the data is the score", arguments: [Solver(.rk4, steps: 60), fine])
    func score(_ solver: Solver) {
        let x1 = normalDoubles([4, 3]) * 0.3 + 1.5
        let found = gradient(at: x1) { x in
            Likelihood(solver: solver).backward(
                x, source: GaussianSource(dimension: 3, std: 0.8).logDensity, velocity: Self.gaussian(0.8, 1.5, 0.3)
            ).logDensity.sum()
        }.gradient
        #expect(relativeDifference(found, (x1 - 1.5) / -0.09) < 1e-6)
    }

    @Test(
        "its gradient by a net's weights and by the data is that of finite differences",
        arguments: [Divergence.exact, .hutchinson(probes: 2, seed: 3)])
    func gradients(_ divergence: Divergence) {
        let x1 = normalDoubles([3, 2])
        let likelihood = Likelihood(solver: Solver(.rk4, steps: 4), divergence: divergence)
        func total(_ inputs: [Tensor]) -> Tensor {
            likelihood.backward(inputs[1], source: Self.source.logDensity, velocity: Self.velocity(inputs[0]))
                .logDensity.sum()
        }
        let inputs = [Self.flat, x1]
        let found = pullback(at: inputs) { [total($0)] }.pull([.ones([], precision: .double)])
        for (index, gradient) in found.enumerated() {
            for trial in 0..<3 {
                let direction = normalDoubles(inputs[index].shape, seed: 20, index: UInt64(trial))
                func moved(_ step: Double) -> Double {
                    var changed = inputs
                    changed[index] = inputs[index] + direction * step
                    return total(changed).scalar
                }
                let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
                #expect(relativeDifference([(gradient * direction).sum().scalar], [slope], floor: 1e-2) < 1e-6)
            }
        }
    }

    @Test("where an adaptive solver gives up the density is NaN")
    func failure() {
        let solver = Solver(adaptive: Tolerance(relative: 1e-9, absolute: 1e-9), maximumSteps: 1)
        let likelihood = Likelihood(solver: solver)
        let found = likelihood.backward(
            normalDoubles([2, 2]), source: Self.source.logDensity, velocity: Self.velocity(Self.flat))
        #expect(found.logDensity.doubles.allSatisfy { $0.isNaN })
    }
}
