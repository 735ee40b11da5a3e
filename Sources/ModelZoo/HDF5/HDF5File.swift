import Basics
import CHDF5
import Glibc

/// An open HDF5 file. Objects are named by paths from the root, `/networks/seed`.
package struct HDF5File: ~Copyable, Sendable {
    /// The file's path, for messages.
    package let path: String
    /// Bytes of the file when it was opened; 0 for a new one.
    let byteCount: Int
    let handle: HDF5Handle

    private init(path: String, byteCount: Int, handle: consuming HDF5Handle) {
        self.path = path
        self.byteCount = byteCount
        self.handle = handle
    }

    /// Opens a file for reading; throws `.missing`, `.inputOutput`, or `.malformed` where it is not sound HDF5.
    ///
    /// This does not walk the file in a child process first: see `HDF5Probe.walk`.
    package static func open(_ path: String) throws -> HDF5File {
        let byteCount = try HDF5Signature.check(path)
        let access = try HDF5Handle.properties(ch5_file_access(), at: path)
        let handle = try HDF5Handle(.file, at: path, expected: "a sound HDF5 file") {
            H5Pset_file_locking(access.id, true, true)
            return Self.keptFromChildren(H5Fopen(path, ch5_read_only(), access.id))
        }
        return HDF5File(path: path, byteCount: byteCount, handle: handle)
    }

    /// Creates a file, or empties the one that is there, in the earliest format that serves: HDF5 1.8 reads it, and 1.10
    /// one with virtual datasets.
    package static func create(_ path: String, isVirtual: Bool = false) throws -> HDF5File {
        let access = try HDF5Handle.properties(ch5_file_access(), at: path)
        let creation = try HDF5Handle.properties(ch5_file_create(), at: path)
        let handle = try HDF5Handle(.file, .inputOutput, at: path, expected: "a file that can be created") {
            H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, isVirtual ? H5F_LIBVER_V110 : H5F_LIBVER_V18)
            H5Pset_obj_track_times(creation.id, false)
            return Self.keptFromChildren(H5Fcreate(path, ch5_truncate(), creation.id, access.id))
        }
        return HDF5File(path: path, byteCount: 0, handle: handle)
    }

    /// Marks an open file's descriptor close-on-exec, which libhdf5 forgets: a child process that inherits it would
    /// hold the file's lock after we have closed it.
    private static func keptFromChildren(_ file: hid_t) -> hid_t {
        var descriptor: UnsafeMutableRawPointer?
        guard file >= 0, H5Fget_vfd_handle(file, ch5_default(), &descriptor) >= 0 else { return file }
        if let number = descriptor?.assumingMemoryBound(to: Int32.self) {
            _ = fcntl(number.pointee, F_SETFD, FD_CLOEXEC)
        }
        return file
    }

    /// Writes everything out and closes; throws `.inputOutput` where any byte could not be written.
    package consuming func close() throws {
        let path = path
        try HDF5Library.locked {
            _ = try HDF5Library.check(
                H5Fflush(handle.id, H5F_SCOPE_GLOBAL), .inputOutput, at: path, "a complete write")
        }
        try handle.close(at: path)
    }

    /// The place of an object for messages: `zoo.h5:/weights`.
    package func place(_ name: String) -> String { "\(path):\(name)" }
}

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
            return Int64(clamping: info.nlinks)
        }
        return try names(count, at: place, listing: { ch5_link_names(object.id, $0) }) { index in
            try name(at: place, "readable names of members") { buffer, size in
                H5Lget_name_by_idx(object.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, ch5_default())
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
        return try names(count, at: place, listing: { ch5_attribute_names(owner.id, $0) }) { index in
            let attribute = try HDF5Handle(.attribute, at: place, expected: "a readable attribute") {
                H5Aopen_by_idx(owner.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, ch5_default(), ch5_default())
            }
            return try name(at: place, "readable names of attributes") { H5Aget_name(attribute.id, $1, $0) }
        }
    }

    /// Most names that are asked for one by one, which takes as many steps for each of them.
    private static let mostAskedSingly = 4096

    /// All names in one pass; where that fails and there are few, each by its number.
    private func names(
        _ count: Int64, at place: String, listing: (ch5_names) -> herr_t, single: (hsize_t) throws -> String
    ) throws -> [Result<String, any Error>] {
        guard count > 0 else { return [] }
        guard count <= HDF5NameList.most else {
            throw DataError(.malformed, path: place, expected: "at most a million names", found: "\(count)")
        }
        var list = HDF5NameList()
        let code = HDF5Library.locked {
            withUnsafeMutablePointer(to: &list) { pointer in
                listing(ch5_names(take: HDF5NameList.take, context: UnsafeMutableRawPointer(pointer)))
            }
        }
        if code >= 0 { return list.names.map { name in Result { try HDF5Text.decoded(name, at: place) } } }
        if count <= Self.mostAskedSingly { return (0..<hsize_t(count)).map { index in Result { try single(index) } } }
        throw DataError(.malformed, path: place, expected: "readable names", found: "some that are not")
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

/// Names as the library lists them, one call for each.
private struct HDF5NameList {
    static let most = 1 << 20
    /// A name's bytes; nil for one that is no UTF-8 or far too long.
    private(set) var names: [String?] = []

    /// Adds a name to the list that `context` points to; ends the listing after the most.
    static let take: @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Int32 = { name, context in
        guard let name, let list = context?.assumingMemoryBound(to: HDF5NameList.self) else { return 1 }
        list.pointee.names.append(strnlen(name, 1 << 16) < 1 << 16 ? String(validatingCString: name) : nil)
        return list.pointee.names.count > most ? 1 : 0
    }
}
