import Basics
import Glibc

/// The eight bytes that open every HDF5 file, looked for without libhdf5.
package enum HDF5Signature {
    private static let bytes: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Returns the file's size where it bears the signature at 0, 512, 1024, 2048, ... (HDF5 file format, II.A).
    ///
    /// Throws `.missing` where there is no file, `.inputOutput` where it cannot be read, else `.malformed`.
    package static func check(_ path: String) throws -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(
                errno == ENOENT || errno == ENOTDIR ? .missing : .inputOutput, path: path,
                expected: "a readable HDF5 file", found: String(cString: strerror(errno)).lowercased())
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw DataError(.malformed, path: path, expected: "an HDF5 file", found: "not a regular file")
        }
        let size = Int(status.st_size)
        var start = 0
        while start + bytes.count <= size {
            var found = [UInt8](repeating: 0, count: bytes.count)
            if pread(descriptor, &found, found.count, off_t(start)) == found.count && found == bytes { return size }
            start = start == 0 ? 512 : start * 2
        }
        throw DataError(
            .malformed, path: path, expected: "an HDF5 file",
            found: size == 0 ? "an empty file" : "a file of \(size) bytes without HDF5's signature")
    }
}
