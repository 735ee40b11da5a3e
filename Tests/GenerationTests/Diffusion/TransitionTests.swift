import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Transitions of diffusion samplers")
struct TransitionTests {
    /// DDPM's posterior by its betas: mean = c1 x1 + c2 x, variance beta~ (Ho et al. 2020, eq. 6-7).
    @Test("one step of a DDPM is the posterior of its betas")
    func posterior() {
        let schedule = DiscreteSchedule.linear(steps: 1000, from: 1e-4, to: 0.02)
        let levels = schedule.levels(steps: 1000)
        for n in [1, 2, 10, 500, 999, 1000] {
            let (now, before) = (schedule.products[n], schedule.products[n - 1])
            let beta = 1 - now / before
            let ofData = before.squareRoot() * beta / (1 - now)
            let ofPoint = (1 - beta).squareRoot() * (1 - before) / (1 - now)
            let variance = (1 - before) / (1 - now) * beta
            let (level, next) = (levels[1000 - n], levels[1001 - n])
            let move = Transition(from: level, to: next, eta: 1)
            // x = alpha x1 + sigma eps put into ours.
            #expect(abs(ofPoint * level.sigma - move.noise) < 1e-12)
            #expect(abs(ofData + ofPoint * level.alpha - next.alpha) < 1e-12)
            #expect(abs(variance.squareRoot() - move.fresh) < 1e-9)
            let larger = Transition(forwardNoiseFrom: level, to: next)
            #expect(abs(larger.fresh - (n == 1 ? 0 : beta.squareRoot())) < 1e-9 && larger.noise == move.noise)
        }
    }

    @Test("DDIM's share, and the variance of the next level whatever eta", arguments: [0, 0.3, 1])
    func shares(_ eta: Double) {
        for diffusion in Diffusion.all {
            let levels = diffusion.schedule.levels(steps: 10)
            for (level, next) in zip(levels, levels.dropFirst()) {
                let move = Transition(from: level, to: next, eta: eta)
                let sum = move.noise * move.noise + move.fresh * move.fresh
                #expect(abs(sum - next.sigma * next.sigma) < 1e-9 * (1 + next.sigma * next.sigma))
                #expect(move.noise >= 0 && move.fresh >= 0 && (eta > 0 || move.fresh == 0))
                #expect(next.sigma > 0 || move.fresh == 0, "nothing is drawn at the end")
            }
        }
        // Song et al. 2021, eq. 16.
        let (level, next) = (NoiseLevel.preserving(product: 0.2, time: 0), NoiseLevel.preserving(product: 0.7, time: 0))
        let published = eta * (0.3 / 0.8).squareRoot() * (1 - 0.2 / 0.7).squareRoot()
        #expect(abs(Transition(from: level, to: next, eta: eta).fresh - published) < 1e-12)
    }

    @Test("the posterior of any two levels, by conditioning a joint Gaussian")
    func conditioning() {
        for (level, next) in [
            (NoiseLevel(alpha: 0.3, sigma: 1.4, time: 0), NoiseLevel(alpha: 0.8, sigma: 0.5, time: 0)),
            (NoiseLevel(alpha: 1, sigma: 20, time: 0), NoiseLevel(alpha: 1, sigma: 3, time: 0)),
        ] {
            // x = k x' + step, x' given x1 has mean alpha' x1 and variance sigma'^2.
            let k = level.alpha / next.alpha
            let gain = k * next.sigma * next.sigma / (level.sigma * level.sigma)
            let move = Transition(from: level, to: next, eta: 1)
            #expect(abs(gain * level.sigma - move.noise) < 1e-12)
            #expect(abs(next.sigma * next.sigma - gain * k * next.sigma * next.sigma - move.fresh * move.fresh) < 1e-12)
        }
    }
}
