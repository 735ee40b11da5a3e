import Basics
import ShiftDetection

/// The tables of a judged sample as texts, for a terminal and for a page.
public struct ShownShift: Sendable {
    /// Names of columns, and rows of cells.
    public typealias Cells = (columns: [String], rows: [[String]])

    /// How good the model is.
    public let estimates: Cells
    /// What moved.
    public let columns: Cells
    /// Rows to look at first.
    public let doubtful: Cells
    /// Other methods.
    public let others: Cells
    /// What would have been found.
    public let power: Cells

    /// Columns that are shown at most.
    static let mostColumns = 8
    /// Doubtful rows that are named at most.
    static let mostRows = 50

    /// How many doubtful rows a sample of the reference has on average.
    public static func expected(_ found: ShiftTest) -> String { "\(max(1, found.sampleCount / 20))" }

    /// The tables of a judged sample.
    public init(_ found: ShiftTest) {
        estimates = (
            ["estimate", "this sample", "reference"] + (found.truth.isEmpty ? [] : ["by its labels"]),
            found.estimates.enumerated().map { place, estimate in
                [estimate.metric.name, Self.interval(estimate.sample), Self.interval(estimate.reference)]
                    + (found.truth.isEmpty ? [] : [NumberText.fixed(found.truth[place], digits: 2)])
            }
        )
        columns = Self.columns(found.columns)
        let rows = found.doubtful.rows
        let listed = rows.prefix(Self.mostRows).map { "\($0)" }.joined(separator: ", ")
        doubtful = (
            ["rows of the sample", "of", "expected"],
            [[listed + (rows.count > Self.mostRows ? ", ..." : ""), "\(found.sampleCount)", Self.expected(found)]]
        )
        others = (
            ["method", "on", "p"],
            found.others.map { [$0.method.kind, Self.space($0.method), Self.p($0.pValue)] }
        )
        power = Self.power(found.power)
    }

    /// The table of what moved.
    public static func columns(_ columns: [ColumnShift]) -> Cells {
        (
            ["column", "what", "reference", "sample", "p (Holm)"],
            columns.prefix(mostColumns).map { column in
                [
                    column.column.printable(limit: 30), column.figure.printable(limit: 30),
                    NumberText.significant(column.reference), NumberText.significant(column.sample), p(column.holm),
                ]
            }
        )
    }

    /// The table of what is found.
    public static func power(_ rows: [ShiftPower.Row]) -> Cells {
        (
            ["rows", "shift", "accuracy falls by", "called different", "called harmful", "samples"],
            rows.map { row in
                func share(_ value: Double) -> String {
                    row.cases == 0 ? "-" : NumberText.percent(value, digits: 0) + " %"
                }
                return [
                    "\(row.rows)", row.words,
                    row.drop.map { NumberText.percent($0, digits: 0) + " points" } ?? "-",
                    share(row.different), share(row.harmful), "\(row.cases)",
                ]
            }
        )
    }

    private static func interval(_ found: AccuracyInterval) -> String {
        func two(_ value: Double) -> String { NumberText.fixed(value, digits: 2) }
        return "\(two(found.value)) (\(two(found.low)) to \(two(found.high)))"
    }

    static func p(_ value: Double) -> String {
        value < 0.0005 ? "below 0.001" : NumberText.fixed(value, digits: 3)
    }

    private static func space(_ method: Described<ShiftMethodFamily>) -> String {
        method.member.needsFeatures ? "inputs" : "outputs"
    }
}
