import TestSupport
import Testing

@testable import ModelZoo

@Suite("Split assignment: shares and groups of any number")
struct SplitShareTests {
    private func counts(_ splits: [ZooSplit]) -> [Int] { ZooSplit.allCases.map { kind in splits.count { $0 == kind } } }

    @Test("Hundredths of every count up to 400 are whole where they are whole in decimals")
    func decimals() {
        for percent in [7, 14, 28, 29, 55, 57, 58] {
            for count in [100, 200, 300, 400] {
                let assignment = SplitAssignment(validation: 0, test: Double(percent) / 100)
                #expect(
                    counts(assignment.splits(count: count)) == [
                        count - percent * count / 100, 0, percent * count / 100,
                    ])
            }
        }
    }

    @Test("Shares are rounded down, never beyond what there is, and the rest trains")
    func floors() {
        var choices = RandomChoices(state: 5)
        for _ in 0..<200 {
            let count = Int.random(in: 0...60, using: &choices)
            let test = Int.random(in: 0...16, using: &choices)
            let validation = Int.random(in: 0...16 - test, using: &choices)
            let assignment = SplitAssignment(
                validation: Double(validation) / 16, test: Double(test) / 16, seed: choices.next())
            let (held, chosen) = (count * test / 16, count * validation / 16)
            #expect(counts(assignment.splits(count: count)) == [count - held - chosen, chosen, held])
        }
    }

    @Test("Networks of random groups share a split, and groups are counted, not networks")
    func groups() {
        var choices = RandomChoices(state: 6)
        for seed in 0..<40 as Range<UInt64> {
            let groups = (0..<Int.random(in: 1...80, using: &choices)).map { _ in
                Int.random(in: 0..<12, using: &choices)
            }
            let splits = SplitAssignment(validation: 0.25, test: 0.25, seed: seed).splits(groups: groups)
            var split: [Int: ZooSplit] = [:]
            for (group, kind) in zip(groups, splits) { #expect(split.updateValue(kind, forKey: group) ?? kind == kind) }
            let (share, all) = (split.count / 4, Array(split.values))
            #expect(counts(all) == [split.count - 2 * share, share, share])
        }
    }

    @Test("What groups are called does not matter, only where they first appear")
    func renaming() {
        let groups = [4, 4, 1, 9, 1, 0, 9, 7, 3, 3]
        for seed in 0..<10 as Range<UInt64> {
            let assignment = SplitAssignment(validation: 0.3, test: 0.3, seed: seed)
            let named = assignment.splits(groups: groups.map { "group \(100 - $0)" })
            #expect(assignment.splits(groups: groups) == named)
        }
    }

    @Test("Networks appended to known groups change no earlier split")
    func growth() {
        let groups = [0, 1, 2, 3, 4, 5]
        let assignment = SplitAssignment(validation: 0.2, test: 0.4, seed: 8)
        let small = assignment.splits(groups: groups)
        #expect(Array(assignment.splits(groups: groups + [5, 0, 3]).prefix(6)) == small)
        #expect(assignment.splits(groups: groups + [5, 0, 3])[6...].elementsEqual([small[5], small[0], small[3]]))
    }

    @Test("A network whose run is missing stands for itself, even where others miss theirs too")
    func missingRuns() {
        var columns = ZooColumns(count: 20)
        columns["run"] = .integer([Int64](repeating: -1, count: 20))
        let assignment = SplitAssignment(validation: 0.25, test: 0.5, seed: 3)
        #expect(assignment.splits(of: columns).splits == assignment.splits(count: 20))
        columns["run"] = .integer([Int64](repeating: 4, count: 20))
        #expect(Set(assignment.splits(of: columns).splits) == [.train])
        #expect(SplitAssignment.runColumn == "run")
    }

    @Test("By default a tenth validates and a fifth stays fresh")
    func defaults() {
        #expect(counts(SplitAssignment().splits(count: 1000)) == [700, 100, 200])
    }
}
