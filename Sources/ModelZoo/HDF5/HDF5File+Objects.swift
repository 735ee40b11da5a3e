import CHDF5
import Networks

extension HDF5File {
    /// What an object is.
    enum ObjectKind: Equatable, Sendable { case group, dataset, datatype }

    /// Whether there is an object of that name, reached by hard links alone.
    ///
    /// Throws `.malformed` where a part of the name is a soft or external link: a file must not lead us to another.
    func contains(_ name: String) throws -> Bool {
        try HDF5Library.locked {
            var prefix = ""
            for part in name.split(separator: "/") {
                prefix += "/\(part)"
                if H5Lexists(handle.id, prefix, ch5_default()) <= 0 { return false }
                guard ch5_link_kind(handle.id, prefix) == Int(H5L_TYPE_HARD.rawValue) else {
                    throw DataError(
                        .malformed, path: place(prefix), expected: "an object of this file",
                        found: "a soft or external link")
                }
            }
            return true
        }
    }

    /// What the object of that name is; throws `.malformed` where there is none.
    func kind(of name: String) throws -> ObjectKind {
        guard try contains(name) else {
            throw DataError(.malformed, path: path, expected: "an object \(name)", found: "none")
        }
        let object = try HDF5Handle(.object, at: place(name), expected: "a readable object") {
            H5Oopen(handle.id, name, ch5_default())
        }
        return try HDF5Library.locked {
            switch H5Iget_type(object.id) {
            case H5I_GROUP: .group
            case H5I_DATASET: .dataset
            case H5I_DATATYPE: .datatype
            default: throw HDF5Library.failure(.malformed, at: place(name), expected: "a group or a dataset")
            }
        }
    }

    /// Names of a group's members, in order of their bytes.
    func children(of group: String) throws -> [String] {
        let object = try HDF5Handle(.object, at: place(group), expected: "a readable group") {
            H5Gopen2(handle.id, group, ch5_default())
        }
        return try HDF5Library.locked {
            var info = H5G_info_t()
            try HDF5Library.check(H5Gget_info(object.id, &info), .malformed, at: place(group), "a readable group")
            return try (0..<info.nlinks).map { try childName(of: object.id, at: $0, in: group) }
        }
    }

    private func childName(of group: hid_t, at index: hsize_t, in name: String) throws -> String {
        func text(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
            H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, ch5_default())
        }
        let length = try HDF5Library.check(text(nil, 0), .malformed, at: place(name), "readable names of members")
        guard length < 1 << 16 else {
            throw DataError(
                .malformed, path: place(name), expected: "names of at most 65535 bytes", found: "\(length) bytes")
        }
        var bytes = [CChar](repeating: 0, count: length + 1)
        try HDF5Library.check(text(&bytes, bytes.count), .malformed, at: place(name), "readable names of members")
        return try HDF5Text.decode(&bytes, at: place(name))
    }

    /// Creates a group below the root.
    func createGroup(_ name: String) throws {
        let creation = try HDF5Handle.properties(ch5_group_create(), at: place(name))
        _ = try HDF5Handle(.object, .inputOutput, at: place(name), expected: "a new group") {
            H5Pset_obj_track_times(creation.id, false)
            return H5Gcreate2(handle.id, name, ch5_default(), creation.id, ch5_default())
        }
    }
}
