import Basics
import Evaluation
import Foundation
import Tensors

/// In how many of many cases a shift is found: what a detector can see at a size, and what it cannot.
public struct ShiftPower: Codable, Sendable, Equatable {
    /// One kind of shift at one size.
    public struct Row: Codable, Sendable, Equatable, BitwiseCopyable {
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
        /// What was done to the rows of samples that were changed, and how much of it.
        public internal(set) var corruption: ShiftCorruption?
        /// How much of it.
        public internal(set) var amount: Double?

        /// What a person calls the shift.
        public var words: String {
            switch origin {
            case .none, .other, .corrupted: corruption?.words(amount ?? 0) ?? origin.words
            case .errors, .doubtful: "towards \(origin.words)"
            }
        }
    }

    /// Where samples come from.
    public enum Origin: String, Codable, Sendable, CaseIterable, BitwiseCopyable {
        /// Rows of the reference as they are: what is found there is a false alarm.
        case none
        /// Rows that the model is wrong about, more often than in the reference.
        case errors
        /// Rows that the model is unsure of, more often than in the reference.
        case doubtful
        /// Rows of another file.
        case other
        /// Rows of the reference that were changed in a named way, where none has a label.
        case corrupted

        /// What a person calls it.
        public var words: String {
            switch self {
            case .none: "nothing"
            case .errors: "the model's errors"
            case .doubtful: "doubtful rows"
            case .other: "the other file"
            case .corrupted: "changed rows"
            }
        }
    }

    /// The rows of the table.
    public let rows: [Row]

    /// The falls that samples are drawn towards.
    static let drops = [0.02, 0.05, 0.1, 0.2]
    /// Subsets a case is compared with at least: enough for a decision at .05.
    static let subsets = 199
    /// Draws behind the interval of each estimate.
    static let draws = 100
    /// Rows of a larger reference that are drawn from, and compared with.
    static let mostRows = 4_000
    /// Ways in which the reference is halved.
    static let halvings = 20
}

extension ShiftDetector {
    /// Draws samples and judges them.
    ///
    /// Samples of the reference come from a random half of it and are compared with the other half, so that no row stands
    /// on both sides; they are drawn with replacement, those towards a fall with weights that make it so on average. What
    /// a whole reference sees is a little more. Without labels nobody knows what is worse: rows are then changed in named
    /// ways (``ShiftCorruption``). The processes of `sharing` have some of the halves each.
    public func power(
        sizes: [Int], cases: Int, against other: DetectorRows? = nil, path: String, progress: WorkProgress = .none,
        sharing: any WorkSharing = OneProcess()
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
        typealias Kind = (PowerHalf, _ size: Int, _ cases: Int) throws -> ShiftPower.Row
        func drawn(_ origin: ShiftPower.Origin, _ drop: Double?) -> Kind {
            { try $0.row($1, origin, drop: drop, cases: $2) }
        }
        let towards: [Kind] =
            halves[0].isLabelled
            ? ShiftPower.drops.map { drawn(.errors, $0) } + ShiftPower.drops.map { drawn(.doubtful, $0) } : []
        let changed: [Kind] =
            reference.labelled.isEmpty
            ? corruptions.map { kind, amount in { try $0.row($1, kind, amount: amount, cases: $2) } } : []
        let kinds = [drawn(.none, nil)] + towards + changed
        for (place, size) in sizes.enumerated() {
            for (index, kind) in kinds.enumerated() {
                try progress.report(place * kinds.count + index, of: sizes.count * kinds.count)
                let parts = try sharing.all(of: halves.count) { turns in
                    try turns.map { turn in
                        try kind(halves[turn], size, cases / halves.count + (turn < cases % halves.count ? 1 : 0))
                    }
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
            different: share(\.different), harmful: share(\.harmful), corruption: parts[0].corruption,
            amount: parts[0].amount)
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
        _ size: Int, _ kind: ShiftPower.Origin, drop: Double?, cases: Int, salt: Int = 0, purpose: String? = nil,
        _ draw: (inout RandomStream) throws -> ShiftRows
    ) throws -> ShiftPower.Row {
        let settings = detector.settings
        var (different, harmful) = (0, 0)
        for index in 0..<cases {
            var stream = RandomStream(
                seed: settings.seed,
                purpose: "shift.power.\(purpose ?? "\(kind.rawValue).\(drop ?? 0)").\(size).\(salt)",
                index: UInt64(index))
            let sample = try draw(&stream)
            let test = try settings.method.member.test(
                sample, against: reference, model: model,
                permutations: DetectorSettings.subsets(for: settings.alpha, atLeast: ShiftPower.subsets),
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
