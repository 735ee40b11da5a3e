import ModelZoo
import Basics
import Foundation

extension ZooFormat {
    /// The format of a file or folder, found by its content, never by its name alone.
    ///
    /// Throws `.missing` or `.inputOutput` where it cannot be read, `.malformed` where it is of none that is known.
    public static func detect(_ path: String, array: String? = nil) throws -> ZooFormat {
        if FolderListing.isFolder(path) {
            if FileManager.default.fileExists(atPath: "\(path)/weights.npy") { return .npy }
            return try RayTuneSource.isDirectory(path) ? .rayTune : .folder
        }
        let file = try RegularFile(path: path)
        switch try beginning(of: file) {
        case .format(let format): return format
        case .archive(let names): throw otherArchive(file, names)
        case .other: break
        }
        guard (try? HDF5Signature.check(path)) != nil else { throw unknown(file) }
        return try HDF5File.openForeign(path).foreignFormat(array: array)
    }

    /// What the first bytes of a file tell.
    enum Beginning {
        case format(ZooFormat)
        /// A sound ZIP archive that holds no networks, with the names of its entries.
        case archive([String])
        /// HDF5, or nothing that is known.
        case other
    }

    /// What the first bytes tell; throws `.malformed` for an archive that is damaged, or `.inputOutput`.
    static func beginning(of file: RegularFile) throws -> Beginning {
        let first = try file.read(0..<min(16, file.count))
        if NPYHeader.begins(first) { return .format(.npy) }
        if first.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return try ofArchive(file) }
        // Pickles of protocol 2 and later begin so, and legacy checkpoints are such pickles.
        if first.count >= 2, first[0] == 0x80, (2...5).contains(first[1]) { return .format(.torch) }
        if first.count >= 9, first[8] == UInt8(ascii: "{") {
            let length = first[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if length <= UInt64(file.count - 8) { return .format(.safetensors) }
        }
        return .other
    }

    /// A ZIP archive of NumPy arrays, or of a pickle and its tensors.
    private static func ofArchive(_ file: RegularFile) throws -> Beginning {
        let names = try ZipArchive(file: file).entries.map(\.name)
        if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) { return .format(.torch) }
        if names.contains(where: { $0.hasSuffix(".npy") }) { return .format(.npz) }
        return .archive(names)
    }

    private static func otherArchive(_ file: RegularFile, _ names: [String]) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "an archive of NumPy arrays or a PyTorch checkpoint",
            found: names.isEmpty ? "an empty one" : names.prefix(5).joined(separator: ", "),
            hint: names.contains("model.weights.h5") ? "a .keras file: unzip it and import model.weights.h5" : "")
    }

    /// A complaint about a file that begins like nothing that is known.
    static func unknown(_ file: RegularFile) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "a file of networks (HDF5, safetensors, NumPy or PyTorch)",
            found: file.count == 0 ? "an empty file" : "\(file.count) bytes of another kind")
    }
}
