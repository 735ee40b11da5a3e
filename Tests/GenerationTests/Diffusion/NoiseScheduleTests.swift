import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Noise schedules")
struct NoiseScheduleTests {
    private static func cases(_ name: String) throws -> [TorchCase] {
        try TorchCase.family("diffusion") { $0.hasPrefix(name) }
    }

    @Test("cumulative products of a DDPM's linear betas")
    func linear() throws {
        for expected in try Self.cases("linear") {
            let schedule = DiscreteSchedule.linear(
                steps: try expected.option("steps").int, from: try expected.option("first").double,
                to: try expected.option("last").double)
            let found = try expected.indices("steps").map { schedule.products[Int($0)] }
            #expect(relativeDifference(found.map(log), try expected.output("products").log().doubles) < 1e-10)
        }
    }

    @Test("cumulative products of cosine betas")
    func cosine() throws {
        for expected in try Self.cases("cosine") {
            let schedule = DiscreteSchedule.cosine(steps: try expected.option("steps").int)
            let found = try expected.indices("steps").map { schedule.products[Int($0)] }
            #expect(relativeDifference(found.map(log), try expected.output("products").log().doubles) < 1e-9)
        }
    }

    @Test("EDM's sampling levels")
    func edm() throws {
        for expected in try Self.cases("edm levels") {
            var config = EDMConfig()
            config.sigmaMin = try expected.option("low").double
            config.sigmaMax = try expected.option("high").double
            config.rho = try expected.option("rho").double
            let levels = EDMSchedule(config).levels(steps: try expected.option("steps").int)
            #expect(relativeDifference(levels.map(\.sigma), try expected.output("sigmas").doubles) < 1e-11)
            #expect(levels.allSatisfy { $0.alpha == 1 } && levels.last?.sigma == 0)
            #expect(abs(levels[0].time) < 1e-12 && abs(levels[levels.count - 2].time - 1) < 1e-12)
        }
    }

    @Test("the continuous schedule's noise, and the discrete one's limit")
    func continuous() throws {
        for expected in try Self.cases("vp continuous") {
            let times = try expected.input("s").doubles
            let found = times.map { ContinuousSchedule().level(at: 1 - $0).ratio }
            #expect(relativeDifference(found.map(log), try expected.output("sigma").log().doubles) < 1e-9)
        }
        let fine = DiscreteSchedule.linear(steps: 20_000, from: 0.1 / 20_000, to: 20.0 / 20_000)
        for t in [0.0, 0.3, 0.75, 0.95] {
            #expect(abs(fine.level(at: t).alpha - ContinuousSchedule().level(at: t).alpha) < 2e-4)
        }
    }

