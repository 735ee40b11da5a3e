import Testing

@testable import Networks

/// The phases of the solver: each must leave feasible duals and a matching that is tight under them.
@Suite struct AssignmentProblemTests {
    /// Kinds of matrices that make different phases work.
    enum Kind: CaseIterable { case normal, fewLevels, products, lowRank, oneRowWins, hugeRange }

    private func matrix(_ kind: Kind, _ count: Int) -> [Double] {
        var generator = SplitMix(seed: 11, index: UInt64(count))
        let vectors = (0..<2 * count * 3).map { _ in generator.normal() }
        return (0..<count * count).map { index in
            let (row, column) = (index / count, index % count)
            switch kind {
            case .normal: return generator.normal()
            case .fewLevels: return Double(generator.integer(below: 4))
            case .products: return Double((row + 1) * (column + 1))
            case .lowRank:
                return (0..<3).reduce(0) { $0 + vectors[row * 3 + $1] * vectors[(count + column) * 3 + $1] }
            case .oneRowWins: return (row == 0 ? 0 : 1000) + generator.uniform()
            case .hugeRange: return generator.normal() * (column % 2 == 0 ? 1e6 : 1)
            }
        }
    }

    @Test(arguments: Kind.allCases) func reductionsKeepDualsFeasible(_ kind: Kind) {
        let count = 61
        let cost = matrix(kind, count)
        var problem = AssignmentProblem(count: count)
        problem.fill(negated: false) { cost[$0] }
        problem.reduceColumns()
        expectTight(columns: problem.columnOfRow, duals: (0..<count).map { problem.dualAt($0) }, cost)
        let before = problem.freeRows.count
        problem.reduceRows()
        expectTight(columns: problem.columnOfRow, duals: (0..<count).map { problem.dualAt($0) }, cost)
        #expect(problem.freeRows.count <= before)
        #expect(Set(problem.freeRows) == Set((0..<count).filter { problem.columnOfRow[$0] < 0 }))
        for (row, column) in problem.columnOfRow.enumerated() where column >= 0 {
            #expect(problem.rowOfColumn[column] == row)
        }
    }

    @Test(arguments: Kind.allCases, [2, 8, 33, 150]) func duallyOptimal(_ kind: Kind, _ count: Int) {
        let cost = matrix(kind, count)
        for most in [false, true] {
            let solution = LinearAssignment.solution(count: count, entries: cost.count, maximize: most) { cost[$0] }
            #expect(solution.columns.sorted() == Array(0..<count))
            expectTight(columns: solution.columns, duals: solution.columnDuals, most ? cost.map { -$0 } : cost)
        }
    }

    @Test("single-precision costs are copied negated, a row's rest infinite; one that is not finite is found")
    func filling() {
        for count in [1, 7, 8, 33, 70] {
            let cost = matrix(.normal, count).map(Float.init)
            var problem = AssignmentProblem(count: count)
            let isFinite = problem.fill(negating: cost)
            #expect(isFinite)
            for row in 0..<count {
                for column in 0..<problem.padded {
                    let (found, inside) = (problem.costAt(row, column), column < count)
                    #expect(found == (inside ? -Double(cost[row * count + column]) : .infinity))
                }
            }
            let columns = problem.solve().columns
            #expect(columns == LinearAssignment.solve(cost, count: count, maximize: true))
            for place in [0, count * count / 2, count * count - 1] {
                for value in [Float.infinity, -.infinity, .nan] {
                    var broken = cost
                    broken[place] = value
                    #expect(RepeatedAssignment(count: count).maximize(broken) == nil)
                }
            }
        }
    }

    @Test(arguments: Kind.allCases) func warmStartsFindTheOptimumToo(_ kind: Kind) throws {
        let count = 61
        let cost = matrix(kind, count)
        let warm = RepeatedAssignment(count: count)
        var generator = SplitMix(seed: 3, index: 1)
        var current = cost.map(Float.init)
        for _ in 0..<5 {
            let columns = try #require(warm.maximize(current))
            #expect(columns.sorted() == Array(0..<count))
            func total(_ columns: [Int]) -> Double {
                columns.enumerated().reduce(0) { $0 + Double(current[$1.offset * count + $1.element]) }
            }
            let best = total(LinearAssignment.solve(current, count: count, maximize: true))
            #expect(abs(total(columns) - best) <= 1e-12 * max(1, abs(best)))
            current = current.map { $0 + Float(0.1 * generator.normal()) }
        }
    }

    /// Every matched entry must be the least of its row once column duals are subtracted.
    private func expectTight(columns: [Int], duals: [Double], _ cost: [Double]) {
        let count = columns.count
        let scale = max(1, cost.reduce(0) { max($0, abs($1)) })
        for (row, column) in columns.enumerated() where column >= 0 {
            let reduced = (0..<count).map { cost[row * count + $0] - duals[$0] }
            let least = reduced.min() ?? 0
            #expect(reduced[column] - least <= 1e-13 * scale)
        }
    }
}
