import Foundation
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Probability flow of diffusions")
struct ProbabilityFlowTests {
    private static let diffusions =
        Parameterization.allCases.map { Diffusion.continuous($0) } + [Diffusion(EDMConfig())]
    private static let tight = Solver(adaptive: Tolerance(relative: 1e-10, absolute: 1e-10))

    /// The end of the exact flow of N(0.7, 0.4^2) down to `least`, followed by the predicted data.
    private static func exact(_ start: Tensor, _ diffusion: Diffusion, least: Double) -> Tensor {
        let first = diffusion.schedule.level(at: 0)
        let r = least * diffusion.preconditioning.dataStd
        let last = (0.16 + r * r).squareRoot()
        let offset = (start / first.alpha - 0.7) * (last / (0.16 + first.ratio * first.ratio).squareRoot())
        return offset * (0.16 / (0.16 + r * r)) + 0.7
    }

    @Test("Runge and Kutta's method is of order 4 on it, the adaptive one exact", arguments: diffusions.indices)
    func orders(_ index: Int) {
        let diffusion = Self.diffusions[index]
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let start = normalDoubles([5, 1]) * diffusion.startStd
        func error(_ solver: Solver) -> Double {
            let sampler = ProbabilityFlowSampler(diffusion, solver: solver)
            let end = sampler.sample(net, net.parameters, from: start) { _ in start }
            return (end - Self.exact(start, diffusion, least: sampler.least)).abs().doubles.reduce(0, max)
        }
        let order = fittedOrder([8, 16, 32]) { error(Solver(.rk4, steps: $0)) }
        #expect(abs(order - 4) < 0.4, "fitted order \(order)")
        #expect(error(Self.tight) < 1e-7)
    }

    @Test("a net that says v is its own flow: dz/dphi = v")
    func rotation() {
        let diffusion = Diffusion.continuous(.velocity)
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let sampler = ProbabilityFlowSampler(diffusion, solver: Self.tight)
        let z = normalDoubles([4, 1])
        let (first, last) = (atan(diffusion.schedule.level(at: 0).ratio), atan(1e-3))
        for u in [0, 0.3, 0.9] {
            let level = diffusion.schedule.level(ratio: tan(first + (last - first) * u))
            let said = net(net.parameters, VelocityInput(z, at: level.time))
            #expect(relativeDifference(sampler.velocity(net, net.parameters)(z, u), said * (last - first)) < 1e-10)
        }
    }

    @Test("it ends at the schedule's own least noise, and the net is told times within [0, 1]", arguments: [0.5, 2])
    func ends(_ std: Double) {
        var config = EDMConfig()
        #expect(abs(ProbabilityFlowSampler(Diffusion(config), solver: Self.tight).least - 0.004) < 1e-15)
        #expect(ProbabilityFlowSampler(.continuous(), solver: Self.tight).least == 1e-3)
        #expect(ProbabilityFlowSampler(Diffusion(DDPMConfig()), solver: Self.tight).least == 1e-3)
        config.sigmaMin = 0.05
        config = config.scaled(toDataStd: std)
        let net = TimesNet()
        let parameters = Parameters(layout: net.layout, flat: .zeros([1]))
        let diffusion = Diffusion(config)
        let samplers: [any Sampler] = [
            ProbabilityFlowSampler(diffusion, solver: Solver(.rk4, steps: 10)),
            ProbabilityFlowSampler(diffusion, solver: Self.tight),
            HeunDiffusionSampler(diffusion, steps: 6, churn: .strong),
        ]
        let start = normalDoubles([2, 1])
        for sampler in samplers {
            _ = sampler.sample(net, parameters, from: start) { _ in start }
            let times = net.taken()
            #expect(times.allSatisfy { (0...1).contains($0) } && times.contains { $0 > 0.999 }, "\(times)")
        }
    }

    @Test("the likelihood of data under a diffusion", arguments: diffusions.indices)
    func likelihood(_ index: Int) {
        let diffusion = Self.diffusions[index]
        let std = diffusion.preconditioning.dataStd
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let sampler = ProbabilityFlowSampler(
            diffusion, solver: Self.tight, least: diffusion.schedule is EDMSchedule ? nil : 1e-4)
        let codes = normalDoubles([6, 1]) * 0.4 + 0.7
        let found =
            Likelihood(solver: Self.tight).backward(
                codes / std, source: GaussianSource(dimension: 1, std: 1).logDensity,
                velocity: sampler.velocity(net, net.parameters)
            ).logDensity - log(std)
        let expected = GaussianSource(dimension: 1, std: 0.4).logDensity(codes - 0.7)
        // At the most noise the data's share, 1 / 150 of the noise's at the least, is neglected.
        #expect(relativeDifference(found, expected) < 0.03)
    }
}
