import Basics
import Foundation
import Tensors

/// One half of the reference to draw samples from, and the other to compare them with.
struct PowerHalf {
    private let detector: ShiftDetector
    private let index: Int
    private let judge: PowerJudge
    /// The places of the rows to draw from.
    private let own: [Int]
    private let drawn: ShiftRows
    /// Whether the model is right about each row to draw from; none where rows have no labels.
    private let isRight: [Bool]

    /// Whether rows can be drawn towards errors.
    var isLabelled: Bool { !isRight.isEmpty && isRight.contains(true) && isRight.contains(false) }

    init(_ detector: ShiftDetector, _ rows: ShiftRows, index: Int, model: ShiftModel) {
        (self.detector, self.index) = (detector, index)
        let labels = detector.reference.labels
        var stream = RandomStream(seed: detector.settings.seed, purpose: "shift.power.half", index: UInt64(index))
        let order = stream.permutation(rows.count).prefix(ShiftPower.mostRows).map { Int($0) }
        let held = Array(order.prefix(order.count / 2))
        own = Array(order.dropFirst(order.count / 2))
        drawn = rows.selecting(own)
        let known = held.filter { labels?[$0] != nil }
        let classes = known.compactMap { labels?[$0] }
        judge = PowerJudge(
            detector, reference: rows.selecting(held),
            labelled: Set(classes).count > 1 ? ReferenceRows(rows.selecting(known), labels: classes) : nil, model: model
        )
        let predicted = rows.predictions
        let all = own.map { place in labels?[place].map { $0 == predicted[place] } }
        isRight = all.contains { $0 == nil } ? [] : all.compactMap { $0 }
    }

    /// Samples that are drawn towards something.
    func row(_ size: Int, _ kind: ShiftPower.Origin, drop: Double?, cases: Int) throws -> ShiftPower.Row {
        guard let weights = weights(kind, drop ?? 0) else {
            return ShiftPower.Row(rows: size, origin: kind, drop: drop, cases: 0, different: 0, harmful: 0)
        }
        var total = 0.0
        let heights = weights.map { weight -> Double in
            total += weight
            return total
        }
        return try judge.row(size, kind, drop: drop, cases: cases, salt: index) { stream in
            if kind == .none { return drawn.selecting(places(size, &stream)) }
            let places = (0..<size).map { _ -> Int in
                let point = (Double(stream.integer(below: 1 << 31)) + 0.5) / Double(1 << 31) * total
                return heights.firstIndex { $0 > point } ?? heights.count - 1
            }
            return drawn.selecting(places)
        }
    }

    /// Samples that are changed.
    func row(_ size: Int, _ corruption: ShiftCorruption, amount: Double, cases: Int) throws -> ShiftPower.Row {
        let all = detector.reference
        var row = try judge.row(
            size, .corrupted, drop: nil, cases: cases, salt: index, purpose: "\(corruption.rawValue).\(amount)"
        ) { stream in
            let rows = all.selecting(places(size, &stream).map { own[$0] })
            return try detector.corrupted(rows, by: corruption, amount: amount, &stream)
        }
        (row.corruption, row.amount) = (corruption, amount)
        return row
    }

    /// So many places of the rows to draw from; each once, while there are enough.
    private func places(_ size: Int, _ stream: inout RandomStream) -> [Int] {
        size <= own.count
            ? stream.permutation(own.count).prefix(size).map { Int($0) }
            : (0..<size).map { _ in stream.integer(below: own.count) }
    }

    /// How often each row is drawn, so that the share of right rows falls by `drop` on average; nil where no weights do.
    private func weights(_ kind: ShiftPower.Origin, _ drop: Double) -> [Double]? {
        guard isLabelled, kind != .none else { return kind == .none ? Array(repeating: 1, count: drawn.count) : nil }
        let share = Double(isRight.count { $0 }) / Double(isRight.count)
        guard share - drop > 0 else { return nil }
        if kind == .errors {
            // Within right and within wrong rows all are alike.
            return isRight.map { $0 ? (share - drop) / share : (1 - share + drop) / (1 - share) }
        }
        let doubts = drawn.confidences.map { -log(max($0, 1e-4) / max(1 - $0, 1e-4)) }
        func tilted(_ strength: Double) -> (weights: [Double], share: Double) {
            let weights = doubts.map { exp(min(max(strength * $0, -300), 300)) }
            let total = weights.reduce(0, +)
            return (weights, zip(weights, isRight).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } / total)
        }
        var (low, high) = (0.0, 4.0)
        guard tilted(high).share <= share - drop else { return nil }
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if tilted(middle).share > share - drop { low = middle } else { high = middle }
        }
        return tilted(high).weights
    }
}

extension ShiftDetector {
    /// Ways in which rows of this detector can be changed, and how much of each.
    var corruptions: [(ShiftCorruption, Double)] {
        guard canAskTheModel || settings.method.member.needsFeatures else { return ShiftCorruption.outputs }
        let imputes =
            (!hasFeatures || encoding.columns.allSatisfy { $0.fill != nil })
            && (network.map { $0.inputs.fill != nil } ?? true)
        let columns = ShiftCorruption.columns.filter { $0.0.isPossible(encoding, imputes: imputes) }
        return columns.isEmpty ? ShiftCorruption.outputs : columns
    }

    /// Whether the model can be asked about rows that were changed.
    private var canAskTheModel: Bool {
        network.map { $0.takes(encoding) } ?? isModelTrainedHere
    }

    /// Rows as methods see them after a change.
    func corrupted(
        _ rows: DetectorRows, by corruption: ShiftCorruption, amount: Double, _ stream: inout RandomStream
    ) throws -> ShiftRows {
        let raw = corruption.applied(to: rows.raw, encoding, amount: amount, &stream)
        var said = rows.probabilities.map { corruption.applied(to: $0, amount: amount, &stream) }
        if let network, canAskTheModel { said = try network.probabilities(raw, encoding, path: "the reference") }
        return try self.rows(DetectorRows(raw: raw, probabilities: said, labels: nil), path: "the reference")
    }
}
