import Tensors

/// How a curve runs between the knots that it passes through.
public enum Interpolation: String, Codable, Sendable, CaseIterable {
    /// Straight from knot to knot; its velocity jumps at knots, where that of the interval before counts.
    case linear
    /// A cubic spline whose second derivative is zero at both ends.
    case natural
    /// A cubic spline whose third derivative does not jump at the first and the last inner knot (SciPy's and MATLAB's
    /// default); a parabola through three knots.
    case notAKnot = "not-a-knot"
}

/// A curve through values x_k at rising times t_k, as weights of these values, which depend on times alone:
///
///     S(t) = sum_k w_k(t) x_k,    S'(t) = sum_k w'_k(t) x_k.
///
/// On t_j < t <= t_j + h of a cubic spline, a = (t_j + h - t) / h, b = 1 - a, M its second derivatives at the knots:
///
///     S  = a x_j + b x_j+1 + ((a^3 - a) M_j + (b^3 - b) M_j+1) h^2 / 6
///     S' = (x_j+1 - x_j) / h + ((3 b^2 - 1) M_j+1 - (3 a^2 - 1) M_j) h / 6
///
/// M is linear in x; its matrix is found once. Two knots are a straight line with every interpolation. Beyond the ends
/// the end intervals' polynomials go on.
/// Source: de Boor, A practical guide to splines, 1978, chapter IV.
public struct Spline: Sendable {
    /// Where the curve is and where it goes, as weights of the knots' values.
    public struct Weights: Sendable {
        /// w_k, one a knot; they add up to 1.
        public let location: [Double]
        /// w'_k, one a knot; they add up to 0.
        public let velocity: [Double]
        /// Share of the interval that has passed, in [0, 1] between the ends.
        public let share: Double
        /// The interval's length, h.
        public let length: Double
    }

    /// t_k, rising.
    public let knots: [Double]
    /// How it runs between them.
    public let interpolation: Interpolation
    /// Row j: the second derivative at knot j as weights of the values; empty for straight lines.
    private let curvature: [[Double]]

    /// Prepares curves through values at these times. Traps unless they are two or more, finite and rising.
    public init(through knots: [Double], _ interpolation: Interpolation) {
        precondition(
            knots.count >= 2 && knots.allSatisfy(\.isFinite) && zip(knots, knots.dropFirst()).allSatisfy(<),
            "spline: knots \(knots)")
        (self.knots, self.interpolation) = (knots, interpolation)
        let isStraight = interpolation == .linear || knots.count == 2
        curvature = isStraight ? [] : Self.curvature(knots, interpolation)
    }

    /// The weights at a time.
    public func weights(at t: Double) -> Weights {
        // The interval that ends at or after t; the first and the last one reach beyond the ends.
        let j = max(0, min(knots.count - 2, (knots.firstIndex { $0 >= t } ?? knots.count) - 1))
        let h = knots[j + 1] - knots[j]
        let a = (knots[j + 1] - t) / h
        let b = 1 - a
        var location = [Double](repeating: 0, count: knots.count), velocity = location
        (location[j], location[j + 1]) = (a, b)
        (velocity[j], velocity[j + 1]) = (-1 / h, 1 / h)
        if !curvature.isEmpty {
            let place = ((a * a * a - a) * h * h / 6, (b * b * b - b) * h * h / 6)
            let rate = ((1 - 3 * a * a) * h / 6, (3 * b * b - 1) * h / 6)
            for k in knots.indices {
                location[k] += place.0 * curvature[j][k] + place.1 * curvature[j + 1][k]
                velocity[k] += rate.0 * curvature[j][k] + rate.1 * curvature[j + 1][k]
            }
        }
        return Weights(location: location, velocity: velocity, share: b, length: h)
    }

    /// The matrix that takes values to second derivatives at the knots: it solves, for every inner knot,
    ///
    ///     h_j-1 M_j-1 + 2 (h_j-1 + h_j) M_j + h_j M_j+1 = 6 ((x_j+1 - x_j) / h_j - (x_j - x_j-1) / h_j-1)
    ///
    /// and one equation for each end.
    private static func curvature(_ knots: [Double], _ ends: Interpolation) -> [[Double]] {
        let count = knots.count
        let h = zip(knots.dropFirst(), knots).map { $0 - $1 }
        let zero = [Double](repeating: 0, count: count)
        var matrix = [[Double]](repeating: zero, count: count), right = matrix
        for j in 1..<(count - 1) {
            (matrix[j][j - 1], matrix[j][j], matrix[j][j + 1]) = (h[j - 1], 2 * (h[j - 1] + h[j]), h[j])
            (right[j][j - 1], right[j][j + 1]) = (6 / h[j - 1], 6 / h[j])
            right[j][j] = -6 / h[j] - 6 / h[j - 1]
        }
        let last = count - 1
        switch ends {
        case .linear, .natural: (matrix[0][0], matrix[last][last]) = (1, 1)
        case .notAKnot where count == 3:
            // Both ends would say the same: one parabola instead, of constant second derivative.
            (matrix[0][0], matrix[0][1], matrix[2][1], matrix[2][2]) = (1, -1, -1, 1)
        case .notAKnot:
            (matrix[0][0], matrix[0][1], matrix[0][2]) = (h[1], -h[0] - h[1], h[0])
            let (p, q) = (h[last - 2], h[last - 1])
            (matrix[last][last - 2], matrix[last][last - 1], matrix[last][last]) = (q, -p - q, p)
        }
        return solve(matrix, right)
    }

    /// The solution of a x = b for several columns b, by elimination with pivots.
    private static func solve(_ matrix: [[Double]], _ right: [[Double]]) -> [[Double]] {
        var (a, b) = (matrix, right)
        let count = a.count
        for column in 0..<count {
            let pivot = (column..<count).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
            a.swapAt(column, pivot)
            b.swapAt(column, pivot)
            for row in 0..<count where row != column && a[row][column] != 0 {
                let factor = a[row][column] / a[column][column]
                for k in column..<count { a[row][k] -= factor * a[column][k] }
                for k in b[row].indices { b[row][k] -= factor * b[column][k] }
            }
        }
        return (0..<count).map { row in b[row].map { $0 / a[row][row] } }
    }
}
