/// Assignment problems of one size that follow each other with slowly changing costs: memory and duals are kept.
final class RepeatedAssignment {
    private var problem: AssignmentProblem
    private var isWarm = false

    /// Reserves room for problems of `count` rows.
    init(count: Int) { problem = AssignmentProblem(count: count) }

    /// The column of each row that maximises the sum of `cost[i * count + columns[i]]`, started from the last duals.
    func maximize(_ cost: [Float]) -> [Int] {
        precondition(
            cost.count == problem.count * problem.count, "assignment: \(cost.count) costs for \(problem.count) rows")
        if problem.count == 0 { return [] }
        cost.withUnsafeBufferPointer { cost in problem.fill(negated: true) { Double(cost[$0]) } }
        defer { isWarm = true }
        return problem.solve(warm: isWarm).columns
    }
}
