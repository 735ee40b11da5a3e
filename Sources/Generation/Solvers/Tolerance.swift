import Tensors

/// How large the error of a step may be: root mean square of error_i / (absolute + relative |x_i|) at most 1, in the
/// worst row.
///
/// The norm of Hairer, Norsett and Wanner (II.4.11), here for each row of a batch: all samples meet the tolerance.
/// What single precision can tell ends at about 1e-6.
public struct Tolerance: Codable, Sendable, Equatable {
    /// Beside 0.
    public var absolute = 1e-5
    /// Against the larger of |x| at both ends of the step.
    public var relative = 1e-5

    /// Both tolerances. Traps unless they are finite, none negative and one of them positive.
    public init(relative: Double = 1e-5, absolute: Double = 1e-5) {
        precondition(
            relative >= 0 && absolute >= 0 && (relative + absolute).isFinite && relative + absolute > 0,
            "tolerance: relative \(relative), absolute \(absolute)")
        (self.relative, self.absolute) = (relative, absolute)
    }

    /// The norm of `values` at points whose larger magnitudes are `magnitude`; NaN where one of a row is.
    func norm(_ values: Tensor, _ magnitude: Tensor) -> Double {
        let squares = (values.detached / (magnitude * relative + absolute)).square()
        let rows = squares.rank < 2 ? squares.mean() : squares.mean(axes: Array(1..<squares.rank))
        // By hand: a maximum of tensors may or may not pass on a NaN.
        return rows.doubles.reduce(0) { $1.isNaN || $0.isNaN ? .nan : max($0, $1) }.squareRoot()
    }
}
