import Foundation
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Identities of noise schedules")
struct ScheduleIdentityTests {
    private static let preserving: [any NoiseSchedule] = [
        DiscreteSchedule.linear(steps: 200, from: 5e-4, to: 0.1), DiscreteSchedule.cosine(steps: 200),
        ContinuousSchedule(),
    ]

    private static var all: [any NoiseSchedule] { preserving + [EDMSchedule(EDMConfig())] }

    @Test("alpha^2 + sigma^2 = 1 wherever variance is preserved", arguments: preserving.indices)
    func preserved(_ index: Int) {
        let schedule = Self.preserving[index]
        var stream = RandomStream(seed: 1, purpose: "levels")
        let levels =
            [0, 0.1, 0.37, 0.8, 0.999, 1].map(schedule.level(at:)) + schedule.levels(steps: 33)
            + [1e-3, 0.2, 1, 30].map(schedule.level(ratio:)) + schedule.draw(50, &stream)
        for level in levels {
            #expect(abs(level.alpha * level.alpha + level.sigma * level.sigma - 1) < 1e-12)
        }
        #expect(schedule.startStd == 1)
    }

    @Test("the signal-to-noise ratio rises with time", arguments: all.indices)
    func monotone(_ index: Int) {
        let ratios = (0...100).map { Self.all[index].level(at: Double($0) / 100).ratio }
        #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("a level of a ratio has that ratio, between the steps too", arguments: all.indices)
    func ratios(_ index: Int) {
        for ratio in [1e-3, 0.05, 0.7, 4, 60] {
            #expect(abs(Self.all[index].level(ratio: ratio).ratio / ratio - 1) < 1e-12)
        }
    }

    @Test("continuous: -2 d log alpha / ds is the straight line from betaMin to betaMax", arguments: [0.1, 0.5, 0.9])
    func continuous(_ s: Double) {
        let schedule = ContinuousSchedule(betaMin: 0.3, betaMax: 12)
        let h = 1e-5
        func logAlpha(_ s: Double) -> Double { log(schedule.level(at: 1 - s).alpha) }
        let slope = (logAlpha(s + h) - logAlpha(s - h)) / (2 * h)
        #expect(abs(-2 * slope / (0.3 + s * 11.7) - 1) < 1e-7)
        #expect(schedule.level(at: 1) == NoiseLevel(alpha: 1, sigma: 0, time: 1))
    }

    @Test("linear: quotients of products fall in a straight line from 1 - first to 1 - last")
    func linear() {
        let schedule = DiscreteSchedule.linear(steps: 5, from: 0.1, to: 0.3)
        let betas = zip(schedule.products, schedule.products.dropFirst()).map { 1 - $1 / $0 }
        #expect(relativeDifference(betas, [0.1, 0.15, 0.2, 0.25, 0.3]) < 1e-13)
        #expect(DiscreteSchedule.linear(steps: 1, from: 0.2, to: 0.9).products == [1, 0.8], "one step is the first")
    }

    @Test("cosine: products are cos^2 over its start, every beta at most 0.999", arguments: [4, 50])
    func cosine(_ steps: Int) {
        let schedule = DiscreteSchedule.cosine(steps: steps)
        func f(_ n: Int) -> Double {
            let c = cos((Double(n) / Double(steps) + 0.008) / 1.008 * .pi / 2)
            return c * c
        }
        for n in 0..<steps { #expect(abs(schedule.products[n] - f(n) / f(0)) < 1e-12) }
        let betas = zip(schedule.products, schedule.products.dropFirst()).map { 1 - $1 / $0 }
        #expect(abs((betas.max() ?? 0) - 0.999) < 1e-12, "the last would be 1")
    }

    @Test("a discrete schedule's full walk visits every step once, shorter ones some of these")
    func steps() {
        let schedule = DiscreteSchedule.linear(steps: 12, from: 0.01, to: 0.2)
        let whole = schedule.levels(steps: 12)
        #expect(whole.map { Int(((1 - $0.time) * 12).rounded()) } == Array((0...12).reversed()))
        for count in [1, 5, 7] {
            let levels = schedule.levels(steps: count)
            #expect(levels.allSatisfy(whole.contains) && Set(levels.map(\.time)).count == count + 1)
        }
    }

    @Test("EDM: sampling levels are even in sigma^(1/rho), times in log sigma", arguments: [1.0, 3, 7])
    func edm(_ rho: Double) {
        var config = EDMConfig()
        config.rho = rho
        let schedule = EDMSchedule(config)
        let roots = schedule.levels(steps: 9).dropLast().map { pow($0.sigma, 1 / rho) }
        let gaps = zip(roots, roots.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { abs($0 / gaps[0] - 1) < 1e-9 })
        let logs = [0, 0.25, 0.5, 1].map { log(schedule.level(at: $0).sigma) }
        #expect(abs(logs[0] - log(80)) < 1e-12 && abs(logs[3] - log(0.002)) < 1e-12)
        #expect(abs(logs[2] - (logs[0] + logs[3]) / 2) < 1e-12 && abs(logs[1] - (logs[0] + logs[2]) / 2) < 1e-12)
        #expect(schedule.levels(steps: 1).map(\.sigma).count == 2 && schedule.level(ratio: 0).time == 1)
    }

    @Test("draws beyond EDM's bounds are told as what they are")
    func outside() {
        var config = EDMConfig()
        (config.logMean, config.logStd) = (log(80) + 1, 0)
        var stream = RandomStream(seed: 1, purpose: "levels")
        let level = EDMSchedule(config).draw(1, &stream)[0]
        #expect(abs(level.sigma - 80 * exp(1)) < 1e-9 && abs(level.time + 1 / log(40_000)) < 1e-12)
    }

    @Test("churned noise grows by 1 + min(S / N, sqrt(2) - 1) between its bounds, and not beyond")
    func churn() {
        var churn = Churn()
        #expect(churn.growth(at: 1, steps: 10) == 1)
        (churn.strength, churn.from, churn.to) = (2, 0.5, 4)
        #expect([0.5, 1, 4].allSatisfy { churn.growth(at: $0, steps: 10) == 1.2 })
        #expect([(0.5).nextDown, (4.0).nextUp].allSatisfy { churn.growth(at: $0, steps: 10) == 1 })
        #expect(churn.growth(at: 1, steps: 3) == 2.0.squareRoot(), "at most twice the variance")
        churn.to = nil
        #expect(churn.growth(at: 1e9, steps: 10) == 1.2)
    }
}
