import Testing

@testable import Networks

@Suite struct LinearAssignmentTests {
    /// All permutations of `0..<count`.
    private func permutations(_ count: Int) -> [[Int]] {
        if count == 0 { return [[]] }
        return permutations(count - 1).flatMap { shorter in
            (0..<count).map { place in
                var longer = shorter
                longer.insert(count - 1, at: place)
                return longer
            }
        }
    }

    private func total(_ cost: [Double], _ columns: [Int]) -> Double {
        columns.enumerated().reduce(0) { $0 + cost[$1.offset * columns.count + $1.element] }
    }

    private func isPermutation(_ columns: [Int]) -> Bool { columns.sorted() == Array(columns.indices) }

    @Test(arguments: 0...7) func bruteForce(_ count: Int) {
        var generator = SplitMix(seed: 1, index: UInt64(count))
        let all = permutations(count)
        for trial in 0..<(count < 6 ? 60 : 12) {
            let levels = [3, 10, 1000][trial % 3]
            let cost = (0..<count * count).map { _ in Double(generator.integer(below: levels)) - 1 }
            let columns = LinearAssignment.solve(cost, count: count)
            #expect(isPermutation(columns))
            #expect(total(cost, columns) == all.map { total(cost, $0) }.min())
            let most = LinearAssignment.solve(cost, count: count, maximize: true)
            #expect(isPermutation(most))
            #expect(total(cost, most) == all.map { total(cost, $0) }.max())
        }
    }

    @Test func emptyAndSingle() {
        #expect(LinearAssignment.solve([Float](), count: 0) == [])
        #expect(LinearAssignment.solve([Float(-3)], count: 1, maximize: true) == [0])
    }

    @Test(arguments: [2, 9, 64, 200]) func plantedPermutation(_ count: Int) {
        var generator = SplitMix(seed: 2, index: UInt64(count))
        let planted = generator.permutation(count)
        var cost = (0..<count * count).map { _ in Float(1 + generator.uniform()) }
        for (row, column) in planted.enumerated() { cost[row * count + column] = 0 }
        #expect(LinearAssignment.solve(cost, count: count) == planted)
    }

    /// By the rearrangement inequality the sum of (i + 1)(p[i] + 1) is least for the reversal, most for the identity.
    @Test(arguments: [2, 17, 100]) func products(_ count: Int) {
        let cost = (0..<count * count).map { Float(($0 / count + 1) * ($0 % count + 1)) }
        #expect(LinearAssignment.solve(cost, count: count) == Array((0..<count).reversed()))
        #expect(LinearAssignment.solve(cost, count: count, maximize: true) == Array(0..<count))
    }

    /// Feasible duals of the same total prove an assignment optimal.
    @Test(arguments: [(200, false), (200, true), (67, false), (8, true)]) func certificate(_ count: Int, _ most: Bool) {
        var generator = SplitMix(seed: 3, index: UInt64(count))
        let cost = (0..<count * count).map { _ in generator.normal() }
        let solution = LinearAssignment.solution(count: count, entries: cost.count, maximize: most) { cost[$0] }
        #expect(isPermutation(solution.columns))
        let sign: Double = most ? -1 : 1
        var worst = 0.0
        for row in 0..<count {
            for column in 0..<count {
                let slack = sign * cost[row * count + column] - solution.rowDuals[row] - solution.columnDuals[column]
                worst = min(worst, slack)
                if solution.columns[row] == column { #expect(abs(slack) < 1e-12) }
            }
        }
        #expect(worst > -1e-12)
        let bound = solution.rowDuals.reduce(0, +) + solution.columnDuals.reduce(0, +)
        #expect(abs(sign * total(cost, solution.columns) - bound) < 1e-9)
    }

    @Test func maximizingIsMinimizingTheNegative() {
        var generator = SplitMix(seed: 4, index: 0)
        let cost = (0..<50 * 50).map { _ in Float(generator.normal()) }
        #expect(
            LinearAssignment.solve(cost, count: 50, maximize: true)
                == LinearAssignment.solve(cost.map { -$0 }, count: 50))
    }

    @Test func tiesAreSettledTheSameWay() {
        let count = 300
        let flat = LinearAssignment.solve([Float](repeating: 2, count: count * count), count: count)
        #expect(isPermutation(flat))
        var generator = SplitMix(seed: 5, index: 0)
        let cost = (0..<count * count).map { _ in Float(generator.integer(below: 3)) }
        let first = LinearAssignment.solve(cost, count: count)
        #expect(first == LinearAssignment.solve(cost, count: count))
        #expect(first == LinearAssignment.solve(cost.map(Double.init), count: count))
        #expect(first.enumerated().allSatisfy { cost[$0 * count + $1] == 0 })
    }

    /// Subtracting a value a row and a value a column leaves the optimum where it was.
    @Test func potentialsDoNotMatter() {
        var generator = SplitMix(seed: 6, index: 0)
        let count = 120
        let cost = (0..<count * count).map { _ in Double(generator.integer(below: 1 << 20)) }
        let rows = (0..<count).map { _ in Double(generator.integer(below: 1 << 20)) }
        let columns = (0..<count).map { _ in Double(generator.integer(below: 1 << 20)) }
        let moved = cost.indices.map { cost[$0] + rows[$0 / count] - columns[$0 % count] }
        let first = LinearAssignment.solve(cost, count: count)
        #expect(total(cost, first) == total(cost, LinearAssignment.solve(moved, count: count)))
    }

    @Test func valuesThatAreNotFiniteTrap() async {
        await #expect(processExitsWith: .failure) { _ = LinearAssignment.solve([Float.nan, 0, 0, 0], count: 2) }
        await #expect(processExitsWith: .failure) { _ = LinearAssignment.solve([0, Float.infinity, 0, 0], count: 2) }
        await #expect(processExitsWith: .failure) { _ = LinearAssignment.solve([0, 0, 0, -Double.infinity], count: 2) }
        await #expect(processExitsWith: .failure) { _ = LinearAssignment.solve([Float(0), 0, 0], count: 2) }
    }
}
