import Basics
import Foundation

/// One axis of a chart: what it shows, from where to where, on which scale.
struct Axis: Sendable, Equatable {
    /// How tick labels are written.
    enum Label: Sendable, Equatable { case plain, percent, none }

    let title: String
    let scale: Scale
    let range: ClosedRange<Double>
    let label: Label
    /// Numbers that ticks are for, instead of round ones; empty for round ones.
    private(set) var marked: [Double] = []

    /// Takes the range as it is; one without length is widened so that every number has a place.
    init(title: String, scale: Scale = .linear, range: ClosedRange<Double>, label: Label = .plain) {
        self.title = title
        self.scale = scale
        self.label = label
        let length = scale(range.upperBound) - scale(range.lowerBound)
        if length.isFinite, length > 0 {
            self.range = range
        } else {
            self.range = Axis.fallback(scale)
        }
    }

    /// Covers the finite ones of `values` with a `margin` (a share of the length) on both sides.
    ///
    /// `limits` cut the margin off where numbers beyond mean nothing (accuracies, distances).
    init(
        title: String, scale: Scale = .linear, covering values: [Double], margin: Double = 0.05,
        limits: ClosedRange<Double>? = nil, label: Label = .plain
    ) {
        let places = values.map { scale($0) }.filter(\.isFinite)
        guard let low = places.min(), let high = places.max() else {
            self.init(title: title, scale: scale, range: Axis.fallback(scale), label: label)
            return
        }
        let pad = high > low ? (high - low) * margin : Axis.loneMargin(scale, at: low)
        var lower = scale.inverse(low - pad)
        var upper = scale.inverse(high + pad)
        if let limits {
            lower = max(lower, limits.lowerBound)
            upper = min(upper, limits.upperBound)
        }
        guard lower.isFinite, upper.isFinite, lower < upper else {
            self.init(title: title, scale: scale, range: Axis.fallback(scale), label: label)
            return
        }
        self.init(title: title, scale: scale, range: lower...upper, label: label)
    }

    /// The place of a number along the axis, 0 to 1 within the range; not finite where it has none.
    func place(_ value: Double) -> Double {
        let low = scale(range.lowerBound)
        return (scale(value) - low) / (scale(range.upperBound) - low)
    }

    /// Ticks with their labels, at least `gap` (a share of the axis) apart.
    func ticks(gap: Double) -> [(value: Double, label: String)] {
        let values =
            marked.isEmpty
            ? Ticks.spread(range, scale: scale, gap: gap)
            : Ticks.thinned([marked.sorted()], within: range, scale: scale, gap: gap)
        return values.map { ($0, text($0)) }
    }

    /// The same axis with ticks at these numbers, as far as they keep their distance.
    func marked(at values: [Double]) -> Axis {
        var axis = self
        axis.marked = values
        return axis
    }

    private func text(_ value: Double) -> String {
        switch label {
        case .plain: NumberText.significant(value, digits: 6)
        case .percent: NumberText.significant(value * 100, digits: 6) + " %"
        case .none: ""
        }
    }

    private static func fallback(_ scale: Scale) -> ClosedRange<Double> {
        scale == .logarithmic ? 0.1...1 : 0...1
    }

    /// Room on both sides of a single number.
    private static func loneMargin(_ scale: Scale, at place: Double) -> Double {
        scale == .linear ? max(abs(place) * 0.1, 1e-6) : 0.5
    }
}

/// A strictly rising map from data to a line; a chart stretches it onto its width or height.
enum Scale: Sendable, Equatable {
    /// Equal differences, equal lengths.
    case linear
    /// Equal ratios, equal lengths; only for positive numbers.
    case logarithmic
    /// Linear around 0 and logarithmic beyond `threshold`: `asinh(x / threshold)`.
    case symmetricLog(threshold: Double)
    /// For accuracies: `-asinh((1 - a) / floor)`, so that 96.1 % and 96.0 % stay apart beside 17 %.
    case accuracy(floor: Double)

    /// The usual scale for distances in units of a fresh network's.
    static let noveltyRatio = Scale.symmetricLog(threshold: 0.004)
    /// The usual scale for accuracies.
    static let accuracyShare = Scale.accuracy(floor: 0.01)

    /// Maps a number onto the line; not a number where the scale has no place for it.
    func callAsFunction(_ value: Double) -> Double {
        switch self {
        case .linear: value
        case .logarithmic: value > 0 ? log10(value) : .nan
        case .symmetricLog(let threshold): asinh(value / threshold)
        case .accuracy(let floor): -asinh((1 - value) / floor)
        }
    }

    /// The number at a place on the line.
    func inverse(_ place: Double) -> Double {
        switch self {
        case .linear: place
        case .logarithmic: pow(10, place)
        case .symmetricLog(let threshold): threshold * sinh(place)
        case .accuracy(let floor): 1 + floor * sinh(place)
        }
    }
}
