/// How a CSV file is to be understood.
public struct CSVOptions: Sendable, Hashable {
    /// Whether the first line names the columns.
    public enum Header: Sendable, Hashable {
        /// It does when none of its cells is a number.
        case detected
        case present
        case absent
    }

    /// The column that holds the class.
    public enum Label: Sendable, Hashable {
        case last
        /// A column counted from 0; a negative one counts back from the end, so that -1 is the last.
        case index(Int)
        /// A column by its name in the header.
        case named(String)
    }

    /// Whether the first line names the columns.
    public var header: Header
    /// The column that holds the class.
    public var label: Label
    /// Whether feature cells may be missing (empty, `?`, `NA`, `NaN`); they are then read as NaN.
    public var allowsMissing: Bool

    /// Options that fit a plain file of numbers with the class in the last column.
    public init(header: Header = .detected, label: Label = .last, allowsMissing: Bool = false) {
        self.header = header
        self.label = label
        self.allowsMissing = allowsMissing
    }
}
