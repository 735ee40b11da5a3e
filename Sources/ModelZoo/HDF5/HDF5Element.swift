import CHDF5

/// A Swift number that datasets are read into and written from; the library converts from the stored type.
package protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The library's name of this type in memory.
    static var memoryType: hid_t { get }
    /// The type written to files: little-endian, same width.
    static var fileType: hid_t { get }
    /// The value of a buffer before anything is read into it.
    static var zero: Self { get }
}

extension Float: HDF5Element {
    package static var memoryType: hid_t { ch5_native_float() }
    package static var fileType: hid_t { ch5_float32_le() }
}

extension Double: HDF5Element {
    package static var memoryType: hid_t { ch5_native_double() }
    package static var fileType: hid_t { ch5_float64_le() }
}

extension Int64: HDF5Element {
    package static var memoryType: hid_t { ch5_native_int64() }
    package static var fileType: hid_t { ch5_int64_le() }
}

extension UInt64: HDF5Element {
    package static var memoryType: hid_t { ch5_native_uint64() }
    package static var fileType: hid_t { ch5_uint64_le() }
}

extension UInt8: HDF5Element {
    package static var memoryType: hid_t { ch5_native_uint8() }
    package static var fileType: hid_t { ch5_uint8() }
}

/// What a dataset or attribute stores.
package enum HDF5ElementKind: Equatable, Sendable, CustomStringConvertible {
    case real(bytes: Int)
    case integer(bytes: Int, signed: Bool)
    case fixedText(bytes: Int)
    case variableText
    case other(String)

    /// Looks at an open datatype. Enumerations (h5py's booleans) count as integers.
    init(type: hid_t) {
        let bytes = H5Tget_size(type)
        switch H5Tget_class(type) {
        case H5T_FLOAT: self = .real(bytes: bytes)
        case H5T_INTEGER: self = .integer(bytes: bytes, signed: H5Tget_sign(type) == H5T_SGN_2)
        case H5T_ENUM: self = .integer(bytes: bytes, signed: true)
        case H5T_STRING: self = H5Tis_variable_str(type) > 0 ? .variableText : .fixedText(bytes: bytes)
        case H5T_COMPOUND: self = .other("compound")
        case H5T_REFERENCE: self = .other("reference")
        case H5T_OPAQUE: self = .other("opaque")
        case H5T_ARRAY: self = .other("array")
        case H5T_VLEN: self = .other("variable-length")
        default: self = .other("unknown")
        }
    }

    /// Bytes of one element as stored, at least 8 for a reference to a variable-length string.
    var storedBytes: Int {
        switch self {
        case .real(let bytes), .integer(let bytes, _), .fixedText(let bytes): bytes
        case .variableText: 8
        case .other: 1
        }
    }

    var isNumeric: Bool {
        switch self {
        case .real, .integer: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .real(let bytes): "float\(bytes * 8)"
        case .integer(let bytes, let signed): "\(signed ? "int" : "uint")\(bytes * 8)"
        case .fixedText, .variableText: "text"
        case .other(let name): "\(name) elements"
        }
    }
}
