import Basics

/// The eight bytes that open every HDF5 file, looked for without libhdf5.
package enum HDF5Signature {
    private static let bytes: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Returns the file's size where it bears the signature at 0, 512, 1024, 2048, ... (HDF5 file format, II.A).
    ///
    /// Throws `.missing` where there is no file, `.inputOutput` where it cannot be read, else `.malformed`.
    package static func check(_ path: String) throws -> Int {
        let file = try RegularFile(path: path, otherwise: .malformed)
        let size = file.count
        var start = 0
        while start + bytes.count <= size {
            if (try? file.read(start..<start + bytes.count)) == bytes { return size }
            start = start == 0 ? 512 : start * 2
        }
        throw DataError(
            .malformed, path: path, expected: "an HDF5 file",
            found: size == 0 ? "an empty file" : "a file of \(size) bytes without HDF5's signature")
    }
}
