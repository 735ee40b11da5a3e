import Networks
import TestSupport
import Testing

@testable import ModelZoo

@Suite("Checks of networks, one by one")
struct NetworkCheckTests {
    @Test(
        "Steps that rise, with absent ones at the end alone, are in order",
        arguments: [
            [0], [0, 1], [5, 9, -1], [3, -1, -1], [0, .max],
        ] as [[Int64]])
    func sound(steps: [Int64]) { #expect(TrajectoryCheck.order(steps) == nil) }

    @Test(
        "What is wrong with steps is said with its place",
        arguments: [
            ([-1, -1], "no checkpoint at all"), ([], "no checkpoint at all"),
            ([-1, 4], "checkpoint 0 is absent, but a later one is there"),
            ([1, -1, 2, -1], "checkpoint 1 is absent, but a later one is there"),
            ([1, 1], "checkpoint 1 is of step 1, after step 1"),
            ([0, 7, 3], "checkpoint 2 is of step 3, after step 7"),
        ] as [([Int64], String)])
    func wrong(steps: [Int64], says: String) { #expect(TrajectoryCheck.order(steps) == says) }

    @Test("Random steps are in order exactly where the present ones are a rising prefix")
    func orderProperty() {
        var choices = RandomChoices(state: 41)
        var good = 0
        for _ in 0..<500 {
            let steps = (0..<Int.random(in: 1...4, using: &choices)).map { _ in
                Int64.random(in: -1...5, using: &choices)
            }
            let present = steps.prefix { $0 >= 0 }
            let rises = zip(present, present.dropFirst()).allSatisfy { $0 < $1 }
            let isSound = !present.isEmpty && rises && steps.dropFirst(present.count).allSatisfy { $0 == -1 }
            good += isSound ? 1 : 0
            #expect((TrajectoryCheck.order(steps) == nil) == isSound, "\(steps)")
        }
        #expect(good > 50 && good < 450)
    }

    @Test("Runs in two splits are exactly those that differ from their first network")
    func splits() {
        var choices = RandomChoices(state: 42)
        for _ in 0..<50 {
            let runs = (0..<12).map { _ in "r\(Int.random(in: 0..<6, using: &choices))" }
            let codes = (0..<12).map { _ in Int64.random(in: -1...2, using: &choices) }
            var columns = ZooColumns(count: 12)
            (columns["run"], columns["split"]) = (.text(runs), .integer(codes))
            let expected = (0..<12).filter { row in
                let first = (0..<12).first { runs[$0] == runs[row] && codes[$0] >= 0 }
                return codes[row] >= 0 && first.map { codes[$0] != codes[row] } == true
            }
            let outcome = SplitCheck(columns, column: "run").outcome()
            #expect(outcome.check.networks == expected && outcome.check.kind == .splits)
            #expect(outcome.check.state == (expected.isEmpty ? .good : .bad))
            let missing = codes.count { $0 < 0 }
            #expect(outcome.check.detail.hasSuffix(missing == 0 ? "splits" : ", \(missing) in none"))
        }
    }

    @Test("Networks whose run is missing are in no run; without runs each is one; without splits nothing is checked")
    func absent() {
        var columns = ZooColumns(count: 3)
        #expect(SplitCheck(columns, column: "run").outcome().check.state == .skipped)
        columns["split"] = .integer([0, 1, 2])
        let alone = SplitCheck(columns, column: "run").outcome()
        #expect(
            alone.check.state == .good
                && alone.check.detail == "no column run: every network counts as a run of its own")
        columns["run"] = .text(["", "", ""])
        #expect(SplitCheck(columns, column: "run").outcome().check.state == .good)
        columns["run"] = .text(["a", "a", "b"])
        let leak = SplitCheck(columns, column: "run").outcome()
        #expect(leak.findings.map(\.detail) == ["its run a is in another split (network 0)"])
        #expect(leak.findings.map(\.network) == [1])
    }

    @Test("The median lies with half the numbers on either side")
    func medians() {
        var choices = RandomChoices(state: 43)
        for count in 1...30 {
            let values = (0..<count).map { _ in Float.random(in: 0...1, using: &choices) }
            let median = MagnitudeCheck.median(values)
            #expect(values.count { Double($0) < median } <= count / 2)
            #expect(values.count { Double($0) > median } <= count / 2)
            #expect(MagnitudeCheck.median(values.shuffled(using: &choices)) == median)
            #expect(MagnitudeCheck.median(values.map { $0 * 4 }) == 4 * median)
        }
    }

    @Test("Findings are sorted by network and counted once; good and bad networks are all")
    func outcomes() {
        let found = [(network: 4, detail: "b"), (network: 1, detail: "a"), (network: 4, detail: "c")]
        let outcome = CheckOutcome(.finite, "why", found)
        #expect(outcome.check.networks == [1, 4] && outcome.findings.map(\.network) == [1, 4, 4])
        let whole = ZooVerification(path: "z", count: 6, checks: [outcome.check], findings: outcome.findings)
        #expect(whole.bad == [1, 4] && whole.good == [0, 2, 3, 5] && !whole.isGood && !whole.isDamaged)
        let damage = CheckOutcome(.checksums, "", [(network: 0, detail: "")])
        #expect(ZooVerification(path: "", count: 1, checks: [], findings: damage.findings).isDamaged)
        #expect(ZooVerification(path: "", count: 2, checks: [], findings: []).good == [0, 1])
    }
}
