import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Preconditioning at its limits")
struct PreconditioningLimitTests {
    private static func edm(_ sigma: Double, std: Double = 0.5) -> Preconditioning.Factors {
        Preconditioning(.velocity, dataStd: std).factors(at: NoiseLevel(alpha: 1, sigma: sigma, time: 0))
    }

    @Test("EDM without noise: the data are what is seen, the net says nothing of them", arguments: [0.1, 0.5, 3])
    func noNoise(_ std: Double) {
        let none = Self.edm(0, std: std)
        #expect(none.skip == 1 && none.out == 0 && abs(none.input * std - 1) < 1e-15)
        let little = Self.edm(1e-7 * std, std: std)
        #expect(abs(little.skip - 1) < 1e-13 && abs(little.out / (1e-7 * std) + 1) < 1e-13, "out tends to -sigma")
    }

    @Test("EDM with much noise: the net alone says the data, in their own units", arguments: [0.1, 0.5, 3])
    func muchNoise(_ std: Double) {
        let factors = Self.edm(1e7 * std, std: std)
        #expect(factors.skip < 1.1e-14 && abs(factors.out / std + 1) < 1e-13)
        #expect(abs(factors.input * 1e7 * std - 1) < 1e-13)
    }

    @Test("EDM half-way, sigma = s: skip 1/2, out -s / sqrt 2, in 1 / (s sqrt 2)", arguments: [0.2, 1, 5])
    func middle(_ std: Double) {
        let factors = Self.edm(std, std: std)
        let root = 2.0.squareRoot()
        #expect(abs(factors.skip - 0.5) < 1e-14 && abs(factors.out * root / std + 1) < 1e-14)
        #expect(abs(factors.input * std * root - 1) < 1e-14)
    }

    @Test("EDM: out^2 = skip sigma^2, and skip = (s in)^2 at every level", arguments: [0.01, 0.3, 2, 80])
    func identities(_ sigma: Double) {
        for std in [0.5, 2] {
            let factors = Self.edm(sigma, std: std)
            #expect(abs(factors.out * factors.out / (factors.skip * sigma * sigma) - 1) < 1e-12)
            #expect(abs(factors.skip / (std * std * factors.input * factors.input) - 1) < 1e-12)
        }
    }

    @Test("EDM: data and noise in another unit change nothing but the unit", arguments: [0.01, 10])
    func units(_ unit: Double) {
        let (one, other) = (Self.edm(0.7, std: 0.5), Self.edm(0.7 * unit, std: 0.5 * unit))
        #expect(abs(one.skip - other.skip) < 1e-14)
        #expect(abs(one.out * unit / other.out - 1) < 1e-13 && abs(one.input / (unit * other.input) - 1) < 1e-13)
    }

    @Test("a net that says the noise: skip 1 / alpha, out -sigma / alpha; the data: skip 0, out 1")
    func others() {
        let level = NoiseLevel(alpha: 0.6, sigma: 0.8, time: 0)
        let noise = Preconditioning(.noise, dataStd: 3).factors(at: level)
        #expect(abs(noise.skip - 1 / 0.6) < 1e-15 && abs(noise.out + 0.8 / 0.6) < 1e-15)
        let data = Preconditioning(.data, dataStd: 3).factors(at: level)
        #expect(data.skip == 0 && data.out == 1)
        let (x, said) = (normalDoubles([3, 2]), normalDoubles([3, 2], seed: 2))
        #expect(relativeDifference(data.prediction(at: x, said).data, said) < 1e-15)
        #expect(relativeDifference(noise.prediction(at: x, said).noise, said) < 1e-15)
    }

    @Test("what is seen is the predicted data and noise together, clamped or not", arguments: Parameterization.allCases)
    func together(_ parameterization: Parameterization) {
        let level = NoiseLevel(alpha: 0.9, sigma: 0.4, time: 0)
        let factors = Preconditioning(parameterization, dataStd: 1.3).factors(at: level)
        let (x, said) = (normalDoubles([6, 3]), normalDoubles([6, 3], seed: 2))
        let free = factors.prediction(at: x, said)
        let bounded = free.clamped(to: 0.25, at: x, level)
        for prediction in [free, bounded] {
            #expect(relativeDifference(prediction.data * 0.9 + prediction.noise * 0.4, x) < 1e-13)
        }
        #expect(bounded.data.doubles.allSatisfy { abs($0) <= 0.25 })
        let wide = free.clamped(to: 1e6, at: x, level)
        #expect(wide.data.doubles == free.data.doubles && relativeDifference(wide.noise, free.noise) < 1e-12)
    }

    @Test("noise levels of a product and of a ratio are the same ones")
    func levels() {
        for product in [0.999, 0.5, 1e-4] {
            let one = NoiseLevel.preserving(product: product, time: 0.3)
            let other = NoiseLevel.preserving(ratio: ((1 - product) / product).squareRoot(), time: 0.3)
            #expect(relativeDifference([one.alpha, one.sigma], [other.alpha, other.sigma]) < 1e-12)
            #expect(abs(one.ratio * one.ratio * product - (1 - product)) < 1e-12)
        }
    }
}
