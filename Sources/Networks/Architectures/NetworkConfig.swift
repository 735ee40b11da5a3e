/// The description of one kind of network, as it stands in a zoo file beside its `kind`.
///
/// Descriptions come from files: decoding refuses extents that are not positive, contradict each other or are absurdly
/// large, and names the key.
public protocol NetworkConfig: Codable, Hashable, Sendable {
    /// The kind's name in files, "mlp".
    var kind: String { get }
    /// What a sample is.
    var input: NetworkInput { get }
    /// Number of outputs: of a classifier, its classes.
    var outputs: Int { get }
    /// The network itself.
    var network: any Network { get }
}
