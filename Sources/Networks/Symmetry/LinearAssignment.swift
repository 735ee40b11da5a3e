import func Tensors.precondition

/// The linear assignment problem: one column for each row of a square matrix at the least total cost.
///
/// The method is that of Jonker and Volgenant (Computing 38, 1987): column reduction and reduction transfer, augmenting
/// row reduction, then shortest augmenting paths for the rows still free. Costs and dual variables are kept in double
/// precision, so the assignment is optimal up to rounding of about 1e-16 of the largest cost.
///
/// The same matrix gives the same assignment on every machine. Among equal choices each step takes the lowest column
/// (a free one first when a path may end), so ties are settled reproducibly, not by a global lexicographic rule.
public enum LinearAssignment {
    /// An assignment together with the dual variables that prove it optimal.
    ///
    /// With C the matrix as minimised (negated where the caller maximises): `rowDuals[i] + columnDuals[j] <= C[i, j]`
    /// for every entry, with equality where row i takes column j.
    struct Solution {
        /// The column of each row.
        var columns: [Int]
        /// u, one value a row.
        var rowDuals: [Double]
        /// v, one value a column.
        var columnDuals: [Double]
    }

    /// The column of each row that minimises (or maximises) the sum of `cost[i * count + columns[i]]`.
    ///
    /// `cost` is `[count, count]`, row-major. Traps on a wrong extent and on entries that are not finite.
    public static func solve(
        _ cost: UnsafeBufferPointer<Float>, count: Int, maximize: Bool = false
    ) -> [Int] {
        solution(count: count, entries: cost.count, maximize: maximize) { Double(cost[$0]) }.columns
    }

    /// The column of each row that minimises (or maximises) the sum of `cost[i * count + columns[i]]`.
    ///
    /// `cost` is `[count, count]`, row-major. Traps on a wrong extent and on entries that are not finite.
    public static func solve(
        _ cost: UnsafeBufferPointer<Double>, count: Int, maximize: Bool = false
    ) -> [Int] {
        solution(count: count, entries: cost.count, maximize: maximize) { cost[$0] }.columns
    }

    /// As the buffer form, for an array `[count, count]` in row-major order.
    public static func solve(_ cost: [Float], count: Int, maximize: Bool = false) -> [Int] {
        cost.withUnsafeBufferPointer { solve($0, count: count, maximize: maximize) }
    }

    /// As the buffer form, for an array `[count, count]` in row-major order.
    public static func solve(_ cost: [Double], count: Int, maximize: Bool = false) -> [Int] {
        cost.withUnsafeBufferPointer { solve($0, count: count, maximize: maximize) }
    }

    /// Solves with the dual variables; `entry` reads the matrix by row-major index.
    @inline(__always)
    static func solution(
        count: Int, entries: Int, maximize: Bool, entry: (Int) -> Double
    ) -> Solution {
        precondition(count >= 0 && entries == count * count, "assignment: \(entries) costs for \(count) x \(count)")
        if count == 0 { return Solution(columns: [], rowDuals: [], columnDuals: []) }
        var problem = AssignmentProblem(count: count)
        problem.fill(negated: maximize, entry)
        return problem.solve()
    }
}

/// Assignment problems of one size that follow each other with slowly changing costs: memory and duals are kept.
final class RepeatedAssignment {
    private var problem: AssignmentProblem
    private var isWarm = false

    /// Reserves room for problems of `count` rows.
    init(count: Int) { problem = AssignmentProblem(count: count) }

    /// The column of each row that maximises the sum of `cost[i * count + columns[i]]`, started from the last duals.
    /// nil where a cost is not finite.
    func maximize(_ cost: [Float]) -> [Int]? {
        precondition(
            cost.count == problem.count * problem.count, "assignment: \(cost.count) costs for \(problem.count) rows")
        if problem.count == 0 { return [] }
        guard problem.fill(negating: cost) else { return nil }
        defer { isWarm = true }
        return problem.solve(warm: isWarm).columns
    }
}
