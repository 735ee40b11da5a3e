import Basics
import Foundation
import ModelZoo

/// One format that is read: how it is recognised, and how it is opened.
struct FormatEntry: Sendable {
    /// Its name.
    let format: ZooFormat
    /// Whether a file begins as those of this format do; nil where beginnings do not tell.
    var begins: (@Sendable (FileStart) -> Bool)?
    /// Whether an HDF5 file is of this format, or of this one too; it may throw what is wrong with the file if it is of
    /// no other.
    var isHDF5: (@Sendable (_ file: borrowing HDF5File, _ array: String?) throws -> Bool)?
    /// Whether a folder as a whole is of this format.
    var isFolder: (@Sendable (_ path: String) throws -> Bool)?
    /// Whether a file that begins so holds a network; nil where all of them do.
    var holdsNetwork: (@Sendable (_ path: String) throws -> Bool)?
    /// Whether a user can choose one of a file's arrays or datasets.
    var takesArray = false
    /// Whether a user can choose the key that a file's weights stand under.
    var takesKey = false
    /// Opens a file, or a folder that is of this format as a whole.
    let open: @Sendable (FormatPlace) throws -> any ForeignSource
}

/// What an opener is given.
struct FormatPlace: Sendable {
    /// The file or folder.
    let path: String
    /// The array or dataset that was asked for.
    let array: String?
    /// The key of the weights that was asked for.
    var key: String?
    /// Opens a file in a folder, whatever its format.
    let openFile: @Sendable (String) throws -> any ForeignSource

    /// A complaint that a format of folders was asked for, and this is a file.
    var notAFolder: DataError { DataError(.malformed, path: path, expected: "a folder", found: "a file") }
}

extension FormatEntry {
    /// Every format, in the order in which they are tried: a new one is a line here, a name in `ZooFormat` and its own
    /// file.
    static let all = [
        // Before all others: its beginning is a length, which may begin as any other format does.
        FormatEntry(
            format: .safetensors, begins: { SafetensorsHeader.begins($0.bytes, count: $0.count) }, takesKey: true,
            open: { SafetensorsSource(path: $0.path) }),
        FormatEntry(
            format: .npy, begins: { NPYHeader.begins($0.bytes) }, isFolder: NPYSource.isFolder,
            open: { try NPYSource(path: NPYSource.isFolder($0.path) ? "\($0.path)/weights.npy" : $0.path) }),
        FormatEntry(
            format: .torch, begins: { TorchCheckpoint.begins($0.bytes, archive: $0.archive) },
            holdsNetwork: { try TorchNetworkFinder.isNetwork(in: TorchFile(path: $0)) }, takesKey: true,
            open: { TorchCheckpoint(path: $0.path, key: $0.key) }),
        FormatEntry(
            format: .npz, begins: { $0.archive?.contains { $0.hasSuffix(".npy") } ?? false }, takesArray: true,
            takesKey: true, open: { NPZSource(path: $0.path, array: $0.array) }),
        FormatEntry(
            format: .zoo, isHDF5: { file, _ in try file.text(attribute: "format") == ZooHeader.format },
            isFolder: { ShardedZoo.isOne($0) }, takesArray: true, open: { throw alreadyZoo($0.path) }),
        FormatEntry(
            format: .virtualHDF5, isHDF5: { file, _ in try file.text(attribute: "format") == VirtualZoo.format },
            open: { throw viewOfZoo($0.path) }),
        FormatEntry(
            format: .keras, begins: { $0.archive.map { KerasArchive.isKeras($0) } ?? false },
            isHDF5: { file, _ in try KerasVariables.isKeras(file) }, takesKey: true,
            open: { try KerasArchive.source($0.path) }),
        FormatEntry(
            format: .flatHDF5, isHDF5: { file, array in try !file.flatDataset(array).isEmpty }, takesArray: true,
            open: { FlatHDF5Source(path: $0.path, array: $0.array) }),
        FormatEntry(
            format: .rayTune, isFolder: RayTuneSource.isDirectory,
            open: { place in
                guard FolderListing.isFolder(place.path) else { throw place.notAFolder }
                return try RayTuneSource(path: place.path, open: place.openFile)
            }),
        FormatEntry(format: .folder, open: { throw $0.notAFolder }),
    ]

    /// The entry of a format.
    static func of(_ format: ZooFormat) -> FormatEntry {
        guard let entry = all.first(where: { $0.format == format }) else {
            preconditionFailure("FormatEntry: no line for \(format)")
        }
        return entry
    }

    private static func viewOfZoo(_ path: String) -> DataError {
        DataError(
            .malformed, path: path, problem: "shows a sharded zoo to other programs, and holds no networks itself",
            hint: "the folder of the shards is a zoo already")
    }

    private static func alreadyZoo(_ path: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "networks in another format", found: "a zoo file already",
            hint: "zoo export makes a smaller zoo file of it; another --dataset needs an import of the original files")
    }
}

/// The beginning of a file, and what its ZIP directory lists where it is an archive.
struct FileStart: Sendable {
    /// The first 24 bytes, or all where there are fewer.
    let bytes: [UInt8]
    /// Bytes of the whole file.
    let count: Int
    /// Names in the archive; nil where the file is none.
    let archive: [String]?

    /// Reads the beginning; throws `.malformed` for an archive that is damaged, or `.inputOutput`.
    init(_ file: RegularFile) throws {
        bytes = try file.read(0..<min(24, file.count))
        count = file.count
        archive = bytes.starts(with: ZipFormat.signature) ? try ZipArchive(file: file).entries.map(\.name) : nil
    }

    /// The format that begins so; nil where none does, which HDF5 files are among.
    var format: ZooFormat? { FormatEntry.all.first { $0.begins?(self) ?? false }?.format }
}
