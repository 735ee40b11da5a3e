import Tensors

/// Whether a sample is drawn like the rows beside it, by permutations.
///
/// Under exchangeability every subset of the pool is as likely as the sample to be the sample. With n subsets drawn at
/// random, of which k have a statistic at least as large, p = (k + 1) / (n + 1): never 0, and P(p <= alpha) <= alpha
/// for every alpha. Ties count against the finding.
///
/// Subsets are drawn from P *together with Q*. Those of P alone are too narrow, for they are not subsets of what the
/// sample's own value was reached in.
///
/// Source: Phipson and Smyth, Permutation p-values should never be zero, 2010, equation 2.
public struct PermutationTest: Codable, Sendable, Equatable {
    /// The sample's own statistic.
    public let statistic: Double
    /// The statistic of each subset, in the order in which they were drawn.
    public let null: [Double]

    /// Compares the sample's statistic with those of subsets. Traps on none.
    public init(statistic: Double, null: [Double]) {
        precondition(!null.isEmpty, "permutation test: no subsets")
        (self.statistic, self.null) = (statistic, null)
    }

    /// (k + 1) / (n + 1), k the subsets with a statistic at least as large; a statistic that is not a number is no
    /// evidence: 1.
    public var pValue: Double {
        guard !statistic.isNaN else { return 1 }
        let atLeast = null.count { !($0 < statistic) }
        return Double(atLeast + 1) / Double(null.count + 1)
    }

    /// `count` random subsets of `size` of `pool` rows, each a function of (seed, its index) alone. Traps unless
    /// 0 < size <= pool.
    public static func subsets(_ count: Int, size: Int, of pool: Int, seed: UInt64) -> [[Int]] {
        precondition(size > 0 && size <= pool, "permutation test: subsets of \(size) of \(pool) rows")
        return (0..<count).map { index in
            var stream = RandomStream(seed: seed, purpose: "shift.subset", index: UInt64(index))
            return Array(stream.permutation(pool).prefix(size))
        }
    }
}
