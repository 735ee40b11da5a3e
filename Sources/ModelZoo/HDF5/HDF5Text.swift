import Basics
import CHDF5

/// Strings in and out of HDF5's two forms.
enum HDF5Text {
    /// Variable-length, UTF-8, zero-terminated.
    static func variableType(at place: String) throws -> HDF5Handle {
        let type = try HDF5Handle(.type, .inputOutput, at: place, expected: "a string type") { H5Tcopy(ch5_c_string()) }
        HDF5Library.locked {
            _ = H5Tset_size(type.id, ch5_variable())
            _ = H5Tset_cset(type.id, H5T_CSET_UTF8)
        }
        return type
    }

    /// A variable-length string as the library returned it (null means empty).
    static func decode(_ pointer: UnsafeMutablePointer<CChar>?, at place: String) throws -> String {
        guard let pointer else { return "" }
        guard let text = String(validatingCString: pointer) else { throw notUTF8(place) }
        return text
    }

    /// A fixed-length string: ends at the first zero, or before its trailing spaces where space-padded.
    static func decode(_ bytes: ArraySlice<UInt8>, spacePadded: Bool, at place: String) throws -> String {
        var bytes = bytes.prefix { $0 != 0 }
        if spacePadded { while bytes.last == UInt8(ascii: " ") { bytes.removeLast() } }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw notUTF8(place) }
        return text
    }

    private static func notUTF8(_ place: String) -> DataError {
        DataError(.malformed, path: place, expected: "text in UTF-8", found: "other bytes")
    }
}
