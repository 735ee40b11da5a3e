import Basics
import Foundation
import Tensors

/// In how many of many cases a shift is found: what a detector can see at a size, and what it cannot.
public struct ShiftPower: Codable, Sendable, Equatable {
    /// One kind of shift at one size.
    public struct Row: Codable, Sendable, Equatable {
        /// Rows of each sample.
        public let rows: Int
        /// What was done to the samples.
        public let origin: Origin
        /// How much worse the model was made to be, as a share; nil where that is not set.
        public let drop: Double?
        /// Samples that were judged; 0 where there are too few rows to draw from.
        public let cases: Int
        /// The share that was called different, harmful or not.
        public let different: Double
        /// The share that was called harmful.
        public let harmful: Double
    }

    /// Where samples come from.
    public enum Origin: String, Codable, Sendable, CaseIterable {
        /// Rows of the reference as they are: what is found there is a false alarm.
        case none
        /// Rows that the model is wrong about, more often than in the reference.
        case errors
        /// Rows that the model is unsure of, more often than in the reference.
        case doubtful
        /// Rows of another file.
        case other

        /// What a person calls it.
        public var words: String {
            switch self {
            case .none: "nothing"
            case .errors: "the model's errors"
            case .doubtful: "doubtful rows"
            case .other: "the other file"
            }
        }
    }

    /// The rows of the table.
    public let rows: [Row]

    /// The falls that samples are drawn towards.
    static let drops = [0.02, 0.05, 0.1, 0.2]
    /// Subsets a case is compared with: enough for a decision at .05.
    static let subsets = 199
    /// Draws behind the interval of each estimate.
    static let draws = 100
    /// Ways in which the reference is halved.
    static let halvings = 20
}

extension ShiftDetector {
    /// Draws samples and judges them.
    ///
    /// Samples of the reference come from a random half of it and are compared with the other half, so that no row stands
    /// on both sides; they are drawn with replacement, those towards a fall with weights that make it so on average. What
    /// a whole reference sees is a little more.
    public func power(
        sizes: [Int], cases: Int, against other: DetectorRows? = nil, path: String, progress: WorkProgress = .none
    ) throws -> ShiftPower {
        let model = try model()
        let known = try rows(reference, path: "the reference")
        var rows: [ShiftPower.Row] = []
        if let other {
            let pool = try self.rows(reference.joined(with: other), path: path)
            let drawn = pool.selecting(Array(reference.count..<pool.count))
            let judge = PowerJudge(
                self, reference: pool.selecting(Array(0..<reference.count)),
                labelled: labelledReference(pool.selecting(Array(0..<reference.count))), model: model)
            for (index, size) in sizes.enumerated() {
                rows.append(
                    try judge.row(size, .other, drop: nil, cases: drawn.count < size ? 0 : cases) { stream in
                        drawn.selecting(Array(stream.permutation(drawn.count).prefix(size)))
                    })
                try progress.report(index + 1, of: sizes.count)
            }
            return ShiftPower(rows: rows)
        }
        let halves = (0..<ShiftPower.halvings).map { PowerHalf(self, known, index: $0, model: model) }
        let kinds: [(ShiftPower.Origin, Double?)] =
            [(.none, nil)]
            + (halves[0].isLabelled
                ? ShiftPower.drops.map { (.errors, $0) } + ShiftPower.drops.map { (.doubtful, $0) } : [])
        for (place, size) in sizes.enumerated() {
            for (index, (kind, drop)) in kinds.enumerated() {
                try progress.report(place * kinds.count + index, of: sizes.count * kinds.count)
                let parts = try halves.enumerated().map { turn, half in
                    try half.row(
                        size, kind, drop: drop, cases: cases / halves.count + (turn < cases % halves.count ? 1 : 0))
                }
                rows.append(Self.mean(parts))
            }
        }
        try progress.report(1, of: 1)
        return ShiftPower(rows: rows)
    }

