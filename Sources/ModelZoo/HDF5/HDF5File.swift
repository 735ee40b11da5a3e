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

    /// Creates a file, or empties the one that is there, in the earliest format that serves (HDF5 1.8 reads it).
    package static func create(_ path: String) throws -> HDF5File {
        let access = try HDF5Handle.properties(ch5_file_access(), at: path)
        let creation = try HDF5Handle.properties(ch5_file_create(), at: path)
        let handle = try HDF5Handle(.file, .inputOutput, at: path, expected: "a file that can be created") {
            H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18)
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