    @Test("levels lead from the most noise to none; times rise from 0 to 1", arguments: Diffusion.all.indices)
    func levels(_ index: Int) {
        let schedule = Diffusion.all[index].schedule
        for steps in [1, 7, 100] {
            let levels = schedule.levels(steps: steps)
            #expect(levels.count == steps + 1 && levels[steps].sigma == 0 && levels[steps].alpha == 1)
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0.ratio > $1.ratio })
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0.time <= $1.time + 1e-12 })
            #expect(abs(levels[0].time) < 1e-12 && levels[steps].time <= 1 + 1e-12)
        }
        let noisiest = schedule.level(at: 0)
        #expect(abs(noisiest.sigma / schedule.startStd - 1) < 1e-4, "the source has the noise's width")
    }

    @Test("a level is found again by its time and by its ratio", arguments: Diffusion.all.indices)
    func inversion(_ index: Int) {
        let schedule = Diffusion.all[index].schedule
        for t in [0, 0.25, 0.5, 0.9, 0.999] {
            let level = schedule.level(at: t)
            let again = schedule.level(ratio: level.ratio)
            #expect(abs(again.time - level.time) < 1e-9)
            #expect(abs(schedule.level(at: level.time).sigma - level.sigma) < 1e-9)
            #expect(relativeDifference([again.alpha, again.sigma], [level.alpha, level.sigma]) < 1e-9)
        }
    }

    @Test("beyond the schedule a ratio is kept and the time of its end is told", arguments: Diffusion.all.indices)
    func beyond(_ index: Int) {
        let schedule = Diffusion.all[index].schedule
        let noisiest = schedule.level(at: 0)
        let more = schedule.level(ratio: noisiest.ratio * 1.4)
        #expect(abs(more.time) < 1e-12 && more.time >= 0 && abs(more.ratio / noisiest.ratio - 1.4) < 1e-9)
        let little = schedule.level(ratio: 1e-9)
        #expect(little.time <= 1 && little.time >= 0.99 && abs(little.ratio / 1e-9 - 1) < 1e-6)
    }

    @Test("between two steps a discrete schedule tells a time between theirs, below the first the first's")
    func between() {
        let schedule = DiscreteSchedule.linear(steps: 10, from: 0.01, to: 0.5)
        let ratios = schedule.levels(steps: 10).map(\.ratio)
        let middle = schedule.level(ratio: (ratios[3] * ratios[4]).squareRoot())
        #expect(abs(middle.time - 0.35) < 1e-12)
        #expect(abs(schedule.level(ratio: ratios[9] / 5).time - 0.9) < 1e-12)
        #expect(abs(schedule.level(ratio: ratios[0] * 5).time) < 1e-12)
        #expect(schedule.level(ratio: 0) == NoiseLevel(alpha: 1, sigma: 0, time: 1))
    }

    @Test("discrete steps are uniform from 1 to T; log sigma of EDM is normal; times of the others uniform")
    func draws() {
        var stream = RandomStream(seed: 5, purpose: "test")
        let discrete = DiscreteSchedule.linear(steps: 8, from: 0.1, to: 0.3).draw(8000, &stream)
        let counts = (1...8).map { n in discrete.filter { abs($0.time - (1 - Double(n) / 8)) < 1e-9 }.count }
        #expect(counts.reduce(0, +) == 8000 && abs(chiSquareExcess(counts)) < 4)
        let sigmas = Moments(EDMSchedule(EDMConfig()).draw(8000, &stream).map { log($0.sigma) })
        #expect(sigmas.meanErrors(from: -1.2, std: 1.2) < 4 && abs(sigmas.variance / 1.44 - 1) < 0.07)
        let times = Moments(ContinuousSchedule().draw(8000, &stream).map(\.time))
        #expect(times.meanErrors(from: 0.5, std: (1.0 / 12).squareRoot()) < 4)
        #expect(times.kurtosis < 2 && ContinuousSchedule().draw(100, &stream).allSatisfy { $0.sigma > 0 })
    }

    @Test("EDM's settings follow the width of the data")
    func scaling() {
        let config = EDMConfig().scaled(toDataStd: 1.5)
        #expect(abs(config.sigmaMax - 240) < 1e-9 && abs(config.sigmaMin - 0.006) < 1e-12)
        #expect(abs(exp(config.logMean) - 3 * exp(-1.2)) < 1e-12 && config.logStd == 1.2 && config.rho == 7)
        let levels = (EDMSchedule(EDMConfig()).levels(steps: 9), EDMSchedule(config).levels(steps: 9))
        #expect(relativeDifference(levels.0.map { $0.sigma * 3 }, levels.1.map(\.sigma)) < 1e-12)
        #expect(relativeDifference(levels.0.map(\.time), levels.1.map(\.time)) < 1e-12, "the net is told the same")
        let codes = Tensor([3, -4, 5, 0] as [Double], shape: [2, 2])
        #expect(abs(EDMConfig.dataStd(of: codes) - 12.5.squareRoot()) < 1e-12)
        #expect(EDMConfig.dataStd(of: .zeros([2, 2])) == 1)
    }

    @Test("what is wrong with settings is said")
    func problems() {
        #expect(EDMConfig().problem == nil && DDPMConfig().problem == nil)
        let edm: [(inout EDMConfig) -> Void] = [
            { $0.sigmaMin = 0 }, { $0.sigmaMax = 0.001 }, { $0.dataStd = -1 }, { $0.rho = 0 }, { $0.logStd = -1 },
            { $0.logMean = .nan }, { $0.sigmaMax = .infinity },
        ]
        for change in edm {
            var config = EDMConfig()
            change(&config)
            #expect(config.problem != nil)
        }
        let ddpm: [(inout DDPMConfig) -> Void] = [
            { $0.steps = 0 }, { $0.betaStart = 0 }, { $0.betaEnd = 1 }, { $0.betaEnd = 1e-5 }, { $0.clip = 0 },
            { $0.betaEnd = 0.5 }, { ($0.schedule, $0.betaEnd) = (.continuous, 0.5) }, { $0.betaStart = .nan },
        ]
        for change in ddpm {
            var config = DDPMConfig()
            change(&config)
            #expect(config.problem != nil)
        }
        // The widest that is allowed still has a signal at its source.
        var config = DDPMConfig()
        (config.betaStart, config.betaEnd) = (0.03, 0.03)
        #expect(config.problem == nil)
        #expect(Diffusion(config).schedule.level(at: 0).alpha > 1e-8)
        config.schedule = .continuous
        #expect(Diffusion(config).schedule.level(at: 0).alpha > 1e-8)
    }

    @Test("settings are recorded and read back")
    func coding() throws {
        var (ddpm, edm) = (DDPMConfig(), EDMConfig().scaled(toDataStd: 3))
        (ddpm.schedule, ddpm.parameterization, ddpm.clip, edm.rho) = (.cosine, .velocity, 4, 5)
        #expect(try JSONDecoder().decode(DDPMConfig.self, from: JSONEncoder().encode(ddpm)) == ddpm)
        #expect(try JSONDecoder().decode(EDMConfig.self, from: JSONEncoder().encode(edm)) == edm)
    }
}
