import Basics
import ShiftDetection
import Tensors

/// Where the rows of a study come from: `shift.data`.
public enum ShiftStudyData: ConfigChoice {
    /// A table of one place, cut into T and P, and tables of other places.
    case sites(Sites)
    /// Images, cut into T, P and others that are damaged more and more.
    case images(Images)

    /// Tables of several places.
    public struct Sites: ComponentConfig {
        /// The place whose rows are T and P.
        public var reference = "uci-heart-cleveland"
        /// Places where rows come from otherwise.
        public var places = ["uci-heart-va", "uci-heart-switzerland", "uci-heart-hungarian"]
        /// The share of the reference place's rows that is T.
        public var training = 0.5

        /// Four hospitals.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey("reference", .text, "The data set whose rows are split into T and P"),
            ConfigKey(
                "places", .list(.text, atLeast: 1), "Data sets of other places, of the same features and classes"),
            ConfigKey("training", .number(above: 0, below: 1), "The share of the reference place's rows that is T"),
        ]
    }

    /// Images that are damaged.
    public struct Images: ComponentConfig {
        /// The data set.
        public var dataset = "digits"
        /// Data sets of the same classes from elsewhere.
        public var places: [String] = []
        /// Pixels of a side after shrinking.
        public var side = 8
        /// Rows of T.
        public var training = 600
        /// Rows of P.
        public var reference = 300
        /// Rows that are damaged, and of each place elsewhere.
        public var others = 600
        /// What damages them.
        public var corruptions = Corruption.allCases
        /// How much, from 0, not at all, to 1.
        public var severities = [0.05, 0.15, 0.4, 1]
        /// Classes that become frequent in one more place, whose images are not damaged; 0 leaves it out.
        public var frequent = 0

        /// Digits of 8x8 pixels.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey("dataset", .text, "The images"),
            ConfigKey("places", .list(.text), "Data sets of the same classes from elsewhere"),
            ConfigKey("side", .integer(4...64), "Pixels of a side to which images are shrunk"),
            ConfigKey("training", .integer(20...60_000), "Training rows"),
            ConfigKey("reference", .integer(20...60_000), "Reference rows"),
            ConfigKey("others", .integer(20...60_000), "Rows that are damaged, or come from elsewhere"),
            ConfigKey(
                "corruptions", .list(.choice(Corruption.allCases.map(\.rawValue))), "What damages images"),
            ConfigKey("severities", .list(.number(above: 0, atMost: 1)), "How much: 1 is hard to read"),
            ConfigKey(
                "frequent", .integer(0...1000),
                "Classes, others in each split, that make three in four of undamaged images: label shift; 0 for none"),
        ]

        /// Every damage by every amount.
        var damages: [ShiftStudyRows.Severity] {
            corruptions.flatMap { corruption in
                severities.map { ShiftStudyRows.Severity(corruption: corruption, amount: $0) }
            }
        }
    }

    /// Tables first.
    public static let standard: ConfigKinds<ShiftStudyData> = [
        ConfigKind("sites", Sites.self, "tables of one place and of others", ShiftStudyData.sites) {
            guard case .sites(let sites) = $0 else { return nil }
            return sites
        },
        ConfigKind("images", Images.self, "images, and the same damaged more and more", ShiftStudyData.images) {
            guard case .images(let images) = $0 else { return nil }
            return images
        },
    ]
}

/// The rows of one split of a study.
struct ShiftStudyRows {
    /// What the model learns from.
    let training: LabelledRows
    /// What it is judged by.
    let reference: LabelledRows
    /// What may have shifted.
    let places: [Place]
    /// The rows of damaged places as they were before, which tell a damage's true fall; nil where P itself does.
    var undamaged: LabelledRows?

    /// Rows from elsewhere.
    struct Place {
        /// What stands in the table.
        let name: String
        /// What damaged them; nil for others.
        let severity: Severity?
        /// Its rows.
        let rows: LabelledRows
    }

    /// How much images are damaged.
    struct Severity: Equatable {
        let corruption: Corruption
        let amount: Double

        /// What stands in a table.
        var name: String { "\(corruption.rawValue) \(NumberText.significant(amount))" }
    }
}

/// Raw rows with classes, NaN where a value is missing.
struct RawStudyRows: Sendable {
    let values: [Float]
    let labels: [Int32]
    let width: Int

    var count: Int { labels.count }

    func selecting(_ rows: [Int]) -> RawStudyRows {
        RawStudyRows(
            values: rows.flatMap { values[$0 * width..<($0 + 1) * width] }, labels: rows.map { labels[$0] },
            width: width)
    }
}

/// How raw rows become features: medians of T for what is missing, means and deviations of T, at most six of them from
/// the mean.
struct RawStudyEncoding {
    private let columns: [(median: Float, mean: Float, deviation: Float)]

    /// Learns from T alone. A column that does not vary becomes 0; pixels share one mean and deviation, as dark corners
    /// would else turn the least noise into a storm.
    init(fitting rows: RawStudyRows, arePixels: Bool) {
        if arePixels {
            let count = Float(max(rows.values.count, 1))
            let mean = rows.values.reduce(0, +) / count
            let variance = rows.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            columns = Array(repeating: (mean, mean, max(variance, 1e-12).squareRoot()), count: rows.width)
            return
        }
        columns = (0..<rows.width).map { column in
            let all = stride(from: column, to: rows.values.count, by: rows.width).map { rows.values[$0] }
            let there = all.filter { !$0.isNaN }.sorted()
            let median = there.isEmpty ? 0 : (there[(there.count - 1) / 2] + there[there.count / 2]) / 2
            let filled = all.map { Double($0.isNaN ? median : $0) }
            let mean = filled.reduce(0, +) / Double(max(filled.count, 1))
            let variance = filled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(filled.count, 1))
            return (median, Float(mean), variance > 1e-12 ? Float(variance.squareRoot()) : .infinity)
        }
    }

    func rows(_ rows: RawStudyRows, classes: Int) -> LabelledRows {
        let values = rows.values.enumerated().map { place, value -> Float in
            let column = columns[place % rows.width]
            let scaled = ((value.isNaN ? column.median : value) - column.mean) / column.deviation
            return min(max(scaled, -6), 6)
        }
        return LabelledRows(
            features: Tensor(values, shape: [rows.count, rows.width]), labels: rows.labels, classes: classes)
    }
}
