import Basics
import CHDF5

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