    private static func mean(_ parts: [ShiftPower.Row]) -> ShiftPower.Row {
        let cases = parts.reduce(0) { $0 + $1.cases }
        func share(_ value: (ShiftPower.Row) -> Double) -> Double {
            cases == 0 ? 0 : parts.reduce(0) { $0 + value($1) * Double($1.cases) } / Double(cases)
        }
        return ShiftPower.Row(
            rows: parts[0].rows, origin: parts[0].origin, drop: parts[0].drop, cases: cases,
            different: share(\.different), harmful: share(\.harmful))
    }
}

/// Judges samples against one reference, many times.
struct PowerJudge {
    private let detector: ShiftDetector
    private let reference: ShiftRows
    private let model: ShiftModel
    private let bootstrap: PerformanceBootstrap?

    init(_ detector: ShiftDetector, reference: ShiftRows, labelled: ReferenceRows?, model: ShiftModel) {
        (self.detector, self.reference, self.model) = (detector, reference, model)
        bootstrap = labelled.map {
            PerformanceBootstrap(
                detector.estimator(detector.settings.metric), reference: $0, draws: ShiftPower.draws,
                seed: detector.settings.seed)
        }
    }

    func row(
        _ size: Int, _ kind: ShiftPower.Origin, drop: Double?, cases: Int, salt: Int = 0,
        _ draw: (inout RandomStream) -> ShiftRows
    ) throws -> ShiftPower.Row {
        let settings = detector.settings
        var (different, harmful) = (0, 0)
        for index in 0..<cases {
            var stream = RandomStream(
                seed: settings.seed, purpose: "shift.power.\(kind.rawValue).\(drop ?? 0).\(size).\(salt)",
                index: UInt64(index))
            let sample = draw(&stream)
            let test = try settings.method.member.test(
                sample, against: reference, model: model, permutations: ShiftPower.subsets,
                seed: settings.seed &+ UInt64(index))
            let result = ShiftVerdict.MethodResult(
                method: settings.method.kind, permutations: test, level: settings.method.member.level)
            let isDifferent = test.pValue <= settings.alpha
            let verdict = ShiftVerdict(
                rows: size, test: result, estimate: isDifferent ? bootstrap?.estimate(of: sample) : nil,
                alpha: settings.alpha, margin: settings.margin)
            different += isDifferent ? 1 : 0
            harmful += verdict.finding == .harmful ? 1 : 0
        }
        func share(_ count: Int) -> Double { cases == 0 ? 0 : Double(count) / Double(cases) }
        return ShiftPower.Row(
            rows: size, origin: kind, drop: drop, cases: cases, different: share(different), harmful: share(harmful))
    }
}

/// One half of the reference to draw samples from, and the other to compare them with.
private struct PowerHalf {
    private let index: Int
    private let judge: PowerJudge
    private let drawn: ShiftRows
    /// Whether the model is right about each row to draw from; none where rows have no labels.
    private let isRight: [Bool]

    var isLabelled: Bool { !isRight.isEmpty && isRight.contains(true) && isRight.contains(false) }

    init(_ detector: ShiftDetector, _ rows: ShiftRows, index: Int, model: ShiftModel) {
        self.index = index
        let labels = detector.reference.labels
        var stream = RandomStream(seed: detector.settings.seed, purpose: "shift.power.half", index: UInt64(index))
        let order = stream.permutation(rows.count).map { Int($0) }
        let (held, own) = (Array(order.prefix(rows.count / 2)), Array(order.dropFirst(rows.count / 2)))
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
            if kind == .none, size <= drawn.count {
                return drawn.selecting(Array(stream.permutation(drawn.count).prefix(size)))
            }
            let places = (0..<size).map { _ -> Int in
                let point = (Double(stream.integer(below: 1 << 31)) + 0.5) / Double(1 << 31) * total
                return heights.firstIndex { $0 > point } ?? heights.count - 1
            }
            return drawn.selecting(places)
        }
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
