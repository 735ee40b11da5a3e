/// Samples read from a CSV file: one row of numbers and one class each.
public struct CSVTable: Sendable {
    /// Names of the feature columns; empty when the file has no header.
    public let featureNames: [String]
    /// Number of feature columns.
    public let featureCount: Int
    /// Number of rows, the header not counted.
    public var rowCount: Int { labels.count }
    /// Features, row after row; NaN where a value is missing.
    public let features: [Float]
    /// Class of every row, an index into `classNames`.
    public let labels: [Int32]
    /// What the file calls the classes: in numerical order when all are whole numbers, else in the order of their
    /// UTF-8 bytes.
    public let classNames: [String]
}
