import Foundation

/// Chooses the numbers that an axis shows: round ones, evenly rare.
enum Ticks {
    /// Multiples of 1, 2 or 5 times a power of ten within `range`, about `count` of them.
    static func linear(_ range: ClosedRange<Double>, count: Int = 5) -> [Double] {
        let length = range.upperBound - range.lowerBound
        guard length.isFinite, length > 0, count > 0 else {
            return range.lowerBound.isFinite ? [range.lowerBound] : []
        }
        let step = niceStep(length / Double(count))
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 1000, abs(first) < 1e12, abs(last) < 1e12 else {
            return [range.lowerBound]
        }
        return (Int(first)...Int(last)).map { snapped(Double($0) * step, to: step) }
    }

    /// Round numbers for any scale, never closer than `gap` (as a share of the axis).
    static func spread(_ range: ClosedRange<Double>, scale: Scale, gap: Double) -> [Double] {
        thinned(tiers(range, scale: scale), within: range, scale: scale, gap: gap)
    }

    /// Takes candidates in order, as long as they keep `gap` (a share of the axis) from those taken before.
    static func thinned(
        _ tiers: [[Double]], within range: ClosedRange<Double>, scale: Scale, gap: Double
    ) -> [Double] {
        let low = scale(range.lowerBound)
        let length = scale(range.upperBound) - low
        guard length.isFinite, length > 0 else { return [] }
        // Places, not numbers: what is a trifle in units of a wide range can be far off on a scale that is not linear.
        let within = -1e-9...1 + 1e-9
        var chosen: [(value: Double, place: Double)] = []
        for value in tiers.joined() {
            let place = (scale(value) - low) / length
            guard within.contains(place), chosen.allSatisfy({ abs($0.place - place) >= gap }) else { continue }
            chosen.append((value, place))
        }
        return chosen.map(\.value).sorted()
    }

    /// The step of 1, 2 or 5 times a power of ten nearest above `rough`.
    static func niceStep(_ rough: Double) -> Double {
        guard rough.isFinite, rough > 0 else { return 1 }
        let power = pow(10, floor(log10(rough)))
        guard power.isFinite, power > 0 else { return rough }
        let share = rough / power
        if share <= 1 + 1e-9 { return power }
        if share <= 2 + 1e-9 { return 2 * power }
        return share <= 5 + 1e-9 ? 5 * power : 10 * power
    }

    /// Removes the dust of binary arithmetic: 0.30000000000000004 becomes 0.3.
    private static func snapped(_ value: Double, to step: Double) -> Double {
        let digits = max(0, min(15, 1 - Int(floor(log10(step)))))
        let power = pow(10, Double(digits))
        guard abs(value) * power < 1e15 else { return value }
        return (value * power).rounded() / power
    }

    /// Candidates in the order of preference.
    private static func tiers(_ range: ClosedRange<Double>, scale: Scale) -> [[Double]] {
        switch scale {
        case .linear:
            return [linear(range)]
        case .logarithmic:
            return decades(range.lowerBound, range.upperBound) + [linear(range)]
        case .symmetricLog(let threshold):
            let reach = max(abs(range.lowerBound), abs(range.upperBound))
            guard reach > threshold else { return [linear(range)] }
            let positive = decades(threshold, reach)
            return [[0]] + positive.map { tier in tier + tier.map { -$0 } } + [linear(range)]
        case .accuracy:
            return accuracies + [linear(range), linear(range, count: 10)]
        }
    }

    /// Powers of ten, then three times them, then two and five times.
    private static func decades(_ low: Double, _ high: Double) -> [[Double]] {
        guard low > 0, high.isFinite, high >= low else { return [] }
        let exponents = (Int(floor(log10(low))) - 1)...(Int(ceil(log10(high))) + 1)
        return [[1], [3], [2, 5]].map { factors in
            exponents.flatMap { exponent in
                factors.map { exponent < 0 ? $0 / pow(10, Double(-exponent)) : $0 * pow(10, Double(exponent)) }
            }
        }
    }

    private static let accuracies: [[Double]] = [
        [1, 0.9, 0.5, 0.99, 0], [0.95, 0.98, 0.8, 0.2], [0.7, 0.97, 0.96, 0.94, 0.92, 0.6, 0.3, 0.1, 0.4],
        [0.85, 0.93, 0.91, 0.75, 0.995],
    ]
}
