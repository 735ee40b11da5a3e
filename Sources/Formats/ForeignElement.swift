/// The number type of a foreign tensor.
public enum ForeignElement: String, Sendable, Hashable, CaseIterable {
    case float16, bfloat16, float32, float64
    case int8, uint8, int16, int32, int64
    case bool

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether elements are floating-point numbers.
    public var isReal: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        case .int8, .uint8, .int16, .int32, .int64, .bool: false
        }
    }
}
