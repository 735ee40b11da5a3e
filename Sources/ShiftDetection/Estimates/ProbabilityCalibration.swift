import Tensors

/// How a model's probabilities are made to mean what they say, on reference rows with labels.
enum ProbabilityCalibration: Sendable {
    /// Taken at their word.
    case none
    /// An increasing step function: free in form, and prone to overfit below some hundred rows.
    case isotonic
    /// Two numbers.
    case logistic

    /// Fits one map a class: of two classes the second's, whose complement is the first's; of more, each against the
    /// others, and then scaled to sum to 1.
    func fitted(to reference: ReferenceRows) -> FittedCalibration {
        let (said, classes) = (reference.rows.probabilities.doubles, reference.rows.classes)
        let maps = (classes == 2 ? [1] : Array(0..<classes)).map { one in
            let chances = stride(from: one, to: said.count, by: classes).map { said[$0] }
            let isPositive = reference.labels.map { $0 == Int32(one) }
            return map(chances, isPositive)
        }
        return FittedCalibration(classes: classes, maps: maps)
    }

    private func map(_ chances: [Double], _ isPositive: [Bool]) -> FittedCalibration.Map {
        switch self {
        case .none: .identity
        case .isotonic: .isotonic(IsotonicRegression(x: chances, y: isPositive.map { $0 ? 1 : 0 }))
        case .logistic: .logistic(LogisticCalibration(probabilities: chances, isPositive: isPositive))
        }
    }
}

/// A calibration that was fitted to reference rows.
struct FittedCalibration: Sendable {
    /// What becomes of one class's probability.
    enum Map: Sendable {
        case identity
        case isotonic(IsotonicRegression)
        case logistic(LogisticCalibration)

        func callAsFunction(_ p: Double) -> Double {
            switch self {
            case .identity: p
            case .isotonic(let fit): fit(p)
            case .logistic(let fit): fit(p)
            }
        }
    }

    let classes: Int
    let maps: [Map]

    /// The chance that each row is of each class, [n * C] row by row.
    func chances(_ rows: ShiftRows) -> [Double] {
        precondition(rows.classes == classes, "calibration: \(rows.classes) classes, fitted to \(classes)")
        let said = rows.probabilities.doubles
        if classes == 2 {
            return stride(from: 1, to: said.count, by: 2).flatMap { place -> [Double] in
                let chance = maps[0](said[place])
                return [1 - chance, chance]
            }
        }
        return stride(from: 0, to: said.count, by: classes).flatMap { start -> [Double] in
            let own = (0..<classes).map { maps[$0](said[start + $0]) }
            let sum = own.reduce(0, +)
            // Where no class is left any chance, the model is taken at its word.
            return sum > 0 ? own.map { $0 / sum } : Array(said[start..<start + classes])
        }
    }
}
