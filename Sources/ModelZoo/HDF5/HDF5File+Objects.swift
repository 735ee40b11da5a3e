import Basics
import CHDF5

extension HDF5File {
    /// What an object is.
    package enum ObjectKind: Equatable, Sendable { case group, dataset, datatype }

    /// Whether there is an object of that name, reached by hard links alone.
    ///
    /// Throws `.malformed` where a part of the name is a soft or external link: a file must not lead us to another.
    package func contains(_ name: String) throws -> Bool {
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
    package func kind(of name: String) throws -> ObjectKind {
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

    /// Creates a group below the root.
    func createGroup(_ name: String) throws {
        let creation = try HDF5Handle.properties(ch5_group_create(), at: place(name))
        _ = try HDF5Handle(.object, .inputOutput, at: place(name), expected: "a new group") {
            H5Pset_obj_track_times(creation.id, false)
            return H5Gcreate2(handle.id, name, ch5_default(), creation.id, ch5_default())
        }
    }
}
