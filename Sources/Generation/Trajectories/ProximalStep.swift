import Tensors

/// An implicit step of a velocity, y = x + tau v(y), found iteratively for every row by itself.
///
/// For v = -grad V that is the proximal step y = argmin V(y) + |y - x|^2 / (2 tau). With the residual
/// F(y) = y - x - tau v(y), from y = x on:
///
///     y <- y - s F(y),   s = <dy, dy> / <dy, dF> of the last two points (1 at first, and where that is not positive)
///
/// It ends where |F(y)| <= tolerance (|x| + |y - x|), row by row; a row that does not get there keeps the point of
/// its least residual and is said not to have converged, which is a value and no error: where tau v is not
/// monotone enough (a potential that curves down by 1 / tau or more) there may be no such y at all.
/// Source of s: Barzilai and Borwein, Two-point step size gradient methods, 1988; as a method for equations La Cruz,
/// Martinez and Raydan, Spectral residual method without gradient information, 2006, without their line search.
public struct ProximalStep: Sendable, Equatable {
    /// Residual allowed, relative to |x| + |y - x|.
    public let tolerance: Double
    /// Most evaluations of the velocity.
    public let iterations: Int

    /// Steps s are kept between these.
    private static let stepBounds = 1e-4...1e4

    /// Describes the search; traps unless both numbers are positive.
    public init(tolerance: Double = 1e-5, iterations: Int = 100) {
        precondition(tolerance > 0 && iterations > 0, "proximal step: tolerance \(tolerance), \(iterations) iterations")
        (self.tolerance, self.iterations) = (tolerance, iterations)
    }

    /// The implicit step of length tau from x [B, K]; row i of the velocity must depend on row i of its argument alone.
    public func solve(from x: Tensor, tau: Double, velocity: (Tensor) -> Tensor) -> ProximalSolution {
        precondition(x.rank == 2 && tau > 0, "proximal step: points \(x.shape), tau \(tau)")
        let start = Self.norms(x)
        var search = Search(point: x, residual: -(velocity(x) * tau))
        var used = 1
        search.keepBest(start)
        while used < iterations, !search.isDone(tolerance) {
            let next = search.point - search.residual * search.steps(Self.stepBounds)
            search.advance(to: next, residual: next - x - velocity(next) * tau)
            search.keepBest(start, movedFrom: x)
            used += 1
        }
        return ProximalSolution(
            point: search.best, residuals: search.least, iterations: used, tolerance: tolerance)
    }

    /// |x_i| of each row.
    fileprivate static func norms(_ x: Tensor) -> [Double] { x.square().sum(axes: [1]).sqrt().doubles }
}

/// Where an implicit step led.
public struct ProximalSolution: Sendable {
    /// y, [B, K]; of rows that did not converge the point of the least residual.
    public let point: Tensor
    /// |y - x - tau v(y)| / (|x| + |y - x|) of each row.
    public let residuals: [Double]
    /// Evaluations of the velocity.
    public let iterations: Int
    /// Residual that was allowed.
    public let tolerance: Double

    /// Whether each row converged.
    public var hasConverged: [Bool] { residuals.map { $0 <= tolerance } }
    /// Whether all did.
    public var isConverged: Bool { residuals.allSatisfy { $0 <= tolerance } }
}

/// The state of a search.
private struct Search {
    var point: Tensor
    var residual: Tensor
    var best: Tensor
    var least: [Double]
    private var change: (point: Tensor, residual: Tensor)?

    init(point: Tensor, residual: Tensor) {
        (self.point, self.residual, best) = (point, residual, point)
        least = Array(repeating: .infinity, count: point.shape[0])
    }

    mutating func advance(to next: Tensor, residual: Tensor) {
        change = (next - point, residual - self.residual)
        (point, self.residual) = (next, residual)
    }

    func isDone(_ tolerance: Double) -> Bool { least.allSatisfy { $0 <= tolerance } }

    /// Step lengths [B, 1].
    func steps(_ bounds: ClosedRange<Double>) -> Tensor {
        guard let change else { return .ones([point.shape[0], 1], precision: point.precision) }
        let square = change.point.square().sum(axes: [1]).doubles
        let product = (change.point * change.residual).sum(axes: [1]).doubles
        let steps = zip(square, product).map { square, product -> Double in
            let step = square / product
            return step.isFinite && step > 0 ? min(bounds.upperBound, max(bounds.lowerBound, step)) : 1
        }
        return Tensor(steps, shape: [steps.count, 1], precision: point.precision)
    }

    /// Keeps those rows of the point that have the least residual yet.
    mutating func keepBest(_ start: [Double], movedFrom x: Tensor? = nil) {
        let moved = x.map { ProximalStep.norms(point - $0) } ?? Array(repeating: 0, count: start.count)
        let found = zip(ProximalStep.norms(residual), zip(start, moved)).map { $0 / max($1.0 + $1.1, 1e-30) }
        let isBetter = zip(found, least).map { $0 < $1 }
        guard isBetter.contains(true) else { return }
        let mask = Tensor(isBetter.map { $0 ? 1 : 0 }, shape: [found.count, 1], precision: point.precision)
        best = .select(mask.broadcast(to: point.shape), point, best)
        least = zip(found, zip(least, isBetter)).map { $1.1 ? $0 : $1.0 }
    }
}
