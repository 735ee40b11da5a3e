import Basics
import Tensors

/// What is said of one sample: the verdict, and what a person wants to see beside it.
public struct ShiftTest: Codable, Sendable, Equatable {
    /// The decision with what it rests on.
    public let verdict: ShiftVerdict
    /// How good the model is estimated to be, what decides first; none where the reference has no labels.
    public let estimates: [PerformanceEstimate]
    /// What each estimate is about, as the sample's own labels have it; none without labels.
    public let truth: [Double]
    /// Other methods, which decide nothing: one that is asked beside many finds something by chance.
    public let others: [OtherMethod]
    /// What has moved column by column, the surest first.
    public let columns: [ColumnShift]
    /// Rows that the model is less sure of than of most of the reference.
    public let doubtful: DoubtfulRows
    /// How large a shift would have been found at this size, where that was measured.
    public let power: [ShiftPower.Row]
    /// Rows of the sample.
    public let sampleCount: Int
    /// Rows of the sample that have a label.
    public let labelledCount: Int
    /// Rows of the reference.
    public let referenceCount: Int
    /// What to do next, in sentences for a person.
    public let advice: [String]
    /// What a person should know about how the files were read.
    public let notes: [String]

    /// A method that decides nothing.
    public struct OtherMethod: Codable, Sendable, Equatable {
        /// The method with its settings.
        public let method: Described<ShiftMethodFamily>
        /// Its p-value, not adjusted for the methods beside it.
        public let pValue: Double

        private enum CodingKeys: String, CodingKey {
            case method
            case pValue = "p_value"
        }
    }

    /// Rows that a person should look at first.
    public struct DoubtfulRows: Codable, Sendable, Equatable {
        /// Their numbers, the first row of the sample being 1; the least sure first.
        public let rows: [Int]
        /// The confidence below which a row is doubtful: of the reference's rows, a twentieth lies below it.
        public let below: Double
    }

    /// Whether the sample was called different, harmful or not.
    public var isShift: Bool { verdict.finding == .harmful || verdict.finding == .different }

    private enum CodingKeys: String, CodingKey {
        case verdict, estimates, truth, others, columns, doubtful, power, advice, notes
        case sampleCount = "sample_rows"
        case labelledCount = "labelled_rows"
        case referenceCount = "reference_rows"
    }
}

extension ShiftDetector {
    /// Judges a sample whose rows were read with the detector's encoding.
    ///
    /// Throws `DataError` (malformed) where the rows allow no judgement: too few, all the same, or the reference's own.
    public func test(
        _ sample: DetectorRows, path: String, notes: [String] = [], progress: WorkProgress = .none
    ) throws -> ShiftTest {
        let notes = notes + (try check(sample, path: path))
        let pool = try rows(reference.joined(with: sample), path: path)
        let (known, own) = (Array(0..<reference.count), Array(reference.count..<pool.count))
        let held = pool.selecting(known)
        // What is drawn at random must not depend on how a file happens to be sorted.
        let (inOrder, order) = (pool.selecting(reference.order), sample.order)
        let rows = pool.selecting(order.map { own[$0] })
        let model = try model()
        let result = try result(of: settings.method, rows, inOrder, model, progress: progress)
        let labelled = labelledReference(held).map { $0.selecting($0.order) }
        let estimates = labelled.map { reference in
            metrics.map { metric -> PerformanceEstimate in
                PerformanceBootstrap(
                    estimator(metric), reference: reference,
                    draws: PerformanceBootstrap.draws(rows: reference.count + rows.count), seed: settings.seed
                ).estimate(of: rows)
            }
        }
        let limits = SampleLimits(of: rows, beside: labelled?.rows ?? held, smallest: settings.sizes.min() ?? 0)
        let verdict =
            Self.saysTheSame(pool)
            ? ShiftVerdict(
                cannotSay: ["the model says the same of every row."], rows: sample.count, alpha: settings.alpha,
                margin: settings.margin)
            : ShiftVerdict(
                rows: sample.count, test: result, estimate: estimates?.first, alpha: settings.alpha,
                margin: settings.margin, reasons: limits.reasons,
                obstacle: labelled == nil ? nil : limits.obstacle)
        let columns = columnShifts(sample.selecting(order))
        let asRead = pool.selecting(own)
        let doubtful = Self.doubtful(asRead, beside: held)
        let power = power.filter { $0.rows == sample.count }
        let truth = truth(sample, asRead)
        return ShiftTest(
            verdict: verdict, estimates: estimates ?? [], truth: truth,
            others: try others(rows, inOrder, model, progress: progress), columns: columns, doubtful: doubtful,
            power: power,
            sampleCount: sample.count, labelledCount: sample.labelled.count, referenceCount: reference.count,
            advice: ShiftAdvice(
                verdict: verdict, columns: columns, power: power, alpha: settings.alpha, truth: truth.first,
                labelled: labelled.flatMap { labelledAccuracy(sample, asRead, $0) }
            ).sentences,
            notes: notes)
    }

