import Basics
import CHDF5

/// An open dataset whose claims about its size have been checked.
package struct HDF5Dataset: ~Copyable, Sendable {
    /// `zoo.h5:/weights`, for messages.
    package let place: String
    /// Extents; the first axis counts rows.
    package let shape: [Int]
    /// What is stored.
    package let element: HDF5ElementKind
    /// Extents of a chunk, or nil where storage is contiguous.
    let chunk: [Int]?
    let handle: HDF5Handle

    init(place: String, shape: [Int], element: HDF5ElementKind, chunk: [Int]?, handle: consuming HDF5Handle) {
        self.place = place
        self.shape = shape
        self.element = element
        self.chunk = chunk
        self.handle = handle
    }

    /// Number of elements of a row (1 for a column).
    var rowCount: Int { shape.dropFirst().reduce(1, *) }

    /// Closes now and throws where buffered bytes could not be written.
    package consuming func close() throws {
        let place = place
        try handle.close(at: place)
    }
}

extension HDF5File {
    /// Bytes of the largest chunk we read.
    static let largestChunk = 512 << 20

    /// Opens a dataset of this file and checks what it claims against what is stored.
    ///
    /// Throws `.malformed` where it is missing, lies in other files, needs a filter that is not here, or claims more elements than its stored bytes can hold. One that was never written is its fill
    /// value where `allowsUnwritten` and it is small.
    package func dataset(_ name: String, allowsUnwritten: Bool = false) throws -> HDF5Dataset {
        let place = self.place(name)
        guard try contains(name), try kind(of: name) == .dataset else {
            throw DataError(.malformed, path: path, expected: "a dataset \(name)", found: "none")
        }
        let probe = try HDF5Handle(.dataset, at: place, expected: "a readable dataset") {
            H5Dopen2(handle.id, name, ch5_default())
        }
        let facts = try HDF5DatasetDescription(
            of: probe.id, at: place, fileBytes: byteCount, allowsUnwritten: allowsUnwritten)
        guard let chunk = facts.chunk else {
            return HDF5Dataset(place: place, shape: facts.shape, element: facts.element, chunk: nil, handle: probe)
        }
        // Reopened with a cache that holds two chunks: rows of one chunk are then decoded once, not row by row.
        let access = try HDF5Handle.properties(ch5_dataset_access(), at: place)
        let bytes = chunk.reduce(facts.element.storedBytes, *)
        let cached = try HDF5Handle(.dataset, at: place, expected: "a readable dataset") {
            H5Pset_chunk_cache(access.id, 521, max(1 << 20, min(2 * bytes, Self.largestChunk)), 1)
            return H5Dopen2(handle.id, name, access.id)
        }
        return HDF5Dataset(place: place, shape: facts.shape, element: facts.element, chunk: chunk, handle: cached)
    }
}

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
    /// Bytes without a meaning to the library: NumPy's types that it does not know, such as bfloat16.
    case opaque(bytes: Int)
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
        case H5T_OPAQUE: self = .opaque(bytes: bytes)
        case H5T_ARRAY: self = .other("array")
        case H5T_VLEN: self = .other("variable-length")
        default: self = .other("unknown")
        }
    }

    /// Bytes of one element as stored, at least 8 for a reference to a variable-length string.
    var storedBytes: Int {
        switch self {
        case .real(let bytes), .integer(let bytes, _), .fixedText(let bytes), .opaque(let bytes): bytes
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
        case .opaque(let bytes): "opaque elements of \(bytes) bytes"
        case .other(let name): "\(name) elements"
        }
    }
}
