import Basics
import CHDF5

extension HDF5File {
    /// Names of a group's members, in order of their bytes; throws where one of them cannot be read.
    package func children(of group: String) throws -> [String] {
        try childResults(of: group).map { try $0.get() }
    }

    /// Names of an object's attributes, in order of their bytes; throws where one of them cannot be read.
    func attributeNames(of object: String) throws -> [String] {
        try attributeNameResults(of: object).map { try $0.get() }
    }

    /// What can be learned of each member's name: one that cannot be read does not hide the others.
    func childResults(of group: String) throws -> [Result<String, any Error>] {
        let place = self.place(group)
        let object = try HDF5Handle(.object, at: place, expected: "a readable group") {
            H5Gopen2(handle.id, group, ch5_default())
        }
        let count = try HDF5Library.locked {
            var info = H5G_info_t()
            try HDF5Library.check(H5Gget_info(object.id, &info), .malformed, at: place, "a readable group")
            return info.nlinks
        }
        try checkListing(Int64(clamping: count), place)
        return (0..<count).map { index in
            Result {
                try name(at: place, "readable names of members") { buffer, size in
                    H5Lget_name_by_idx(object.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, ch5_default())
                }
            }
        }
    }

    /// What can be learned of each attribute's name: one that cannot be read does not hide the others.
    func attributeNameResults(of object: String) throws -> [Result<String, any Error>] {
        let place = self.place(object)
        let owner = try HDF5Handle(.object, at: place, expected: "a readable object") {
            H5Oopen(handle.id, object, ch5_default())
        }
        let count = try HDF5Library.locked {
            try HDF5Library.check(ch5_attribute_count(owner.id), .malformed, at: place, "readable attributes")
        }
        try checkListing(count, place)
        return (0..<hsize_t(count)).map { index in
            Result {
                let attribute = try HDF5Handle(.attribute, at: place, expected: "a readable attribute") {
                    H5Aopen_by_idx(owner.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, ch5_default(), ch5_default())
                }
                return try name(at: place, "readable names of attributes") { H5Aget_name(attribute.id, $1, $0) }
            }
        }
    }

    private func checkListing(_ count: Int64, _ place: String) throws {
        guard count <= 1 << 20 else {
            throw DataError(.malformed, path: place, expected: "at most a million names", found: "\(count)")
        }
    }

    /// Asks the library for a name's length, then for the name.
    private func name(
        at place: String, _ expected: String, _ ask: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws -> String {
        try HDF5Library.locked {
            let length = try HDF5Library.check(ask(nil, 0), .malformed, at: place, expected)
            guard length < 1 << 16 else {
                throw DataError(.malformed, path: place, expected: "names below 64 KiB", found: "\(length) bytes")
            }
            var bytes = [CChar](repeating: 0, count: length + 1)
            try HDF5Library.check(ask(&bytes, bytes.count), .malformed, at: place, expected)
            return try HDF5Text.decode(&bytes, at: place)
        }
    }
}
