import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Diffusion samplers")
struct DiffusionSamplerTests {
    /// Where the exact probability flow of N(mean, std^2) carries x(0) = 0 and the step from there to x(0) = startStd:
    /// y(r) - mean is proportional to sqrt(std^2 + r^2).
    private static func exact(_ diffusion: Diffusion, mean: Double, std: Double) -> (mean: Double, std: Double) {
        let first = diffusion.schedule.level(at: 0)
        let shrink = std / (std * std + first.ratio * first.ratio).squareRoot()
        return (mean - mean * shrink, shrink * diffusion.startStd / first.alpha)
    }

    private static func error(_ sampler: some Sampler, _ diffusion: Diffusion, steps: Int) -> Double {
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let found = sampler.moments(net, startStd: diffusion.startStd, steps: steps)
        let expected = exact(diffusion, mean: 0.7, std: 0.4)
        #expect(found.draws == 0 || (sampler as? DDIMSampler)?.eta != 0)
        return max(abs(found.mean - expected.mean), abs(found.variance.squareRoot() - expected.std))
    }

    @Test("DDIM is of order 1", arguments: Parameterization.allCases)
    func deterministic(_ parameterization: Parameterization) {
        let diffusion = Diffusion.continuous(parameterization)
        let order = fittedOrder([100, 200, 400]) { Self.error(DDIMSampler(diffusion, steps: $0), diffusion, steps: $0) }
        #expect(abs(order - 1) < 0.15, "fitted order \(order)")
        #expect(Self.error(DDIMSampler(diffusion, steps: 400), diffusion, steps: 400) < 0.01)
    }

    @Test("Heun's sampler is of order 2 and needs fewer evaluations")
    func heun() {
        var config = EDMConfig()
        config.sigmaMin = 1e-5
        let diffusion = Diffusion(config)
        func error(_ steps: Int) -> Double {
            Self.error(HeunDiffusionSampler(diffusion, steps: steps), diffusion, steps: steps)
        }
        let order = fittedOrder([32, 64, 128], error)
        #expect(abs(order - 2) < 0.2, "fitted order \(order)")
        let published = Diffusion(EDMConfig())
        #expect(Self.error(HeunDiffusionSampler(published, steps: 18), published, steps: 18) < 0.03)
        let same = Diffusion.continuous()
        #expect(Self.error(HeunDiffusionSampler(same, steps: 50), same, steps: 50) < 0.01)
    }

    @Test("along a cosine schedule Heun's sampler is right from few steps on", arguments: [0.6, 1, 2])
    func heunAlongCosine(_ std: Double) {
        for parameterization in Parameterization.allCases {
            for chain in [500, 1000] {
                var config = DDPMConfig()
                (config.schedule, config.parameterization, config.steps) = (.cosine, parameterization, chain)
                let diffusion = Diffusion(config)
                let net = GaussianDenoiser(diffusion, mean: 0.7, std: std)
                for (steps, share) in [(5, 0.15), (10, 0.05), (18, 0.025), (50, 0.01), (250, 0.01)] {
                    let found = HeunDiffusionSampler(diffusion, steps: steps)
                        .moments(net, startStd: diffusion.startStd, steps: steps)
                    #expect(abs(found.variance.squareRoot() - std) < share * std, "\(chain) in \(steps) steps")
                    #expect(abs(found.mean - 0.7) < 0.02)
                }
            }
        }
    }

    @Test("steps between neighbouring levels are Heun's own, bit for bit")
    func heunElsewhere() {
        let diffusion = Diffusion(DDPMConfig())
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let start = normalDoubles([5, 1])
        let levels = diffusion.schedule.levels(steps: 18)
        var y = start / levels[0].alpha
        for (now, next) in zip(levels, levels.dropFirst()) {
            let h = next.ratio - now.ratio
            let first = diffusion.predict(net, net.parameters, y * now.alpha, now).noise
            let end = y + first * h
            y =
                next.sigma == 0
                ? end : y + (first + diffusion.predict(net, net.parameters, end * next.alpha, next).noise) * (h / 2)
        }
        let found = HeunDiffusionSampler(diffusion, steps: 18).sample(net, net.parameters, from: start) { _ in start }
        #expect(found.doubles == (y * (levels.last?.alpha ?? 1)).doubles)
    }

