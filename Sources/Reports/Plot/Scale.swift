import Foundation

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
