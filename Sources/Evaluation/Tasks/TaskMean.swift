import Basics

/// The mean of one number over tasks, with what the tasks leave open of it.
///
/// The interval is Student's, mean +- t s / sqrt(T) at 95 %, with T tasks as independent draws. Tasks that share classes
/// are not quite that: the interval is of other tasks like these, not of other data.
public struct TaskMean: Sendable, Equatable {
    /// T, the tasks that count; those without a finite number do not.
    public let tasks: Int
    /// The mean; NaN over no tasks.
    public let mean: Double
    /// s / sqrt(T) with divisor T - 1; NaN for fewer than two tasks.
    public let standardError: Double

    /// Summarises one number a task.
    public init(_ values: [Double]) {
        let finite = values.filter(\.isFinite)
        tasks = finite.count
        let statistics = SampleStatistics(inOrder: finite)
        mean = statistics.mean
        standardError = statistics.sd / Double(max(finite.count, 1)).squareRoot()
    }

    /// The mean of `values` less `others`, task by task; traps on lists of other lengths.
    public init(_ values: [Double], less others: [Double]) {
        precondition(values.count == others.count, "task mean: \(values.count) tasks less \(others.count)")
        self.init(zip(values, others).map { $0 - $1 })
    }

    /// Half the width of the 95 % interval; NaN for fewer than two tasks.
    public var reach: Double { standardError * Self.quantile(degrees: tasks - 1) }
    /// The ends of the interval.
    public var low: Double { mean - reach }
    /// See `low`.
    public var high: Double { mean + reach }

    /// The 97.5 % quantile of Student's t, to 0.004 from three degrees of freedom on.
    ///
    /// Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.7.5; exact values below three.
    static func quantile(degrees: Int) -> Double {
        switch degrees {
        case ..<1: return .nan
        case 1: return 12.7062
        case 2: return 4.3027
        default:
            let (z, n) = (1.959964, Double(degrees))
            let (a, b) = ((z * z * z + z) / 4, (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96)
            let c = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
            let d = (79 * pow(z, 9) + 776 * pow(z, 7) + 1482 * pow(z, 5) - 1920 * pow(z, 3) - 945 * z) / 92160
            return z + a / n + b / (n * n) + c / (n * n * n) + d / (n * n * n * n)
        }
    }

    private static func pow(_ base: Double, _ power: Int) -> Double {
        (0..<power).reduce(1) { value, _ in value * base }
    }
}

extension TaskMean: Codable {
    private enum CodingKeys: String, CodingKey {
        case tasks, mean, low, high
        case standardError = "standard_error"
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        tasks = try fields.decode(Int.self, forKey: .tasks)
        mean = try fields.decodeNumber(forKey: .mean)
        standardError = try fields.decodeNumber(forKey: .standardError)
    }

    /// Writes the mean with its error and the interval's ends; what is not finite is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(tasks, forKey: .tasks)
        try fields.encodeNumber(mean, forKey: .mean)
        try fields.encodeNumber(standardError, forKey: .standardError)
        try fields.encodeNumber(low, forKey: .low)
        try fields.encodeNumber(high, forKey: .high)
    }
}
