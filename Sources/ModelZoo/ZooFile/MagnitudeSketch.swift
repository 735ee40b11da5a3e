/// Quantiles of magnitudes that come in pieces, in fixed memory: counts in bins of a 64th of an octave.
///
/// A bin is the exponent and the first six bits of the mantissa of a single-precision number, so that a quantile is
/// off by at most 1/128 of itself, and does not depend on how the numbers were divided into pieces.
struct MagnitudeSketch: Sendable {
    private static let shift: UInt32 = 17
    private var counts = [Int](repeating: 0, count: 1 << 14)
    private(set) var count = 0

    /// Takes finite numbers into account.
    mutating func add(_ values: ArraySlice<Float>) {
        values.withUnsafeBufferPointer { values in
            counts.withUnsafeMutableBufferPointer { counts in
                for value in values { counts[Int((value.bitPattern & 0x7fff_ffff) >> Self.shift)] += 1 }
            }
        }
        count += values.count
    }

    /// The magnitude that a share of the numbers does not exceed: the one of rank ceil(share * n); nil of nothing.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = min(count, max(1, Int((share * Double(count)).rounded(.up))))
        var below = 0
        for (bin, number) in counts.enumerated() {
            below += number
            guard below >= rank else { continue }
            guard bin > 0 else { return 0 }
            return Double(Float(bitPattern: UInt32(bin) << Self.shift | 1 << (Self.shift - 1)))
        }
        return nil
    }
}
