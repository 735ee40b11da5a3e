/// A section's entries in the order in which they were first set; equality does not look at the order.
public struct ConfigMap: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// The keys in order.
    public private(set) var keys: [String] = []
    private var values: [String: ConfigTree] = [:]

    /// An empty section.
    public init() {}

    /// The given entries; a key that stands twice keeps its last value.
    public init(dictionaryLiteral elements: (String, ConfigTree)...) {
        for (key, value) in elements { self[key] = value }
    }

    /// The value of a key, or nil; setting nil removes the key.
    public subscript(key: String) -> ConfigTree? {
        get { values[key] }
        set {
            if newValue == nil {
                keys.removeAll { $0 == key }
            } else if values[key] == nil {
                keys.append(key)
            }
            values[key] = newValue
        }
    }

    /// Whether both hold the same values under the same keys.
    public static func == (left: ConfigMap, right: ConfigMap) -> Bool { left.values == right.values }
}
