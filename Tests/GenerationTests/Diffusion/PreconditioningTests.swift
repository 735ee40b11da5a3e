import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Preconditioning")
struct PreconditioningTests {
    private static func found(_ expected: TorchCase, _ preconditioning: Preconditioning) throws -> [[Double]] {
        let factors = try expected.input("sigma").doubles.map {
            preconditioning.factors(at: NoiseLevel(alpha: 1, sigma: $0, time: 0))
        }
        return [factors.map(\.skip), factors.map(\.out), factors.map(\.input)]
    }

    @Test("the table of Karras et al.: EDM is the velocity parameterization with the net's sign turned")
    func edm() throws {
        for expected in try TorchCase.family("diffusion", where: { $0.hasPrefix("edm preconditioning") }) {
            let found = try Self.found(expected, Preconditioning(.velocity, dataStd: try expected.option("std").double))
            #expect(relativeDifference(found[0], try expected.output("skip").doubles) < 1e-11)
            #expect(relativeDifference(found[1].map { -$0 }, try expected.output("out").doubles) < 1e-11)
            #expect(relativeDifference(found[2], try expected.output("in").doubles) < 1e-11)
        }
    }

    @Test("the table of Karras et al.: VP is the noise parameterization")
    func variancePreserving() throws {
        for expected in try TorchCase.family("diffusion", where: { $0.hasPrefix("vp preconditioning") }) {
            let found = try Self.found(expected, Preconditioning(.noise))
            #expect(relativeDifference(found[0], try expected.output("skip").doubles) < 1e-11)
            #expect(relativeDifference(found[1], try expected.output("out").doubles) < 1e-11)
            #expect(relativeDifference(found[2], try expected.output("in").doubles) < 1e-11)
        }
    }

    @Test("data and noise come back exactly from what any net should say", arguments: Diffusion.all.indices)
    func inversion(_ index: Int) {
        let diffusion = Diffusion.all[index]
        let (x1, eps) = (normalDoubles([5, 3]), normalDoubles([5, 3], seed: 2))
        for t in [0.01, 0.2, 0.5, 0.8, 0.999] {
            let level = diffusion.schedule.level(at: t)
            let factors = diffusion.preconditioning.factors(at: level)
            let x = x1 * level.alpha + eps * level.sigma
            let prediction = factors.prediction(at: x, factors.said(x1, eps))
            // At alpha = 1e-4 the data are a ten-thousandth of x.
            let rounding = 1e-13 * (1 + 1 / level.alpha + 1 / level.sigma)
            #expect(relativeDifference(prediction.data, x1) < rounding)
            #expect(relativeDifference(prediction.noise, eps) < rounding)
            #expect(relativeDifference(x * factors.skip + factors.said(x1, eps) * factors.out, x1) < rounding)
        }
    }

    @Test("what one net says converts into what another says and back", arguments: Parameterization.allCases)
    func conversion(_ first: Parameterization) {
        let level = NoiseLevel(alpha: 0.6, sigma: 0.8, time: 0.4)
        let (x, said) = (normalDoubles([4, 2]), normalDoubles([4, 2], seed: 3))
        for second in Parameterization.allCases {
            let (a, b) = (
                Preconditioning(first, dataStd: 1.7).factors(at: level),
                Preconditioning(second, dataStd: 0.4).factors(at: level)
            )
            let prediction = a.prediction(at: x, said)
            let other = b.prediction(at: x, b.said(prediction.data, prediction.noise))
            #expect(relativeDifference(a.said(other.data, other.noise), said) < 1e-13)
            #expect(relativeDifference(other.data * 0.6 + other.noise * 0.8, x) < 1e-13)
        }
    }

    @Test("v of a variance-preserving level is alpha eps - sigma x1")
    func velocity() {
        let factors = Preconditioning(.velocity).factors(at: NoiseLevel(alpha: 0.6, sigma: 0.8, time: 0))
        #expect(abs(factors.data + 0.8) < 1e-15 && abs(factors.noise - 0.6) < 1e-15 && abs(factors.input - 1) < 1e-15)
        #expect(abs(factors.skip - 0.6) < 1e-15 && abs(factors.out + 0.8) < 1e-15)
    }

    @Test("what the net sees, and v, have variance 1 at every level", arguments: [0.3, 1, 4])
    func variance(_ std: Double) {
        for ratio in [0.01, 0.5, 3, 100] {
            for level in [NoiseLevel(alpha: 1, sigma: ratio, time: 0), .preserving(ratio: ratio, time: 0)] {
                let factors = Preconditioning(.velocity, dataStd: std).factors(at: level)
                let seen = level.alpha * level.alpha * std * std + level.sigma * level.sigma
                #expect(abs(factors.input * factors.input * seen - 1) < 1e-12)
                let said = factors.data * factors.data * std * std + factors.noise * factors.noise
                #expect(abs(said - 1) < 1e-12)
                // Uncorrelated with what it sees: the best net says 0 where it knows nothing more than variances.
                #expect(abs(level.alpha * factors.data * std * std + level.sigma * factors.noise) < 1e-10)
            }
        }
    }
}
