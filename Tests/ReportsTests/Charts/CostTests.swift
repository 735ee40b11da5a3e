import TestSupport
import Testing

@testable import Reports

@Suite("What networks cost")
struct CostTests {
    private static func budget(
        _ zoo: Double?, _ generator: Double?, _ sampling: Double?, _ count: Int?,
        _ fresh: Double?
    )
        -> ReportInput.Budget
    {
        var budget = ReportInput.Budget()
        (budget.zooTraining, budget.generator, budget.sampling) = (zoo, generator, sampling)
        (budget.sampleCount, budget.freshNetwork) = (count, fresh)
        return budget
    }

    @Test("From the break-even on generating costs no more than training, one network earlier it does")
    func breakEven() throws {
        var random = RandomChoices(state: 71)
        var paying = 0
        for _ in 0..<300 {
            func seconds() -> Double { Double(Int.random(in: 1...4000, using: &random)) / 8 }
            let budget = Self.budget(
                seconds(), seconds(), seconds(), Int.random(in: 1...500, using: &random),
                seconds())
            let (fixed, one) = (try #require(budget.fixed), try #require(budget.oneSample))
            let (fresh, count) = (try #require(budget.freshNetwork), try #require(budget.breakEven))
            guard count.isFinite else {
                #expect(one >= fresh)
                continue
            }
            paying += 1
            #expect(fixed + one * count <= fresh * count * (1 + 1e-12))
            #expect(fixed + one * (count - 1) > fresh * (count - 1) * (1 - 1e-12))
        }
        #expect(paying > 100)
    }

    @Test("Whatever is unknown or not finite leaves the break-even unknown; alignment alone may be missing")
    func unknown() {
        #expect(Self.budget(1, 1, 1, 1, 2).breakEven == 2)
        for budget in [
            Self.budget(nil, 1, 1, 1, 2), Self.budget(1, nil, 1, 1, 2), Self.budget(1, 1, nil, 1, 2),
            Self.budget(1, 1, 1, nil, 2), Self.budget(1, 1, 1, 0, 2), Self.budget(1, 1, 1, -1, 2),
            Self.budget(1, 1, 1, 1, nil), Self.budget(.nan, 1, 1, 1, 2), Self.budget(1, 1, .infinity, 1, 2),
        ] {
            #expect(budget.breakEven == nil && CostFacts.breakEven(budget) == "not available")
        }
    }

    @Test("The number of networks is written out as long as it means something")
    func texts() {
        #expect(CostFacts.breakEven(Self.budget(1e6, 0, 0, 1, 1)) == "1,000,000 networks")
        #expect(CostFacts.breakEven(Self.budget(0, 0, 0, 1, 1)) == "0 networks")
        #expect(CostFacts.breakEven(Self.budget(1e300, 0, 0, 1, 1)) == "not available")
        #expect(CostFacts.breakEven(Self.budget(-5, 0, 0, 1, 1)) == "not available")
        #expect(CostFacts.breakEven(Self.budget(1, 1, 3, 1, 3)) == "never: a sample costs more than training")
    }

    @Test("What is not known of the costs has no line")
    func facts() {
        var budget = Self.budget(90, nil, 2.5, 50, nil)
        budget.judging = 7300
        let facts = CostFacts.budget(budget)
        #expect(facts.map(\.name)[1] == "Sampling of 50 networks")
        #expect(facts.map(\.value) == ["90 s", "2.5 s", "2 h 01 min", "50 ms", "not available"])
        #expect(CostFacts.budget(.init()).map(\.value) == ["not available"])
    }

    @Test("A distance that is known on one side only is shown beside a dash")
    func distances() {
        var alignment = ReportInput.Alignment(method: "none")
        alignment.distanceAfter = 18.92
        #expect(CostFacts.alignment(alignment).map(\.value) == ["none", "– → 18.9"])
        (alignment.distanceBefore, alignment.distanceAfter) = (0, nil)
        #expect(CostFacts.alignment(alignment).map(\.value) == ["none", "0 → –"])
        alignment.sweeps = 12_345
        #expect(CostFacts.alignment(alignment).map(\.value) == ["none", "12,345", "0 → –"])
    }
}
