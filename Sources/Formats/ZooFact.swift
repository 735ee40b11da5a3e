/// One thing known of one network, of the kinds that a zoo's columns hold.
public enum ZooFact: Sendable, Hashable {
    /// A real number; accuracies are fractions from 0 to 1.
    case real(Double)
    /// An integer.
    case integer(Int64)
    /// An unsigned integer such as a seed.
    case unsigned(UInt64)
    /// Text.
    case text(String)
}
