/// A file that a data set was read from.
public struct SourceFile: Hashable, Sendable, Codable {
    /// Where it lies.
    public let path: String
    /// Its size when uncompressed.
    public let bytes: Int
    /// SHA-256 of its uncompressed bytes, in hexadecimal.
    public let sha256: String
}
