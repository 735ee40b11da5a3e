import Basics
import Foundation

extension NumberText {
    /// A spread of fractions: "96.11 ± 0.32", or the mean alone where there is no standard deviation.
    static func percent(_ spread: Spread?) -> String {
        guard let spread, spread.mean.isFinite else { return missing }
        return spread.sd.isFinite ? "\(percent(spread.mean)) ± \(percent(spread.sd))" : percent(spread.mean)
    }

    /// A spread of ratios: "0.021 ± 0.004", both with the decimals that suit the mean.
    static func ratio(_ spread: Spread?) -> String {
        guard let spread, spread.mean.isFinite else { return missing }
        guard spread.sd.isFinite else { return ratio(spread.mean) }
        let size = abs(spread.mean)
        guard size >= 1e-6, size < 1000 else { return "\(ratio(spread.mean)) ± \(ratio(spread.sd))" }
        let digits = size >= 10 ? 1 : size >= 0.095 ? 2 : 1 - Int(floor(log10(size)))
        let vanishes = spread.sd > 1e-9 * size && spread.sd < 0.5 * pow(10, -Double(digits))
        let width = vanishes ? significant(spread.sd, digits: 1) : fixed(spread.sd, digits: digits)
        return "\(fixed(spread.mean, digits: digits)) ± \(width)"
    }
}
