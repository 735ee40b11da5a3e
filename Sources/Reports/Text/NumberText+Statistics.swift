import Basics
import Evaluation
import Foundation

extension NumberText {
    /// Fractions: "96.11 ± 0.32", or the mean alone where there is no standard deviation.
    static func percent(_ spread: SampleStatistics?) -> String {
        guard let spread else { return missing }
        guard spread.mean.isFinite else { return missing + broken(spread) }
        let mean = percent(spread.mean)
        return (spread.sd.isFinite ? "\(mean) ± \(percent(spread.sd))" : mean) + broken(spread)
    }

    /// Ratios: "0.021 ± 0.004", both with the decimals that suit the mean.
    static func ratio(_ spread: SampleStatistics?) -> String {
        guard let spread else { return missing }
        return plainRatio(spread) + broken(spread)
    }

    /// Names values that are not finite, which mean and deviation leave out: " (2 not finite)".
    private static func broken(_ spread: SampleStatistics) -> String {
        spread.nonFinite == 0 ? "" : " (\(count(spread.nonFinite)) not finite)"
    }

    private static func plainRatio(_ spread: SampleStatistics) -> String {
        guard spread.mean.isFinite, spread.sd.isFinite else { return ratio(spread.mean) }
        let size = abs(spread.mean)
        guard size >= 1e-6, size < 1000 else { return "\(ratio(spread.mean)) ± \(ratio(spread.sd))" }
        let digits = size >= 10 ? 1 : size >= 0.095 ? 2 : 1 - Int(floor(log10(size)))
        let vanishes = spread.sd > 1e-9 * size && spread.sd < 0.5 * pow(10, -Double(digits))
        let width = vanishes ? significant(spread.sd, digits: 1) : fixed(spread.sd, digits: digits)
        return "\(fixed(spread.mean, digits: digits)) ± \(width)"
    }
}
