import Basics
import CHDF5

extension HDF5File {
    /// The text of an attribute, variable-length or fixed, or nil where there is none.
    ///
    /// Throws `.malformed` where it is not one string of valid UTF-8.
    package func text(attribute name: String, of object: String = "/") throws -> String? {
        let place = "\(place(object)) attribute \(name)"
        guard let attribute = try openAttribute(name, of: object) else { return nil }
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Aget_type(attribute.id) }
        let kind = HDF5Library.locked { HDF5ElementKind(type: type.id) }
        switch kind {
        case .variableText:
            return try HDF5Library.locked {
                var pointer: UnsafeMutablePointer<CChar>?
                try HDF5Library.check(H5Aread(attribute.id, type.id, &pointer), .malformed, at: place, "readable text")
                defer { _ = H5free_memory(pointer) }
                return try HDF5Text.decode(pointer, at: place)
            }
        case .fixedText(let bytes):
            var buffer = [UInt8](repeating: 0, count: bytes)
            return try HDF5Library.locked {
                try HDF5Library.check(H5Aread(attribute.id, type.id, &buffer), .malformed, at: place, "readable text")
                let spacePadded = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
                return try HDF5Text.decode(buffer[...], spacePadded: spacePadded, at: place)
            }
        default:
            throw DataError(.malformed, path: place, expected: "text", found: "\(kind)")
        }
    }

    /// The value of an integer attribute, or nil where there is none; throws `.malformed` where it is no integer.
    func integer(attribute name: String, of object: String = "/") throws -> Int? {
        let place = "\(place(object)) attribute \(name)"
        guard let attribute = try openAttribute(name, of: object) else { return nil }
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Aget_type(attribute.id) }
        let kind = HDF5Library.locked { HDF5ElementKind(type: type.id) }
        guard case .integer = kind else {
            throw DataError(.malformed, path: place, expected: "an integer", found: "\(kind)")
        }
        var value: Int64 = 0
        try HDF5Library.locked {
            _ = try HDF5Library.check(
                H5Aread(attribute.id, Int64.memoryType, &value), .malformed, at: place, "a readable integer")
        }
        return Int(value)
    }

    /// Opens an attribute that holds exactly one element.
    private func openAttribute(_ name: String, of object: String) throws -> HDF5Handle? {
        let place = "\(place(object)) attribute \(name)"
        let exists = HDF5Library.locked { H5Aexists_by_name(handle.id, object, name, ch5_default()) }
        guard exists > 0 else { return nil }
        let attribute = try HDF5Handle(.attribute, at: place, expected: "a readable attribute") {
            H5Aopen_by_name(handle.id, object, name, ch5_default(), ch5_default())
        }
        let space = try HDF5Handle(.space, at: place, expected: "a readable extent") { H5Aget_space(attribute.id) }
        let count = HDF5Library.locked { H5Sget_simple_extent_npoints(space.id) }
        guard count == 1 else {
            throw DataError(.malformed, path: place, expected: "one value", found: "\(count) values")
        }
        return attribute
    }

    /// Writes variable-length UTF-8 to a new attribute of the root; throws `.inputOutput`.
    func write(text: String, attribute name: String) throws {
        let type = try HDF5Text.variableType(at: place("/"))
        try write(attribute: name, type: type.id) { id in
            text.withCString { start in
                var pointer: UnsafePointer<CChar>? = start
                return H5Awrite(id, type.id, &pointer)
            }
        }
    }

    /// Writes an int64 to a new attribute of the root; throws `.inputOutput`.
    func write(integer: Int, attribute name: String) throws {
        var value = Int64(integer)
        try write(attribute: name, type: Int64.fileType) { H5Awrite($0, Int64.memoryType, &value) }
    }

    private func write(attribute name: String, type: hid_t, _ body: (hid_t) -> herr_t) throws {
        let place = "\(place("/")) attribute \(name)"
        let space = try HDF5Handle(.space, .inputOutput, at: place, expected: "an extent") { H5Screate(H5S_SCALAR) }
        let attribute = try HDF5Handle(.attribute, .inputOutput, at: place, expected: "a new attribute") {
            H5Acreate_by_name(
                handle.id, "/", name, type, space.id, ch5_default(), ch5_default(), ch5_default())
        }
        try HDF5Library.locked {
            _ = try HDF5Library.check(body(attribute.id), .inputOutput, at: place, "a complete write")
        }
    }
}

extension HDF5File {
    /// The texts of an attribute that holds one or many, or nil where there is none.
    ///
    /// Throws `.malformed` where they are not text in UTF-8, or are said to be more than the file can hold.
    package func texts(attribute name: String, of object: String = "/") throws -> [String]? {
        let place = "\(place(object)) attribute \(name)"
        let exists = HDF5Library.locked { H5Aexists_by_name(handle.id, object, name, ch5_default()) }
        guard exists > 0 else { return nil }
        let attribute = try HDF5Handle(.attribute, at: place, expected: "a readable attribute") {
            H5Aopen_by_name(handle.id, object, name, ch5_default(), ch5_default())
        }
        let space = try HDF5Handle(.space, at: place, expected: "a readable extent") { H5Aget_space(attribute.id) }
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Aget_type(attribute.id) }
        let (kind, count) = HDF5Library.locked {
            (HDF5ElementKind(type: type.id), H5Sget_simple_extent_npoints(space.id))
        }
        // An empty list, such as the weights of a layer without any, may be stored as numbers.
        if count == 0 { return [] }
        let (bytes, overflow) = Int(count).multipliedReportingOverflow(by: kind.storedBytes)
        guard count > 0, !overflow, bytes <= byteCount else {
            throw DataError(
                .malformed, path: place, expected: "texts within a file of \(byteCount) bytes",
                found: "\(count) of them")
        }
        switch kind {
        case .variableText: return try variableTexts(attribute.id, type.id, Int(count), at: place)
        case .fixedText(let size): return try fixedTexts(attribute.id, type.id, Int(count), size, at: place)
        default: throw DataError(.malformed, path: place, expected: "texts", found: "\(kind)")
        }
    }

    private func variableTexts(_ attribute: hid_t, _ type: hid_t, _ count: Int, at place: String) throws -> [String] {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        return try HDF5Library.locked {
            defer { for pointer in pointers { _ = H5free_memory(pointer) } }
            try HDF5Library.check(H5Aread(attribute, type, &pointers), .malformed, at: place, "readable texts")
            return try pointers.map { try HDF5Text.decode($0, at: place) }
        }
    }

    private func fixedTexts(
        _ attribute: hid_t, _ type: hid_t, _ count: Int, _ size: Int, at place: String
    ) throws -> [String] {
        var buffer = [UInt8](repeating: 0, count: count * size)
        let isPadded = try HDF5Library.locked {
            try HDF5Library.check(H5Aread(attribute, type, &buffer), .malformed, at: place, "readable texts")
            return H5Tget_strpad(type) == H5T_STR_SPACEPAD
        }
        return try (0..<count).map { index in
            try HDF5Text.decode(buffer[index * size..<(index + 1) * size], spacePadded: isPadded, at: place)
        }
    }
}

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

    /// A name as it was listed: nil is one that cannot be read.
    static func decoded(_ name: String?, at place: String) throws -> String {
        guard let name else { throw notUTF8(place) }
        return name
    }

    private static func notUTF8(_ place: String) -> DataError {
        DataError(.malformed, path: place, expected: "text in UTF-8", found: "bytes that are none")
    }
}
