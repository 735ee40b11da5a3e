import Tensors

/// V(x) = x' A x / 2 + b' x, fitted in closed form to pairs of states as JKOnet*'s linear features are.
///
/// With pairs (x_i, y_i) that are tau_i apart, g_i = (x_i - y_i) / tau_i and weights w_i = tau_i^2, the loss
/// sum |tau_i (A y_i + b) + y_i - x_i|^2 = sum w_i |A y_i + b - g_i|^2 is least over symmetric A where, with weighted
/// means taken off y and g, G = sum w y y' and C = sum w y g',
///
///     (G + ridge) A + A (G + ridge) = C + C',    b = mean g - A mean y,
///
/// a Lyapunov equation: with G = U diag(l) U', (U' A U)_ij = (U' (C + C') U)_ij / (l_i + l_j + 2 ridge). That takes K^3,
/// where a least-squares problem in the K (K + 1) / 2 entries of A would take K^6. What the pairs say nothing of
/// (l_i + l_j = 0 up to rounding) is 0. `ridge` is in units of the mean of l, so that it means the same at any scale: in
/// one dimension it shrinks A by 1 / (1 + ridge).
public struct QuadraticPotential: Sendable {
    /// Which curvatures are looked for.
    public enum Form: String, Codable, Sendable, CaseIterable {
        /// Any symmetric A.
        case full
        /// A diagonal A.
        case diagonal
        /// None: V = b' x.
        case linear
    }

    /// A, [K, K], double.
    public let curvature: Tensor
    /// b, [K], double.
    public let tilt: Tensor

    /// Takes a known potential; traps unless A is [K, K] and b [K].
    public init(curvature: Tensor, tilt: Tensor) {
        let dimension = tilt.count
        precondition(
            tilt.rank == 1 && curvature.shape == [dimension, dimension],
            "quadratic potential: \(curvature.shape), \(tilt.shape)")
        self.curvature = curvature.converted(to: .double)
        self.tilt = tilt.converted(to: .double)
    }

    /// Fits pairs; nil where they are not finite, or none takes any time. Traps for a ridge below 0.
    public init?(fitting pairs: Transitions, form: Form = .full, ridge: Double = 0) {
        precondition(ridge >= 0, "quadratic potential: ridge \(ridge)")
        let moments = Moments(pairs)
        guard let moments, moments.isFinite else { return nil }
        let dimension = pairs.later.shape[1]
        let curvature: Tensor
        switch form {
        case .linear: curvature = .zeros([dimension, dimension], precision: .double)
        case .diagonal: curvature = moments.diagonalCurvature(ridge)
        case .full:
            guard let found = moments.fullCurvature(ridge) else { return nil }
            curvature = found
        }
        let center = moments.laterMean
        let tilt = moments.rateMean - matmul(center, curvature)
        self.init(curvature: curvature, tilt: tilt.reshaped([dimension]))
    }

    /// V(x) of points [n, K], [n].
    public func value(at x: Tensor) -> Tensor {
        let x = x.converted(to: .double)
        return (x * (matmul(x, curvature) / 2 + tilt)).sum(axes: [1])
    }

    /// grad V(x) of points [n, K], [n, K].
    public func gradient(at x: Tensor) -> Tensor { matmul(x.converted(to: .double), curvature) + tilt }

    /// The proximal step y = (1 + tau A)^-1 (x - tau b) of points [n, K], exactly; nil where V curves down by 1 / tau
    /// or more in some direction, so that there is no such point, or where it is not finite.
    public func proximalStep(from x: Tensor, tau: Double) -> Tensor? {
        guard let eigen = SymmetricEigen(curvature) else { return nil }
        let factors = eigen.values.map { 1 + tau * $0 }
        guard factors.allSatisfy({ $0 > 1e-12 }) else { return nil }
        let inner = matmul(x.converted(to: .double) - tilt * tau, eigen.vectors, transposeB: true)
        return matmul(inner / Tensor(factors, shape: [factors.count]), eigen.vectors)
    }
}

/// Weighted means and second moments of pairs.
private struct Moments {
    let laterMean: Tensor
    let rateMean: Tensor
    /// G / sum of weights, [K, K].
    let scatter: Tensor
    /// C / sum of weights, [K, K].
    let cross: Tensor

    /// Nil where no pair takes time.
    init?(_ pairs: Transitions) {
        let durations = pairs.durations, count = durations.count
        let total = durations.reduce(0) { $0 + $1 * $1 }
        guard total > 0 else { return nil }
        func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [count, 1]) }
        let later = pairs.later.converted(to: .double)
        let rates = (pairs.earlier.converted(to: .double) - later) * column(durations.map { $0 > 0 ? 1 / $0 : 0 })
        let weights = column(durations.map { $0 * $0 / total })
        let (y, g) = (
            (later * weights).sum(axes: [0], keepingDims: true), (rates * weights).sum(axes: [0], keepingDims: true)
        )
        let centred = later - y
        let weighted = centred * weights
        (laterMean, rateMean) = (y, g)
        scatter = matmul(weighted, centred, transposeA: true)
        cross = matmul(weighted, rates - g, transposeA: true)
    }

    var isFinite: Bool { scatter.isFinite && cross.isFinite && rateMean.isFinite }

    /// Sums of eigenvalues below this share of the largest one are rounding.
    private static let rounding = 1e-12

    func fullCurvature(_ ridge: Double) -> Tensor? {
        guard let eigen = SymmetricEigen(scatter), let top = eigen.values.first else { return nil }
        let dimension = eigen.values.count
        let penalty = ridge * eigen.values.reduce(0) { $0 + max(0, $1) } / Double(dimension)
        let both = cross + cross.transposed()
        let turned = matmul(matmul(eigen.vectors, both), eigen.vectors, transposeB: true)
        let least = Self.rounding * top
        let factors = eigen.values.flatMap { first in
            eigen.values.map { second -> Double in
                let sum = max(0, first) + max(0, second) + 2 * penalty
                return sum > 2 * least ? 1 / sum : 0
            }
        }
        let inner = turned * Tensor(factors, shape: [dimension, dimension])
        return matmul(matmul(eigen.vectors, inner, transposeA: true), eigen.vectors)
    }

    func diagonalCurvature(_ ridge: Double) -> Tensor {
        let dimension = scatter.shape[0]
        let (widths, products) = (scatter.doubles, cross.doubles)
        let diagonal = (0..<dimension).map { (widths[$0 * (dimension + 1)], products[$0 * (dimension + 1)]) }
        let penalty = ridge * diagonal.reduce(0) { $0 + $1.0 } / Double(dimension)
        let top = diagonal.map(\.0).max() ?? 0
        var matrix = [Double](repeating: 0, count: dimension * dimension)
        for (index, (width, product)) in diagonal.enumerated() where width + penalty > Self.rounding * top {
            matrix[index * (dimension + 1)] = product / (width + penalty)
        }
        return Tensor(matrix, shape: [dimension, dimension])
    }
}
