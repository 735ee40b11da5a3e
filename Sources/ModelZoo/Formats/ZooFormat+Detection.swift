import Foundation
import Networks

extension ZooFormat {
    /// The format of a file or folder, found by its content, never by its name alone.
    ///
    /// Throws `.missing` or `.inputOutput` where it cannot be read, `.malformed` where it is of none that is known.
    public static func detect(_ path: String, array: String? = nil) throws -> ZooFormat {
        if FolderListing.isFolder(path) {
            if FileManager.default.fileExists(atPath: "\(path)/weights.npy") { return .npy }
            return try RayTuneSource.isDirectory(path) ? .rayTune : .folder
        }
        let file = try FileBytes(path: path)
        if let format = try ofBeginning(file) { return format }
        guard (try? HDF5Signature.check(path)) != nil else { throw unknown(file) }
        return try HDF5File.openForeign(path).foreignFormat(array: array)
    }

    /// Whether a file's beginning is that of a format with networks; says nothing of what follows.
    static func isReadable(_ path: String) -> Bool {
        if let file = try? FileBytes(path: path), (try? ofBeginning(file)) != nil { return true }
        return (try? HDF5Signature.check(path)) != nil
    }

    /// What the first bytes tell; nil where it may be HDF5.
    private static func ofBeginning(_ file: FileBytes) throws -> ZooFormat? {
        let first = try file.read(0..<min(16, file.count))
        guard !first.isEmpty else { throw unknown(file) }
        if NPYHeader.begins(first) { return .npy }
        if first.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return try ofArchive(file) }
        // Pickles of protocol 2 and later begin so, and legacy checkpoints are such pickles.
        if first.count >= 2, first[0] == 0x80, (2...5).contains(first[1]) { return .torch }
        if first.count >= 9, first[8] == UInt8(ascii: "{") {
            let length = first[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if length <= UInt64(file.count - 8) { return .safetensors }
        }
        return nil
    }

    /// A ZIP archive of NumPy arrays, or of a pickle and its tensors.
    private static func ofArchive(_ file: FileBytes) throws -> ZooFormat {
        let names = try ZipArchive(file: file).entries.map(\.name)
        if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) { return .torch }
        if names.contains(where: { $0.hasSuffix(".npy") }) { return .npz }
        throw DataError(
            .malformed, path: file.path, expected: "an archive of NumPy arrays or a PyTorch checkpoint",
            found: names.isEmpty ? "an empty one" : names.prefix(5).joined(separator: ", "),
            hint: names.contains("model.weights.h5") ? "a .keras file: unzip it and import model.weights.h5" : "")
    }

    private static func unknown(_ file: FileBytes) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "a file of networks (HDF5, safetensors, NumPy or PyTorch)",
            found: file.count == 0 ? "an empty file" : "\(file.count) bytes of another kind")
    }
}