    /// A method's statistic of the sample and those of subsets of both together.
    func result(
        of method: Described<ShiftMethodFamily>, _ sample: ShiftRows, _ reference: ShiftRows, _ model: ShiftModel,
        progress: WorkProgress
    ) throws -> ShiftVerdict.MethodResult {
        let test = try method.member.test(
            sample, against: reference, model: model, permutations: settings.subsets, seed: settings.seed,
            progress: progress)
        return .init(method: method.kind, permutations: test, level: method.member.level)
    }

    private func others(
        _ sample: ShiftRows, _ reference: ShiftRows, _ model: ShiftModel, progress: WorkProgress
    ) throws -> [ShiftTest.OtherMethod] {
        let isSmall = sample.count + reference.count <= DetectorSettings.mostRowsBeside
        return try DetectorSettings.beside.filter { hasFeatures && isSmall || !$0.member.needsFeatures }.map { method in
            let result = try result(of: method, sample, reference, model, progress: progress)
            return ShiftTest.OtherMethod(method: method, pValue: result.permutations.pValue)
        }
    }

    func estimator(_ metric: PerformanceMetric) -> LogisticPerformance {
        var estimator = LogisticPerformance()
        estimator.metric = metric
        return estimator
    }

    /// What is estimated: what decides first, then the others.
    private var metrics: [PerformanceMetric] {
        let usual: [PerformanceMetric] = [.balancedAccuracy, .accuracy, .auc]
        return [settings.metric] + usual.filter { $0 != settings.metric }
    }

    /// What was really reached on the sample's labelled rows, beside each estimate.
    private func truth(_ sample: DetectorRows, _ rows: ShiftRows) -> [Double] {
        let labels = sample.labelled.compactMap { sample.labels?[$0] }
        guard !labels.isEmpty else { return [] }
        return metrics.map { $0.value(of: rows.selecting(sample.labelled), labels: labels) }
    }

    /// How often the model is right by the sample's own labels, beside the reference.
    private func labelledAccuracy(
        _ sample: DetectorRows, _ rows: ShiftRows, _ reference: ReferenceRows
    ) -> ShiftAdvice.Labelled? {
        let (predictions, places) = (rows.predictions, sample.labelled)
        guard !places.isEmpty else { return nil }
        let right = places.count { sample.labels?[$0] == predictions[$0] }
        let known = PerformanceMetric.accuracy.value(of: reference.rows, labels: reference.labels)
        return ShiftAdvice.Labelled(right: right, count: places.count, reference: known)
    }

    private static func saysTheSame(_ rows: ShiftRows) -> Bool {
        let (values, classes) = (rows.probabilities.doubles, rows.classes)
        return values.indices.allSatisfy { values[$0] == values[$0 % classes] }
    }

    private static func doubtful(_ sample: ShiftRows, beside reference: ShiftRows) -> ShiftTest.DoubtfulRows {
        let known = reference.confidences.sorted()
        let (limit, own) = (known[known.count / 20], sample.confidences)
        let rows = own.indices.filter { own[$0] < limit }.sorted { (own[$0], $0) < (own[$1], $1) }
        return ShiftTest.DoubtfulRows(rows: rows.map { $0 + 1 }, below: limit)
    }

    /// What has moved, the smallest p-value first.
    private func columnShifts(_ sample: DetectorRows) -> [ColumnShift] {
        let found = ColumnTests.run(
            reference: encoding.columns(of: reference.selecting(reference.order).raw),
            sample: encoding.columns(of: sample.raw),
            seed: settings.seed)
        return found.enumerated().sorted { ($0.element.pValue, $0.offset) < ($1.element.pValue, $1.offset) }
            .map(\.element)
    }
}
