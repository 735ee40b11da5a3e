import Tensors

/// An estimator fitted to the reference and to draws of it, which gives estimates their intervals.
///
/// Each draw takes rows of the reference with replacement, fits the estimator to them, and takes rows of the sample with
/// replacement. The ends of an interval are quantiles over the draws: both samples' chance is in it, and the model is
/// taken as fixed.
///
/// The fall is what the estimator says of the reference minus what it says of the sample: like is compared with like. With
/// r reached on the reference P by its labels, and e(.) the estimator's value, drop = e(P) - e(Q) and the sample's value is
/// r - drop. A calibration that is too cautious about a good model says so of both samples, and of no fall.
///
/// Draw i is a function of (seed, i) alone; results do not depend on the number of threads.
public struct PerformanceBootstrap: Sendable {
    /// The estimator's settings.
    public let estimator: any AccuracyEstimator
    /// The share of truths that an interval is to hold.
    public let level: Double
    private let seed: UInt64
    private let classes: Int
    private let whole: Draw
    private let draws: [Draw]

    private struct Draw: Sendable {
        let fitted: any FittedAccuracy
        let reached: Double
        /// What the estimator says of the same rows.
        let expected: Double
    }

    /// Draws for samples of tables of so many rows: fewer of large ones, of which each draw says nearly the same.
    static func draws(rows: Int) -> Int { max(50, min(300, 3_000_000 / max(rows, 1))) }

    /// Fits. A level of .9 makes of each end a one-sided bound at .95. Traps unless there are rows and two draws or more.
    public init(
        _ estimator: any AccuracyEstimator, reference: ReferenceRows, draws: Int = 300, level: Double = 0.9,
        seed: UInt64
    ) {
        precondition(
            reference.count > 0 && draws > 1 && level > 0 && level < 1,
            "performance bootstrap: \(reference.count) rows, \(draws) draws, level \(level)")
        (self.estimator, self.level, self.seed) = (estimator, level, seed)
        classes = reference.rows.classes
        let own = ReferenceRows(estimator.needed(of: reference.rows), labels: reference.labels)
        @Sendable func draw(_ rows: ReferenceRows) -> Draw {
            let fitted = estimator.fitted(to: rows, seed: seed)
            return Draw(
                fitted: fitted, reached: estimator.metric.value(of: rows.rows, labels: rows.labels),
                expected: fitted.value(of: rows.rows))
        }
        whole = draw(own)
        self.draws = parallelMap(draws) { index in
            draw(own.selecting(Self.places(own.count, "shift.estimate.reference", seed, index)))
        }
    }

    /// What is reached on the reference itself.
    public var reference: Double { whole.reached }

    /// The estimate on a sample. Traps on one without rows.
    public func estimate(of sample: ShiftRows) -> PerformanceEstimate {
        precondition(sample.count > 0, "performance bootstrap: a sample without rows")
        let own = estimator.needed(of: sample)
        let reached = interval(whole.reached, draws.map(\.reached))
        if let bound = whole.fitted.bound(of: own) {
            let drop = AccuracyInterval(
                value: reached.value - bound.value, low: reached.value - bound.high, high: reached.value - bound.low)
            return PerformanceEstimate(
                metric: estimator.metric, sample: bound, reference: reached, drop: drop, level: level, classes: classes,
                isBound: true)
        }
        let drop = whole.expected - whole.fitted.value(of: own)
        let drops = parallelMap(draws.count) { index in
            draws[index].expected
                - draws[index].fitted.value(
                    of: own.selecting(Self.places(own.count, "shift.estimate.sample", seed, index)))
        }
        func share(_ value: Double) -> Double { min(max(value, 0), 1) }
        return PerformanceEstimate(
            metric: estimator.metric,
            sample: interval(share(whole.reached - drop), zip(draws, drops).map { share($0.reached - $1) }),
            reference: reached, drop: interval(drop, drops), level: level, classes: classes)
    }

    private static func places(_ count: Int, _ purpose: String, _ seed: UInt64, _ index: Int) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(index))
        return (0..<count).map { _ in stream.integer(below: count) }
    }

    private func interval(_ value: Double, _ values: [Double]) -> AccuracyInterval {
        let sorted = values.sorted()
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
        }
        return AccuracyInterval(value: value, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2))
    }
}

extension AccuracyEstimator {
    /// What the estimator looks at: drawing the rest anew would be wasted.
    fileprivate func needed(of rows: ShiftRows) -> ShiftRows {
        ShiftRows(
            features: usesFeatures ? rows.features : nil, probabilities: rows.probabilities,
            ensembles: rows.ensembles.filter { ensembles.contains($0.key) })
    }
}
