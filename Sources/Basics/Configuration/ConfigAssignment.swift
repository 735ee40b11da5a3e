/// One key set to one value.
public struct ConfigAssignment: Sendable, Equatable {
    /// The dotted path of the key, from the root of the configuration.
    public let path: String
    /// The value; a section sets each key in it.
    public let value: Tree
    /// Where it was written.
    public let origin: ConfigOrigin

    /// Sets the key at `path`.
    public init(path: String, value: Tree, origin: ConfigOrigin) {
        self.path = path
        self.value = value
        self.origin = origin
    }

    /// The assignments of single values that this one stands for.
    package var flattened: [ConfigAssignment] {
        value.leaves(under: path).map { ConfigAssignment(path: $0.path, value: $0.value, origin: origin) }
    }
}
