/// A data set as its files hold it: raw values, classes, and the division its makers gave it.
///
/// Rows are numbered through all files: where there is an official test part, its rows follow the training rows.
public struct LoadedDataset: Sendable {
    /// What the data set is called.
    public let name: String
    /// Shape of one sample, such as [28, 28].
    public let sampleShape: [Int]
    /// Class of every row.
    public let labels: [Int32]
    /// What the classes are called in the files.
    public let classNames: [String]
    /// Where there is an official test part: how many rows come before it.
    public let officialTrainCount: Int?
    /// SHA-256 of the uncompressed source: of the file where there is one; of several, the digest of what
    /// `sha256sum` prints for them in their order (`sha256sum train-images-idx3-ubyte ... | sha256sum`).
    public let sha256: String
    /// The files that were read.
    public let files: [SourceFile]
    /// How raw values usually become inputs.
    public let usualPreparation: Preparation
    let values: RawValues

    /// Number of rows.
    public var count: Int { labels.count }
    /// Number of features of a sample.
    public var featureCount: Int { sampleShape.reduce(1, *) }
    /// C, the number of classes.
    public var classCount: Int { classNames.count }
    /// Whether values may be missing (NaN).
    var hasMissing: Bool { if case .floats = values { true } else { false } }

    /// Raw values [rows, features] in the file's own units; traps for a row that does not exist.
    public func rawInputs(rows: some Collection<Int>) -> [Float] {
        precondition(rows.allSatisfy { labels.indices.contains($0) }, "dataset \(name): no such row")
        return values.rows(rows, width: featureCount)
    }
}
