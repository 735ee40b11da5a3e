import Basics
import Foundation
import Tensors

/// Dis2: the accuracy is at least that on the reference, minus the discrepancy of a critic, minus a term for chance.
///
/// A critic learns to agree with the model on reference rows and to disagree with it on the sample; what it disagrees
/// more on the sample than on the reference bounds what the model can have lost, if the truth is no more discrepant than
/// the best critic. The critic, linear in features and log odds, learns from every other row and is judged on the rest.
/// The bound is one-sided: it can show that a model is still good, and never that it is worse. On a hundred rows the term
/// for chance alone is .35, and the bound says less than guessing would.
///
/// Source: Rosenfeld and Garg, (Almost) provable error bounds under distribution shift via disagreement discrepancy,
/// 2023, theorem 3.6 and equation 3.
public struct DisagreementDiscrepancy: AccuracyEstimator {
    /// The probability with which chance may break the bound.
    public var delta = 0.01
    /// Steps of gradient descent of the critic.
    public var steps = 200

    /// As published: one in a hundred.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("delta", .number(above: 0, below: 1), "The probability with which chance may break the bound"),
        ConfigKey("steps", .integer(atLeast: 1), "Steps of gradient descent of the critic"),
    ]

    /// Features, where there are any.
    public var usesFeatures: Bool { true }

    /// The term for chance: sqrt((n_S + 4 n_T) ln(1 / delta) / (2 n_S n_T)).
    public static func chance(reference: Int, sample: Int, delta: Double) -> Double {
        let (s, t) = (Double(reference), Double(sample))
        return ((s + 4 * t) * log(1 / delta) / (2 * s * t)).squareRoot()
    }

    /// Keeps the reference: the critic is another one for each sample.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        Fitted(
            settings: self, reference: reference.rows,
            accuracy: PerformanceMetric.accuracy.value(of: reference.rows, labels: reference.labels))
    }

    private struct Fitted: FittedAccuracy {
        let settings: DisagreementDiscrepancy
        let reference: ShiftRows
        let accuracy: Double

        func value(of sample: ShiftRows) -> Double { judged(sample).value }

        func bound(of sample: ShiftRows) -> AccuracyInterval? { judged(sample) }

        private func judged(_ sample: ShiftRows) -> AccuracyInterval {
            let inputs = CriticInputs(standardisedOn: reference)
            let (known, new) = (inputs.rows(of: reference), inputs.rows(of: sample))
            let critic = LinearCritic(
                agreeing: known.alternating(0), disagreeing: new.alternating(0), classes: reference.classes,
                steps: settings.steps)
            let (judges, judged) = (known.alternating(1), new.alternating(1))
            let discrepancy = critic.disagreement(judged) - critic.disagreement(judges)
            // The model itself is a critic, of discrepancy 0.
            let value = max(0, accuracy - max(0, discrepancy))
            guard !judged.isEmpty, !judges.isEmpty else { return AccuracyInterval(value: value, low: 0, high: 1) }
            let chance = DisagreementDiscrepancy.chance(
                reference: judges.count, sample: judged.count, delta: settings.delta)
            return AccuracyInterval(value: value, low: max(0, value - chance), high: 1)
        }
    }
}

/// A row as a critic sees it.
private struct CriticRow {
    let inputs: [Double]
    let prediction: Int
}

extension [CriticRow] {
    /// Every other row, from the first or the second on.
    fileprivate func alternating(_ first: Int) -> [CriticRow] { stride(from: first, to: count, by: 2).map { self[$0] } }
}

/// Features and log odds on one scale, with a 1 for the offset.
private struct CriticInputs {
    private let mean: [Double]
    private let deviation: [Double]

    init(standardisedOn rows: ShiftRows) {
        let all = Self.raw(rows)
        let columns = all[0].indices
        let mean = columns.map { column in all.reduce(0) { $0 + $1[column] } / Double(all.count) }
        deviation = columns.map { column in
            let squares = all.reduce(0) { $0 + ($1[column] - mean[column]) * ($1[column] - mean[column]) }
            return squares > 0 ? (squares / Double(all.count)).squareRoot() : 1
        }
        self.mean = mean
    }

    func rows(of rows: ShiftRows) -> [CriticRow] {
        zip(Self.raw(rows), rows.predictions).map { raw, prediction in
            CriticRow(
                inputs: raw.indices.map { min(max((raw[$0] - mean[$0]) / deviation[$0], -6), 6) } + [1],
                prediction: Int(prediction))
        }
    }

    private static func raw(_ rows: ShiftRows) -> [[Double]] {
        let said = rows.probabilities.doubles
        let features = rows.features?.doubles ?? []
        let (classes, width) = (rows.classes, features.count / rows.count)
        return (0..<rows.count).map { row in
            features[row * width..<(row + 1) * width]
                + said[row * classes..<(row + 1) * classes].map(LogisticCalibration.logOdds)
        }
    }
}

/// One linear layer of logits.
private struct LinearCritic {
    private var weights: [[Double]]

    /// Descends the mean logistic loss on rows to agree on plus the mean disagreement loss on the others, with momentum.
    init(agreeing: [CriticRow], disagreeing: [CriticRow], classes: Int, steps: Int) {
        let width = (agreeing + disagreeing).first?.inputs.count ?? 0
        weights = Array(repeating: Array(repeating: 0, count: width), count: classes)
        var velocity = weights
        let rate = 2 / Double(width + 1)
        for _ in 0..<steps {
            var gradient = weights.map { $0.map { _ in 0.0 } }
            add(agreeing, to: &gradient) { Self.agreementGradient($0, $1) }
            add(disagreeing, to: &gradient) { Self.disagreementGradient($0, $1) }
            for one in weights.indices {
                for place in weights[one].indices {
                    velocity[one][place] = 0.9 * velocity[one][place] - rate * gradient[one][place]
                    weights[one][place] += velocity[one][place]
                }
            }
        }
    }

    /// The share of rows in which the critic contradicts the model; 0 of none.
    func disagreement(_ rows: [CriticRow]) -> Double {
        let contradicted = rows.count { row in
            let logits = logits(row)
            return logits.indices.contains { logits[$0] > logits[row.prediction] }
        }
        return rows.isEmpty ? 0 : Double(contradicted) / Double(rows.count)
    }

    private func logits(_ row: CriticRow) -> [Double] {
        weights.map { own in zip(own, row.inputs).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    private func add(
        _ rows: [CriticRow], to gradient: inout [[Double]], _ rowGradient: ([Double], Int) -> [Double]
    ) {
        for row in rows {
            for (one, value) in rowGradient(logits(row), row.prediction).enumerated() {
                let scaled = value / Double(rows.count)
                for place in row.inputs.indices { gradient[one][place] += scaled * row.inputs[place] }
            }
        }
    }

    /// Of -log softmax_y / log C.
    private static func agreementGradient(_ logits: [Double], _ prediction: Int) -> [Double] {
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        let unit = log(Double(logits.count))
        return powers.indices.map { (powers[$0] / sum - ($0 == prediction ? 1 : 0)) / unit }
    }

    /// Of log(1 + exp(z_y - mean of the others)) / log 2.
    private static func disagreementGradient(_ logits: [Double], _ prediction: Int) -> [Double] {
        let others = Double(logits.count - 1)
        let gap = logits[prediction] - (logits.reduce(0, +) - logits[prediction]) / others
        let pressure = 1 / (1 + exp(-gap)) / log(2)
        return logits.indices.map { $0 == prediction ? pressure : -pressure / others }
    }
}
