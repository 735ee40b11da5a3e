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
            .malformed, path: file.path, expected: "an archive of NumPy arrays, a PyTorch checkpoint or a .keras file",
            found: names.isEmpty ? "an empty one" : names.shownFirst(),
            hint: names.contains { hasExtension($0) } ? "unzip it and import the folder" : "")
    }

    /// A complaint about a file that begins like nothing that is known, or like what is known not to be read.
    static func unknown(_ file: RegularFile) -> DataError {
        let start = (try? file.read(0..<min(file.count, 264))) ?? []
        if let other = UnreadFormat.all.first(where: { $0.begins(start) }) { return other.problem(file.path) }
        return DataError(
            .malformed, path: file.path, expected: "a file of networks (HDF5, safetensors, NumPy or PyTorch)",
            found: file.count == 0 ? "an empty file" : "\(file.count) bytes of another kind")
    }
}

/// A format that is recognised in order to say what to do with it.
struct UnreadFormat: Sendable {
    /// What a file of it is.
    let name: String
    /// What its user can do.
    let hint: String
    /// Whether a file begins so.
    let begins: @Sendable ([UInt8]) -> Bool

    private init(_ name: String, _ hint: String, at offset: Int = 0, magic: [UInt8]) {
        self.name = name
        self.hint = hint
        begins = { $0.dropFirst(offset).starts(with: magic) }
    }

    private static let unpack = "unpack it and import what is in it"
    static let all = [
        UnreadFormat(
            "a GGUF file, whose weights are quantised as a rule",
            "import the network that it was made from, in safetensors or PyTorch's format",
            magic: Array("GGUF".utf8)),
        UnreadFormat("a file packed by gzip", unpack, magic: [0x1F, 0x8B]),
        UnreadFormat("a file packed by bzip2", unpack, magic: Array("BZh".utf8)),
        UnreadFormat("a file packed by xz", unpack, magic: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
        UnreadFormat("a file packed by zstd", unpack, magic: [0x28, 0xB5, 0x2F, 0xFD]),
        UnreadFormat("a 7z archive", unpack, magic: [0x37, 0x7A, 0xBC, 0xAF]),
        UnreadFormat("a tar archive", unpack, at: 257, magic: Array("ustar".utf8)),
        UnreadFormat(
            "a TensorFlow Lite model", "import the Keras model that it was made from", at: 4,
            magic: Array("TFL3".utf8)),
        UnreadFormat(
            "a pointer of Git LFS in place of the file itself", "git lfs pull fetches the file",
            magic: Array("version https://git-lfs".utf8)),
        UnreadFormat("a page of the web", "get the file itself: this is what a server said", magic: Array("<!".utf8)),
        UnreadFormat(
            "a page of the web", "get the file itself: this is what a server said", magic: Array("<html".utf8)),
    ]

    /// A complaint about a file of this format.
    func problem(_ path: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "a file of networks (HDF5, safetensors, NumPy or PyTorch)", found: name,
            hint: hint)
    }
}

extension ZooFormat {
    /// Endings that nothing but files of networks have.
    private static let ownExtensions: Set<String> = [
        "safetensors", "pt", "pth", "npy", "npz", "h5", "hdf5", "keras", "gguf",
    ]
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
            if UnreadFormat.all.first(where: { $0.begins(start.bytes) }) != nil, hasExtension(path) {
                throw unknown(file)
            }
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
