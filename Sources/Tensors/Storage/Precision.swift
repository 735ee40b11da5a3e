/// How a tensor's numbers are stored: a property of the value, not of its type.
public enum Precision: String, Sendable, Hashable, Codable {
    /// 32-bit IEEE 754; the default.
    case single
    /// 64-bit IEEE 754; for gradient checks and spectra.
    case double

    /// Bytes of one element.
    var stride: Int { self == .single ? 4 : 8 }
}