    @Test("steps that are too few are told, the usual ones are not")
    func tooFewSteps() throws {
        func doubt(_ process: any ProcessConfig, _ method: SamplingConfig.Method, _ steps: Int?) throws -> String? {
            var sampling = SamplingConfig()
            (sampling.method, sampling.steps) = (method, steps)
            return try process.doubt(sampling, codeStd: 1)
        }
        for schedule in DDPMConfig.Schedule.allCases {
            var config = DDPMConfig()
            (config.schedule, config.parameterization) = (schedule, .velocity)
            for method in config.methods {
                #expect(try doubt(config, method, nil) == nil, "\(schedule) \(method.rawValue)")
            }
            let told = try #require(try doubt(config, .ddim, 3))
            #expect(told.hasPrefix("3 steps of ddim are too few: with a perfect net the samples would have 0."))
        }
        for method in EDMConfig().methods { #expect(try doubt(EDMConfig(), method, nil) == nil, "\(method.rawValue)") }
        #expect(try doubt(FlowConfig(), .euler, 1) == nil)
    }

    @Test("ancestral samples have the data's mean, and variances that close in on the data's from both sides")
    func ancestral() {
        let diffusion = Diffusion.continuous()
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        func variance(_ kind: StepVariance, _ steps: Int) -> Double {
            let sampler = AncestralSampler(diffusion, steps: steps, variance: kind)
            let found = sampler.moments(net, startStd: 1, steps: steps)
            #expect(abs(found.mean - 0.7) < 0.02 && found.draws == steps - 1)
            return found.variance
        }
        for kind in StepVariance.allCases {
            let order = fittedOrder([75, 150, 300]) { abs(variance(kind, $0) - 0.16) }
            #expect(abs(order - 1) < 0.3, "\(kind) \(order)")
        }
        #expect(variance(.posterior, 300) < 0.16 && variance(.forward, 300) > 0.16)
    }

    @Test("a thousand steps of the published DDPM give the data's moments, with any parameterization and schedule")
    func published() {
        for (index, parameterization) in Parameterization.allCases.enumerated() {
            var config = DDPMConfig()
            config.schedule = index == 1 ? .cosine : .linear
            config.parameterization = parameterization
            let diffusion = Diffusion(config)
            let net = GaussianDenoiser(diffusion, mean: -0.5, std: 0.6)
            let found = AncestralSampler(diffusion, steps: 250).moments(net, startStd: diffusion.startStd, steps: 250)
            #expect(abs(found.mean + 0.5) < 0.02 && abs(found.variance.squareRoot() - 0.6) < 0.02)
        }
    }

    @Test("DDIM with all noise fresh is the ancestral sampler; half of it is right too")
    func eta() {
        let diffusion = Diffusion(DDPMConfig())
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        let full = DDIMSampler(diffusion, steps: 100, eta: 1).moments(net, startStd: 1, steps: 100)
        let ancestral = AncestralSampler(diffusion, steps: 100).moments(net, startStd: 1, steps: 100)
        #expect(full.mean == ancestral.mean && full.variance == ancestral.variance)
        let half = DDIMSampler(diffusion, steps: 200, eta: 0.5).moments(net, startStd: 1, steps: 200)
        #expect(abs(half.mean - 0.7) < 0.02 && abs(half.variance.squareRoot() - 0.4) < 0.02)
    }

    @Test("churned noise keeps the moments, and is added only between its bounds")
    func churn() {
        let diffusion = Diffusion(EDMConfig())
        let net = GaussianDenoiser(diffusion, mean: 0.7, std: 0.4)
        var churn = Churn()
        churn.strength = 20
        (churn.from, churn.to) = (0.05, 50)
        let found = HeunDiffusionSampler(diffusion, steps: 64, churn: churn).moments(net, startStd: 80, steps: 64)
        #expect(abs(found.mean - 0.7) < 0.01 && abs(found.variance.squareRoot() - 0.4) < 0.01)
        let inside = diffusion.schedule.levels(steps: 64).filter { (0.05...50).contains($0.sigma) }.count
        #expect(found.draws == inside && inside > 20 && inside < 60)
        churn.noise = 1.2
        let louder = HeunDiffusionSampler(diffusion, steps: 64, churn: churn).moments(net, startStd: 80, steps: 64)
        #expect(louder.variance > found.variance)
        #expect(churn.growth(at: 1, steps: 10) == 2.0.squareRoot() && churn.growth(at: 60, steps: 10) == 1)
    }

    @Test("evaluations of the net are counted")
    func evaluations() {
        let diffusion = Diffusion.continuous()
        let samplers: [any Sampler] = [
            AncestralSampler(diffusion, steps: 7), DDIMSampler(diffusion, steps: 7),
            HeunDiffusionSampler(diffusion, steps: 7),
            EulerMaruyama(path: Path(.linear, sigma: 0), steps: 7, std: 1),
            ProbabilityFlowSampler(diffusion, solver: Solver(.rk4, steps: 5)),
        ]
        for sampler in samplers {
            let net = CountingNet()
            let parameters = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
            let end = sampler.sample(net, parameters, from: .ones([2, 1])) { _ in .zeros([2, 1]) }
            #expect(net.count == sampler.evaluations && end.shape == [2, 1])
        }
    }

    @Test("predicted data are clamped while sampling")
    func clip() {
        var config = DDPMConfig()
        config.clip = 0.5
        let net = GaussianDenoiser(Diffusion(config), mean: 3, std: 0.1)
        let start = normalDoubles([20, 1])
        func end(_ diffusion: Diffusion) -> [Double] {
            DDIMSampler(diffusion, steps: 20).sample(net, net.parameters, from: start) { _ in start }.doubles
        }
        #expect(end(Diffusion(config)).allSatisfy { abs($0) <= 0.5 })
        config.clip = nil
        #expect(end(Diffusion(config)).allSatisfy { $0 > 2 })
    }
}
