import Basics
import Tensors

/// Entropic optimal transport between two sets of n points of equal weight.
///
/// The plan P [n, n] >= 0 with row and column sums 1 minimises sum P C + epsilon sum P log P; in the log domain
///
///     f_i <- -epsilon log sum_j exp((g_j - C_ij) / epsilon),  g_j likewise,
///     P_ij = exp((f_i + g_j - C_ij) / epsilon).
///
/// What the last sweep leaves open of the sums is closed by one correction of rank 1, so that they hold to rounding.
/// Source: Peyre & Cuturi, Computational optimal transport, 2019, section 4.4; the correction: Altschuler, Weed &
/// Rigollet, Near-linear time approximation algorithms for optimal transport via Sinkhorn iteration, 2017,
/// algorithm 2.
public struct Sinkhorn: ComponentConfig {
    /// epsilon, in units of the mean cost where `isRelative`; nil is the path's own (`along(_:)`).
    public var regularization: Double?
    /// Whether a given epsilon counts in mean costs: then one setting serves codes of any length and scale.
    public var isRelative = true
    /// Largest number of sweeps.
    public var sweeps = Self.usualSweeps
    /// A sweep is the last one when the row sums are off by less than this on average.
    public var tolerance = Self.usualTolerance

    /// A twentieth of the mean cost.
    private static let usual = 0.05
    /// Far more than a plan at the usual epsilon needs (about 130).
    private static let usualSweeps = 10_000
    /// Entries of the plan are then right to about 3e-5; with 1e-3, to 1e-2.
    private static let usualTolerance = 1e-6

    /// The path's own.
    public init() {}

    /// Describes the problem; traps unless regularization > 0 and sweeps >= 1.
    public init(regularization: Double, isRelative: Bool = true, sweeps: Int? = nil, tolerance: Double? = nil) {
        let sweeps = sweeps ?? Self.usualSweeps
        precondition(regularization > 0 && sweeps >= 1, "Sinkhorn: regularization \(regularization), \(sweeps) sweeps")
        self.regularization = regularization
        self.isRelative = isRelative
        self.sweeps = sweeps
        self.tolerance = tolerance ?? Self.usualTolerance
    }

    private enum CodingKeys: String, CodingKey {
        case regularization, sweeps, tolerance
        case isRelative = "relative"
    }

    /// What can be set.
    public static let keys = [
        ConfigKey(
            "regularization", .optional(.number(above: 0)),
            "Entropic regularisation; null: 2 sigma^2 with path: schrodinger-bridge, 0.05 mean squared distances "
                + "with others"),
        ConfigKey("relative", .flag, "Whether a given one counts in the minibatch's mean squared distances"),
        ConfigKey("sweeps", .integer(1...100_000), "Most sweeps of Sinkhorn's iteration"),
        ConfigKey("tolerance", .number(above: 0), "Mean error of the row sums at which the sweeps end"),
    ]

    /// An absolute epsilon that was not given.
    public func problems() -> [ConfigProblem] {
        guard regularization == nil, !isRelative else { return [] }
        return [ConfigProblem("regularization", expected: "a number with relative: false", found: "null")]
    }

    /// The plan's settings for pairs along a path. Tong et al. 2023, SB-CFM: a bridge of diffusion sigma between the
    /// pairs of the plan with epsilon = 2 sigma^2, absolute (costs are squared distances), is the Schrodinger bridge.
    func along(_ path: Path) -> Sinkhorn {
        guard regularization == nil else { return self }
        var plan = self
        plan.isRelative = path.kind != .schrodingerBridge
        plan.regularization = plan.isRelative ? Self.usual : 2 * path.sigma * path.sigma
        return plan
    }

    /// The plan for costs [n, n] in double precision, its rows and columns summing to 1; `error` is the mean absolute
    /// error of the row sums before the correction, `sweeps` how many were made.
    func plan(_ cost: Tensor) -> (matrix: Tensor, error: Double, sweeps: Int) {
        let count = cost.shape[0]
        let mean = cost.mean().scalar
        let regularization = regularization ?? Self.usual
        let epsilon = isRelative && mean > 0 ? regularization * mean : regularization
        let kernel = cost / -epsilon
        var columns = Tensor.zeros([1, count], precision: .double)
        var (plan, error, made) = (kernel, Double.infinity, 0)
        while made < sweeps, !(error < tolerance) {
            let rows = -(kernel + columns).logSumExp(axes: [1], keepingDims: true)
            columns = -(kernel + rows).logSumExp(axes: [0], keepingDims: true)
            plan = (kernel + rows + columns).exp()
            error = (plan.sum(axes: [1]) - 1).abs().mean().scalar
            made += 1
        }
        return (Self.corrected(plan), error, made)
    }

    /// The nearest plans' sums made exact: scaled down where too large, the rest spread as a product.
    private static func corrected(_ plan: Tensor) -> Tensor {
        let one = Tensor(1, precision: .double)
        let rowsDown = plan * plan.sum(axes: [1], keepingDims: true).reciprocal().minimum(one)
        let down = rowsDown * rowsDown.sum(axes: [0], keepingDims: true).reciprocal().minimum(one)
        let rowRest = (1 - down.sum(axes: [1], keepingDims: true)).relu()
        let columnRest = (1 - down.sum(axes: [0], keepingDims: true)).relu()
        let total = rowRest.sum().scalar
        return total > 0 ? down + matmul(rowRest, columnRest) / total : down
    }
}
