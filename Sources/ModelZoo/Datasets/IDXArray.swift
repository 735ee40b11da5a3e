/// An array read from an IDX file, the format of MNIST's files, with its elements still in file order and type.
///
/// Source: LeCun, Cortes, Burges, "The MNIST database", section "File formats".
public struct IDXArray: Sendable {
    /// Element types, by the code in the third byte of the file.
    public enum Element: UInt8, Sendable, CaseIterable {
        case uint8 = 0x08
        case int8 = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        /// Bytes of one element.
        public var size: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }

        /// Whether elements are whole numbers.
        public var isInteger: Bool { self != .float32 && self != .float64 }
    }

    /// Where the array came from.
    public let path: String
    /// The type of the elements.
    public let element: Element
    /// Extents; the last axis varies fastest.
    public let shape: [Int]
    /// The whole file, uncompressed: header, then big-endian elements.
    let bytes: [UInt8]

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// Bytes before the first element.
    var headerSize: Int { 4 + 4 * shape.count }
    /// The elements' bytes.
    var payload: ArraySlice<UInt8> { bytes[headerSize...] }
}
