import Foundation

/// Why nothing can be said about harm, though the rows may be different.
public enum HarmObstacle: Codable, Sendable, Equatable {
    /// Too few reference rows have labels, or all are of one class: nothing anchors an estimate.
    case noLabels
    /// The interval is so wide that not even a model that has fallen to guessing would be called worse.
    case tooWide
    /// The model says of so many of the rows what it says of no labelled reference row: how often it is right there is
    /// extrapolated.
    case outsideReference(rows: Int)

    /// As the end of a sentence about so many rows.
    func words(rows total: Int) -> String {
        switch self {
        case .noLabels: "without labels of the reference rows nothing can be said about harm"
        case .tooWide:
            "the estimate of \(total) rows is so wide that not even a model that only guesses would be called worse"
        case .outsideReference(let rows):
            "of \(rows) of them the model is surer than of any reference row, so that how often it is right there is "
                + "not known"
        }
    }
}

extension PerformanceEstimate {
    /// Whether the interval leaves room for harm to be shown: of a model that has fallen to guessing it would be.
    public var couldShowHarm: Bool {
        isBound || drop.value - drop.low < reference.value - metric.byGuessing(classes: classes)
    }
}

extension PerformanceMetric {
    /// What guessing reaches.
    func byGuessing(classes: Int) -> Double {
        switch self {
        case .accuracy, .balancedAccuracy: 1 / Double(max(classes, 1))
        case .auc: 0.5
        case .f1: 0
        }
    }
}

extension ShiftRows {
    /// How many of these rows have an output that lies outside those of other rows: a class's probability below or above
    /// all that were seen. Traps on other classes; none where there is nothing to compare with.
    func outsideCount(of others: ShiftRows) -> Int {
        precondition(classes == others.classes, "shift rows: \(classes) classes beside \(others.classes)")
        guard others.count > 0 else { return 0 }
        let (known, own) = (others.probabilities.doubles, probabilities.doubles)
        let ranges = (0..<classes).map { place -> ClosedRange<Double> in
            let values = stride(from: place, to: known.count, by: classes).map { known[$0] }
            return (values.min() ?? 0)...max(values.max() ?? 1, values.min() ?? 0)
        }
        return (0..<count).count { row in
            ranges.indices.contains { !ranges[$0].contains(own[row * classes + $0]) }
        }
    }
}
