/// What is known of one data set, and whether it is there.
public struct DatasetListing: Sendable, Codable, Hashable {
    /// Whether the files are what they should be.
    public enum State: String, Sendable, Codable {
        /// All files are there and their checksums hold.
        case verified
        /// All files are there; their checksums were not computed.
        case unchecked
        /// All files are there, but one cannot be read or is another one than its name promises.
        case damaged
        /// Some files are there.
        case incomplete
        /// No file is there.
        case absent
    }

    /// The name it is loaded by.
    public let name: String
    /// What it holds, in a line.
    public let summary: String
    /// Under which licence.
    public let licence: String
    /// Whether it is there.
    public let state: State
    /// Where it was found, wholly or in part; nil when it is absent.
    public let folder: String?
    /// The files that were read; empty unless `state` is `verified`.
    public let files: [SourceFile]
    /// Every folder in which it is looked for, in order.
    public let searched: [String]
    /// What is wrong, or nil.
    public let problem: String?
    /// How to get it, or nil when it is there.
    public let hint: String?
}
