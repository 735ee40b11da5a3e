import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Diffusion objective")
struct DiffusionObjectiveTests {
    private static func draw(_ diffusion: Diffusion, _ codes: Tensor, index: UInt64 = 0) -> Regression {
        var stream = RandomStream(seed: 9, purpose: "test", index: index)
        return diffusion.draw(codes, &stream)
    }

    @Test("the codes come back from what the net sees, is told and should say", arguments: Diffusion.all.indices)
    func consistency(_ index: Int) {
        let diffusion = Diffusion.all[index]
        let codes = normalDoubles([40, 3])
        let regression = Self.draw(diffusion, codes)
        #expect(regression.weight == nil && regression.t.shape == [40, 1])
        for (row, t) in regression.t.doubles.enumerated() {
            let level = diffusion.schedule.level(at: t)
            let factors = diffusion.preconditioning.factors(at: level)
            func pick(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, row..<(row + 1)) }
            let prediction = factors.prediction(at: pick(regression.x) / factors.input, pick(regression.target))
            #expect(relativeDifference(prediction.data, pick(codes)) < 1e-8 * (1 + level.ratio))
        }
        #expect(Set(regression.t.doubles).count > 30, "every row has a level of its own")
    }

    @Test("the same stream gives the same minibatch, another another; precision is the codes'")
    func streams() {
        let diffusion = Diffusion(DDPMConfig())
        let codes = normalDoubles([6, 4]).converted(to: .single)
        let (one, two) = (Self.draw(diffusion, codes), Self.draw(diffusion, codes, index: 1))
        #expect(one.x.bits == Self.draw(diffusion, codes).x.bits && one.x.bits != two.x.bits)
        #expect(one.x.precision == .single && one.target.precision == .single && one.t.precision == .single)
    }

    @Test("the best net's loss is the posterior's variance", arguments: Parameterization.allCases)
    func leastLoss(_ parameterization: Parameterization) {
        let (mean, std, count) = (0.7, 0.4, 4000)
        let diffusion = Diffusion.continuous(parameterization)
        let codes = normalDoubles([count, 1]) * std + mean
        let regression = Self.draw(diffusion, codes)
        let net = GaussianDenoiser(diffusion, mean: mean, std: std)
        let loss = regression.loss(net(net.parameters, VelocityInput(regression.x, regression.t))).scalar
        // The residual of a x1 + b eps given x is (b alpha - a sigma) std / sqrt(var x) times a standard normal.
        let expected = regression.t.doubles.map { t in
            let level = diffusion.schedule.level(at: t)
            let factors = diffusion.preconditioning.factors(at: level)
            let gap = (factors.noise * level.alpha - factors.data * level.sigma) * std
            return gap * gap / (level.alpha * level.alpha * std * std + level.sigma * level.sigma)
        }
        let average = expected.reduce(0, +) / Double(count)
        let error = (expected.reduce(0) { $0 + 2 * $1 * $1 } / Double(count * count)).squareRoot()
        #expect(abs(loss - average) < 4.5 * error && average > 1e-3)
        let other = GaussianDenoiser(diffusion, mean: mean + 0.2, std: std)
        #expect(regression.loss(other(other.parameters, VelocityInput(regression.x, regression.t))).scalar > loss)
    }
}
