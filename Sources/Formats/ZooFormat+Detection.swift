import Basics
import Foundation
import ModelZoo

extension ZooFormat {
    /// The format of a file or folder, found by its content, never by its name alone.
    ///
    /// Throws `.missing` or `.inputOutput` where it cannot be read, `.malformed` where it is of none that is known.
    public static func detect(_ path: String, array: String? = nil) throws -> ZooFormat {
        if FolderListing.isFolder(path) {
            return try FormatEntry.all.first { try $0.isFolder?(path) ?? false }?.format ?? .folder
        }
        let file = try RegularFile(path: path)
        let start = try FileStart(file)
        if let format = start.format { return format }
        if let names = start.archive { throw otherArchive(file, names) }
        guard (try? HDF5Signature.check(path)) != nil else { throw unknown(file) }
        return try ofHDF5(HDF5File.openForeign(path), array: array)
    }

    /// The format of an open HDF5 file; throws `.malformed` where it is of none.
    static func ofHDF5(_ file: borrowing HDF5File, array: String? = nil) throws -> ZooFormat {
        for entry in FormatEntry.all {
            if let isHDF5 = entry.isHDF5, try isHDF5(file, array) { return entry.format }
        }
        throw DataError(.malformed, path: file.path, expected: "HDF5 with networks", found: "something else")
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

extension ZooFormat {
    /// Endings that nothing but files of networks have.
    private static let ownExtensions: Set<String> = ["safetensors", "pt", "pth", "npy", "npz", "h5", "hdf5"]
    /// Endings that files of networks have, and others too.
    private static let sharedExtensions: Set<String> = ["ckpt", "bin", "pkl"]

    /// Whether a file is named as those of networks are.
    static func hasExtension(_ path: String) -> Bool {
        let ending = pathExtension(path)
        return ownExtensions.contains(ending) || sharedExtensions.contains(ending)
    }

    private static func pathExtension(_ path: String) -> String {
        URL(fileURLWithPath: path).pathExtension.lowercased()
    }

    /// What a file of a folder is, by its beginning; of a checkpoint its pickle is read, and no numbers.
    ///
    /// Throws `DataError` for what must not be passed over: a file of networks that is damaged, empty or unreadable.
    static func content(of path: String) throws -> FolderFile.Content {
        do {
            let file = try RegularFile(path: path)
            if file.count == 0 {
                guard !hasExtension(path) else { throw unknown(file) }
                return .unknown
            }
            let start = try FileStart(file)
            if let format = start.format {
                return try FormatEntry.of(format).holdsNetwork?(path) ?? true ? .networks : .noNetwork
            }
            if start.archive != nil { return .unknown }
            if (try? HDF5Signature.check(path)) != nil { return .networks }
            guard !ownExtensions.contains(pathExtension(path)) else { throw unknown(file) }
            return .unknown
        } catch let error as DataError {
            // What cannot even be opened, such as a broken link, counts where its name is one of a network.
            guard error.kind == .malformed || hasExtension(path) else { return .unknown }
            throw DataError(
                error.kind, path: error.path, expected: error.expected, found: error.found,
                hint: error.hint + (error.hint.isEmpty ? "" : "; ") + "--pattern says which files of a folder to read")
        }
    }
}

extension HDF5Probe {
    /// Serves as ``serveIfAsked()`` does, for an executable that also reads other people's HDF5 files.
    public static func serveForeignIfAsked() {
        serveIfAsked { path in
            ZooReader.rehearse(path)
            guard let file = try? HDF5File.open(path), let format = try? ZooFormat.ofHDF5(file) else { return }
            if format == .keras { _ = try? KerasVariables.list(file) }
        }
    }
}
