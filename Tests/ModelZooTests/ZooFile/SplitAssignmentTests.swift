import Tensors
import Testing

@testable import ModelZoo

@Suite("Split assignment")
struct SplitAssignmentTests {
    private func counts(_ splits: [ZooSplit]) -> [Int] { ZooSplit.allCases.map { kind in splits.count { $0 == kind } } }

    @Test(
        "Shares of the networks, rounded down; the rest is for training",
        arguments: [
            (10, 0.1, 0.2, [7, 1, 2]), (1, 0.1, 0.2, [1, 0, 0]), (100, 0.0, 0.29, [71, 0, 29]),
            (30, 0.1, 0.0, [27, 3, 0]),
            (5, 0.4, 0.6, [0, 2, 3]), (0, 0.1, 0.2, [0, 0, 0]),
        ])
    func shares(_ count: Int, _ validation: Double, _ test: Double, _ expected: [Int]) {
        let assignment = SplitAssignment(validation: validation, test: test)
        #expect(counts(assignment.splits(count: count)) == expected)
    }

    @Test("The seed decides, and nothing else")
    func seeds() {
        let first = SplitAssignment(seed: 3).splits(count: 200)
        #expect(first == SplitAssignment(seed: 3).splits(count: 200))
        #expect(first != SplitAssignment(seed: 4).splits(count: 200))
        var stream = RandomStream(seed: 3, purpose: "zoo.split")
        let order = stream.permutation(200)
        #expect(order.prefix(40).allSatisfy { first[$0] == .test })
        #expect(order.dropFirst(40).prefix(20).allSatisfy { first[$0] == .validation })
    }

    @Test("A group is never divided; shares count groups")
    func groups() {
        let groups = (0..<300).map { ($0 * 7) % 20 }
        let splits = SplitAssignment(seed: 1).splits(groups: groups)
        for group in 0..<20 {
            #expect(Set(groups.indices.filter { groups[$0] == group }.map { splits[$0] }).count == 1)
        }
        #expect(counts(splits) == [14 * 15, 2 * 15, 4 * 15])
    }

    @Test("Networks of a run stay together unless another column, or one that is not there, is named")
    func zoos() {
        var columns = ZooColumns(count: 40)
        columns["run"] = .text((0..<40).map { "r\($0 / 10)" })
        columns["task"] = .integer((0..<40).map { Int64($0 % 20) })
        let assignment = SplitAssignment(validation: 0.25, test: 0.5, seed: 2)
        let (splits, groups) = assignment.splits(of: columns)
        #expect(groups == columns.groups(by: "run") && counts(splits) == [10, 10, 20])
        #expect((0..<4).allSatisfy { run in Set(splits[run * 10..<run * 10 + 10]).count == 1 })
        let byTask = assignment.splits(of: columns, by: "task")
        #expect(byTask.splits[..<20] == byTask.splits[20...] && byTask.groups?.count == 40)
        let alone = assignment.splits(of: columns, by: "none")
        #expect(alone.groups == nil && alone.splits == assignment.splits(count: 40))
    }

    @Test("Equal networks get one split, across groups too; without any nothing changes")
    func copies() {
        var columns = ZooColumns(count: 40)
        let assignment = SplitAssignment(validation: 0.25, test: 0.5, seed: 2)
        let pairs = assignment.splits(of: columns, copies: (0..<40).map { $0 / 2 * 2 })
        #expect((0..<20).allSatisfy { pairs.splits[2 * $0] == pairs.splits[2 * $0 + 1] } && pairs.groups == nil)
        #expect(counts(pairs.splits) == [10, 10, 20])
        #expect(assignment.splits(of: columns, copies: Array(0..<40)).splits == assignment.splits(count: 40))
        columns["run"] = .text((0..<40).map { "r\($0 / 10)" })
        let joined = assignment.splits(of: columns, copies: (0..<40).map { $0 == 35 ? 5 : $0 }).splits
        #expect(Set(joined[..<10] + joined[30...]).count == 1 && counts(joined).filter { $0 > 0 }.count > 1)
    }

    @Test("Columns make groups; missing values stand for themselves")
    func columns() {
        var columns = ZooColumns(count: 3)
        columns["text"] = .text(["a", "", "a"])
        columns["integer"] = .integer([-1, 2, -1])
        columns["unsigned"] = .unsigned([5, 5, 6])
        columns["real"] = .real([0.5, .nan, 0.5])
        #expect(columns.groups(by: "text") == ["=a", "#1", "=a"])
        #expect(columns.groups(by: "integer") == ["#0", "=2", "#2"])
        #expect(columns.groups(by: "unsigned") == ["=5", "=5", "=6"])
        #expect(columns.groups(by: "real") == ["=0.5", "#1", "=0.5"])
        #expect(columns.groups(by: "none") == nil)
    }
}
