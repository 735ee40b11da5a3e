import Basics
import ShiftDetection
import Tensors

/// One split of a study: an ensemble is trained on T, and samples of every place and of P itself are judged.
struct ShiftStudySplit {
    private let section: ShiftStudyConfig.Section
    private let index: Int
    private let seed: UInt64
    private let model: ShiftModel
    private let reference: ReferenceRows
    private let places: [(name: String, rows: ReferenceRows)]
    private let undamaged: ReferenceRows?
    private let contestants: [ShiftContestant]
    private let isCostly: Bool
    private var result: ShiftSplitResult
    private let metric: PerformanceMetric

    /// The name under which the decision stands among the methods, and that under which P's own samples do.
    static let decision = "decision"
    static let null = "null"
    /// The name of rows that were not damaged, to which a stream does not turn but goes on.
    static let undamaged = "undamaged"

    /// Trains the ensembles.
    init(
        _ section: ShiftStudyConfig.Section, index: Int, seed: Int, source: ShiftStudySource, progress: WorkProgress
    ) throws {
        let began = StageClock.now()
        self.section = section
        self.index = index
        var stream = RandomStream(seed: UInt64(seed), purpose: "shift.study.seed", index: UInt64(index))
        self.seed = UInt64(stream.integer(below: Int(UInt32.max)))
        isCostly = index < section.costlySplits
        let costly = isCostly
        contestants =
            [ShiftContestant(name: Self.decision, method: section.method.member)]
            + ShiftContestant.all.filter { section.beside.contains($0.name) && (costly || !$0.isCostly) }
        let rows = source.split(self.seed)
        let kinds = contestants.reduce(into: Set([EnsembleKind.trained])) { $0.formUnion($1.method.ensembles) }
            .union(section.estimator.member.ensembles)
        let ensembles = try section.ensembles.fit(kinds, to: rows.training, seed: self.seed, progress: progress)
        let bare = ShiftModel(ensembles: ensembles, seed: self.seed)
        let model = ShiftModel(
            training: bare.rows(features: rows.training.features), ensembles: ensembles, seed: self.seed)
        func labelled(_ rows: LabelledRows) -> ReferenceRows {
            ReferenceRows(model.rows(features: rows.features), labels: rows.labels)
        }
        let (reference, metric) = (labelled(rows.reference), section.estimator.member.metric)
        let reached = metric.value(of: reference.rows, labels: reference.labels)
        places = rows.places.map { ($0.name, labelled($0.rows)) }
        // Damaged rows are compared with themselves undamaged: other rows of P would add their own luck.
        undamaged = rows.undamaged.map(labelled)
        let before = undamaged.map { metric.value(of: $0.rows, labels: $0.labels) } ?? reached
        var truth = Dictionary(
            uniqueKeysWithValues: places.map {
                ($0.name, before - metric.value(of: $0.rows.rows, labels: $0.rows.labels))
            })
        truth[Self.null] = 0
        for tilt in section.tilts {
            let chosen = Self.proportional(tilt.weights(reference))
            let many = reference.selecting(chosen)
            truth[tilt.rawValue] = reached - metric.value(of: many.rows, labels: many.labels)
        }
        (self.model, self.reference, self.metric) = (model, reference, metric)
        result = ShiftSplitResult(split: index, reference: reached, truth: truth)
        result.fitSeconds = StageClock.now() - began
    }

    /// Judges all samples.
    mutating func judged(progress: WorkProgress = .none) throws -> ShiftSplitResult {
        let own = PerformanceBootstrap(
            section.estimator.member, reference: reference, draws: section.bootstraps, seed: seed)
        for size in section.sizes where size < reference.count / 2 {
            for (place, rows) in places where size <= rows.count {
                for draw in 0..<section.draws {
                    try progress.report(0, of: 1)
                    let chosen = Array(permutation(place, size, draw, rows.count).prefix(size))
                    try judge(rows.selecting(chosen), of: place, beside: reference, own)
                }
            }
            for draw in 0..<section.nullDraws {
                try progress.report(0, of: 1)
                let order = permutation(Self.null, size, draw, reference.count)
                try judge(
                    reference.selecting(Array(order.prefix(size))), of: Self.null,
                    beside: reference.selecting(Array(order.dropFirst(size))))
            }
            for tilt in section.tilts { try judge(tilt, size: size) }
            if isCostly { try judgeNested(size: size, progress: progress) }
        }
        let stream = ShiftStudyStream(reference, batch: section.batch, alpha: section.alpha, seed: seed)
        let turned = places + (undamaged.map { [(name: Self.undamaged, rows: $0)] } ?? [])
        result.streams = stream.map { stream in turned.map { stream.watched($0.name, $0.rows) } }
        return result
    }

