import Testing
import TestSupport

@testable import Networks

@Suite("Schedules")
struct ScheduleTests {
    private static func schedule(_ expected: TorchCase) throws -> any Schedule {
        func number(_ name: String) throws -> Double { try expected.option(name).double }
        func steps(_ name: String) throws -> Int { try expected.option(name).int }
        switch expected.name.prefix(while: { $0 != "," }) {
        case "constant": return ConstantSchedule(try number("lr"))
        case "cosine", "cosine to zero":
            return CosineSchedule(from: try number("lr"), to: try number("eta_min"), steps: try steps("steps"))
        case "linear warm-up":
            return WarmUpSchedule(
                steps: try steps("warmup"), from: try number("start_factor"), then: ConstantSchedule(try number("lr")))
        case "warm-up then cosine":
            // The first of `warmup` rising steps uses lr / warmup, the last of them is the cosine's first.
            let rise = try steps("warmup")
            let fall = CosineSchedule(
                from: try number("lr"), to: try number("eta_min"), steps: try steps("steps") - rise + 1)
            return WarmUpSchedule(steps: rise - 1, from: 1 / Double(rise), then: fall)
        case "one-cycle":
            return OneCycleSchedule(
                peak: try number("max_lr"), steps: try steps("steps"), share: try number("pct_start"),
                divisor: try number("div_factor"), finalDivisor: try number("final_div_factor"),
                curve: try expected.option("anneal").string == "cos" ? .cosine : .linear,
                hasThreePhases: expected.name.hasSuffix("three phases"))
        case "multi-step":
            return MultiStepSchedule(
                try number("lr"), milestones: try expected.option("milestones").ints, gamma: try number("gamma"))
        default: throw FixtureProblem(description: "no schedule \(expected.name)")
        }
    }

    @Test("rates are PyTorch's", arguments: try TorchCase.family("schedules"))
    func torch(_ expected: TorchCase) throws {
        let schedule = try Self.schedule(expected)
        let rates = try expected.output("rates").doubles
        #expect(relativeDifference(rates.indices.map { schedule.rate(at: $0) }, rates) < 1e-10)
    }

    @Test("defaults are PyTorch's")
    func defaults() throws {
        let plain = try TorchCase.family("schedules", where: { $0 == "one-cycle" })[0].output("rates").doubles
        let cycle = OneCycleSchedule(peak: 0.1, steps: 20)
        #expect(relativeDifference(plain.indices.map { cycle.rate(at: $0) }, plain) < 1e-10)
        #expect(MultiStepSchedule(1, milestones: [1]).rate(at: 1) == 0.1)
    }

    @Test("behind the end the last rate stays")
    func behindTheEnd() {
        let cosine = CosineSchedule(from: 1, to: 0.1, steps: 7)
        #expect(cosine.rate(at: 7) == cosine.end && cosine.rate(at: 70) == cosine.end)
        for hasThreePhases in [false, true] {
            let cycle = OneCycleSchedule(peak: 1, steps: 10, hasThreePhases: hasThreePhases)
            #expect(abs(cycle.rate(at: 9) - 1.0 / 250_000) < 1e-18 && cycle.rate(at: 90) == cycle.rate(at: 9))
        }
        #expect(WarmUpSchedule(steps: 3, then: cosine).rate(at: 100) == cosine.end)
    }

    @Test("a cycle with phases of no length is finite", arguments: [1, 2, 3, 10], [0, 0.1, 0.5, 1])
    func shortCycles(_ steps: Int, _ share: Double) {
        for hasThreePhases in [false, true] {
            let cycle = OneCycleSchedule(peak: 1, steps: steps, share: share, hasThreePhases: hasThreePhases)
            #expect((0..<steps).allSatisfy { (0...1).contains(cycle.rate(at: $0)) })
        }
    }

    @Test("a warm-up rises evenly to the other schedule, which then starts from its beginning")
    func warmUp() {
        let stairs = MultiStepSchedule(2, milestones: [3], gamma: 0.5)
        let schedule = WarmUpSchedule(steps: 4, then: stairs)
        #expect((0..<9).map { schedule.rate(at: $0) } == [0, 0.5, 1, 1.5, 2, 2, 2, 1, 1])
        let none = WarmUpSchedule(steps: 0, then: stairs)
        #expect((0..<5).allSatisfy { none.rate(at: $0) == stairs.rate(at: $0) })
        let twice = WarmUpSchedule(steps: 2, from: 0.5, then: schedule)
        #expect((0..<4).map { twice.rate(at: $0) } == [0, 0, 0, 0.5], "half of the first rate, which is 0")
    }
}
