/// One column of a table, before it is encoded.
public struct ShiftColumn: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What stands in its rows; nil is missing.
    public let values: Values

    /// What a column holds.
    public enum Values: Sendable, Equatable {
        /// Numbers.
        case numbers([Double?])
        /// Words.
        case categories([String?])
    }

    /// A column with its values.
    public init(name: String, values: Values) { (self.name, self.values) = (name, values) }
}

/// What has moved in a column, and how sure that is.
public struct ColumnShift: Codable, Sendable, Equatable {
    /// The column.
    public let column: String
    /// What of it was compared.
    public let aspect: Aspect
    /// Which test it was.
    public let test: Test
    /// The p-value of this test alone.
    public let pValue: Double
    /// Holm's: the chance of any false finding among all columns is at most the level.
    public internal(set) var holm: Double
    /// Benjamini and Hochberg's: the expected share of false findings is at most the level.
    public internal(set) var benjaminiHochberg: Double
    /// What ``reference`` and ``sample`` are: "median", "share missing", "share of typical".
    public let figure: String
    /// The figure in the reference.
    public let reference: Double
    /// The figure in the sample.
    public let sample: Double

    /// What of a column is compared.
    public enum Aspect: String, Codable, Sendable, CaseIterable {
        /// The values that are there.
        case values
        /// Whether there is a value.
        case missing
    }

    /// How it is compared; all are exact under exchangeability of the rows that are compared.
    public enum Test: String, Codable, Sendable, CaseIterable {
        /// Kolmogorov and Smirnov's, given the ties.
        case ks
        /// Fisher's exact test of two frequencies.
        case fisher
        /// Chi-square of more than two categories, by permutations.
        case chiSquare = "chi-square"
    }
}