    /// A third of P is drawn from, two thirds stay the reference.
    private mutating func judge(_ tilt: ShiftTilt, size: Int) throws {
        for draw in 0..<section.draws {
            let order = permutation(tilt.rawValue, size, draw, reference.count)
            let cut = reference.count * 2 / 3
            let pool = reference.selecting(Array(order[cut...]))
            let chosen = drawn(size, tilt.weights(reference.selecting(Array(order[cut...]))), tilt.rawValue, draw)
            try judge(pool.selecting(chosen), of: tilt.rawValue, beside: reference.selecting(Array(order[..<cut])))
        }
    }

    private mutating func judge(
        _ sample: ReferenceRows, of place: String, beside reference: ReferenceRows,
        _ fitted: PerformanceBootstrap? = nil
    ) throws {
        let bootstrap =
            fitted
            ?? PerformanceBootstrap(
                section.estimator.member, reference: reference, draws: section.bootstraps, seed: seed)
        let began = StageClock.now()
        let estimate = bootstrap.estimate(of: sample.rows)
        result.spend("estimate", StageClock.now() - began, samples: 1)
        let pool = reference.rows.joined(with: sample.rows)
        let number = UInt64(result.samples.count)
        let subsets = PermutationTest.subsets(
            section.permutations, size: sample.count, of: pool.count, seed: seed &* 1_000_003 &+ number)
        let samples = [Array(reference.count..<pool.count)] + subsets
        var p: [String: Double] = [:]
        for contestant in contestants where contestant.method.level == .exact {
            let began = StageClock.now()
            let values = try contestant.method.values(of: samples, in: pool, model: model, progress: .none)
            p[contestant.name] = PermutationTest(statistic: values[0], null: Array(values.dropFirst())).pValue
            result.spend(contestant.name, StageClock.now() - began, samples: 1)
        }
        let reached = metric.value(of: sample.rows, labels: sample.labels)
        result.samples.append(
            ShiftSplitResult.Sample(
                place: place, size: sample.count, p: p, drop: estimate.drop,
                realised: estimate.reference.value - reached))
    }

    /// Methods that learn anew from each sample: their null is samples of P, all learnt side by side.
    private mutating func judgeNested(size: Int, progress: WorkProgress) throws {
        let nested = contestants.filter { $0.method.level == .nestedSplits }
        guard !nested.isEmpty else { return }
        var (pool, groups) = (reference.rows, [(place: String, samples: [[Int]])]())
        func drawn(_ place: String, _ count: Int, _ rows: Range<Int>) -> [[Int]] {
            (0..<count).map { draw in
                permutation("nested.\(place)", size, draw, rows.count).prefix(size).map { rows.lowerBound + $0 }
            }
        }
        let known = drawn("known", section.nestedNull, 0..<pool.count)
        groups.append((Self.null, drawn(Self.null, section.nullDraws, 0..<pool.count)))
        for (place, rows) in places where size <= rows.count {
            let first = pool.count
            pool = pool.joined(with: rows.rows)
            groups.append((place, drawn(place, section.draws, first..<pool.count)))
        }
        let all = known + groups.flatMap(\.samples)
        for contestant in nested {
            let began = StageClock.now()
            let values = try contestant.method.values(of: all, in: pool, model: model, progress: progress)
            result.spend(contestant.name, StageClock.now() - began, samples: all.count)
            let null = Array(values[..<known.count])
            var next = known.count
            for group in groups {
                for _ in group.samples {
                    let p = PermutationTest(statistic: values[next], null: null).pValue
                    result.samples.append(
                        ShiftSplitResult.Sample(
                            place: group.place, size: size, p: [contestant.name: p], drop: nil, realised: nil))
                    next += 1
                }
            }
        }
    }

    private func permutation(_ place: String, _ size: Int, _ draw: Int, _ count: Int) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: "shift.study.\(place).\(size)", index: UInt64(draw))
        return stream.permutation(count)
    }

    /// Rows drawn with replacement by weights.
    private func drawn(_ count: Int, _ weights: [Double], _ purpose: String, _ draw: Int) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: "shift.study.tilt.\(purpose).\(count)", index: UInt64(draw))
        let total = weights.reduce(0, +)
        return (0..<count).map { _ in
            var left = (Double(stream.integer(below: 1 << 31)) + 0.5) / Double(1 << 31) * total
            for (place, weight) in weights.enumerated() {
                left -= weight
                if left < 0 { return place }
            }
            return weights.count - 1
        }
    }

    /// Ten thousand rows in the proportions of weights.
    private static func proportional(_ weights: [Double]) -> [Int] {
        let total = weights.reduce(0, +)
        var (chosen, sum) = ([Int](), 0.0)
        for (place, weight) in weights.enumerated() {
            sum += weight / total * 10_000
            while Double(chosen.count) + 0.5 < sum { chosen.append(place) }
        }
        return chosen
    }
}
