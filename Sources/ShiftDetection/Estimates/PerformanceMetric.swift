import Tensors

/// How good a model is on rows, as one number from 0 to 1.
///
/// Accuracy hides harm where the frequencies of classes change with the rows: of two classes, balanced accuracy and AUC
/// do not depend on how frequent each is.
public enum PerformanceMetric: String, Codable, Sendable, CaseIterable {
    /// The share of rows that are classified right.
    case accuracy
    /// The mean over the classes of the share of a class's rows that are classified right.
    case balancedAccuracy = "balanced-accuracy"
    /// F1 of the second of two classes; of more classes their mean.
    case f1
    /// The share of pairs of rows of two classes that the second class's probability puts in order, ties half; of more
    /// classes the mean of each against the others.
    case auc

    /// What a person calls it.
    public var name: String {
        switch self {
        case .accuracy: "accuracy"
        case .balancedAccuracy: "balanced accuracy"
        case .f1: "F1"
        case .auc: "AUC"
        }
    }

    /// The value that was reached on rows with labels.
    public func value(of rows: ShiftRows, labels: [Int32]) -> Double {
        var chances = [Double](repeating: 0, count: rows.count * rows.classes)
        for (row, label) in labels.enumerated() { chances[row * rows.classes + Int(label)] = 1 }
        return value(of: rows, chances: chances)
    }

    /// The value that is expected where each row is of each class with a chance, [n * C] row by row.
    ///
    /// Classes that no row can have are left out; F1 without a positive is 0, AUC without a pair 1/2.
    func value(of rows: ShiftRows, chances: [Double]) -> Double {
        let predictions = rows.predictions.map { Int($0) }
        let classes = rows.classes
        switch self {
        case .accuracy:
            let right = predictions.enumerated().reduce(0) { $0 + chances[$1.offset * classes + $1.element] }
            return right / Double(rows.count)
        case .balancedAccuracy:
            let counts = ExpectedCounts(predictions, chances: chances, classes: classes)
            return mean((0..<classes).compactMap(counts.recall))
        case .f1:
            let counts = ExpectedCounts(predictions, chances: chances, classes: classes)
            return classes == 2 ? counts.f1(1) ?? 0 : mean((0..<classes).compactMap(counts.f1))
        case .auc:
            let scores = rows.probabilities.doubles
            func area(_ positive: Int) -> Double? {
                let places = stride(from: positive, to: chances.count, by: classes)
                return Self.area(scores: places.map { scores[$0] }, chances: places.map { chances[$0] })
            }
            return classes == 2 ? area(1) ?? 0.5 : mean((0..<classes).compactMap(area))
        }
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? (self == .auc ? 0.5 : 0) : values.reduce(0, +) / Double(values.count)
    }

    /// The expected share of pairs (a positive, a negative) of different rows in order of their scores, ties half; nil
    /// without a pair.
    private static func area(scores: [Double], chances: [Double]) -> Double? {
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let (positives, negatives) = chances.reduce((0, 0)) { ($0.0 + $1, $0.1 + 1 - $1) }
        let own = chances.reduce(0) { $0 + $1 * (1 - $1) }
        let pairs = positives * negatives - own
        guard pairs > 1e-12 else { return nil }
        var (wins, below, first) = (0.0, 0.0, 0)
        while first < order.count {
            let end = order[first...].firstIndex { scores[$0] != scores[order[first]] } ?? order.count
            let tied = order[first..<end].map { chances[$0] }
            let (up, down) = tied.reduce((0, 0)) { ($0.0 + $1, $0.1 + 1 - $1) }
            wins += up * below + 0.5 * (up * down - tied.reduce(0) { $0 + $1 * (1 - $1) })
            (below, first) = (below + down, end)
        }
        return wins / pairs
    }
}

/// How many rows of each class are expected, how many are predicted, and how many of these rightly.
private struct ExpectedCounts {
    private var (there, right, predicted): ([Double], [Double], [Double])

    init(_ predictions: [Int], chances: [Double], classes: Int) {
        let none = [Double](repeating: 0, count: classes)
        (there, right, predicted) = (none, none, none)
        for (row, chosen) in predictions.enumerated() {
            for one in 0..<classes { there[one] += chances[row * classes + one] }
            right[chosen] += chances[row * classes + chosen]
            predicted[chosen] += 1
        }
    }

    func recall(_ one: Int) -> Double? { there[one] > 0 ? right[one] / there[one] : nil }
    /// 2 TP / (2 TP + FP + FN), whose denominator is the number predicted and the number expected.
    func f1(_ one: Int) -> Double? {
        there[one] + predicted[one] > 0 ? 2 * right[one] / (there[one] + predicted[one]) : nil
    }
}
