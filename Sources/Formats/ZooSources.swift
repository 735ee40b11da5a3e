import Basics
import Foundation

/// Opens files and folders of networks, whatever their format.
public struct ZooSources: Sendable {
    /// The format that the source must have; nil finds it by content.
    public var format: ZooFormat?
    /// Which array or dataset of a file holds the networks; nil takes the usual one.
    public var array: String?
    /// Which files of a folder are read, and what their names say.
    public var pattern: NamePattern?

    /// Describes how sources are opened.
    public init(format: ZooFormat? = nil, array: String? = nil, pattern: NamePattern? = nil) {
        self.format = format
        self.array = array
        self.pattern = pattern
    }

    /// Opens a source; throws `DataError` where it cannot be read, or is not of the format asked for.
    public func open(_ path: String) throws -> any ZooSource {
        if FolderListing.isFolder(path) { return try openFolder(path) }
        if pattern != nil {
            throw DataError(
                .configuration, path: "--pattern", expected: "a folder of files", found: "the file \(path)")
        }
        if let shard = ShardName(path) {
            throw DataError(
                .malformed, path: path, expected: "a whole network",
                found: "shard \(shard.number) of \(shard.count) of \(shard.whole), as its name says",
                hint: "import its folder, where shards are joined, or rename the file if it is a whole network")
        }
        return try Self.file(path, format: format, array: array)
    }

    private func openFolder(_ path: String) throws -> any ZooSource {
        let array = array
        let opensFile: @Sendable (String) throws -> any ZooSource = { try Self.file($0, format: nil, array: array) }
        let found = try pattern != nil ? .folder : format ?? ZooFormat.detect(path)
        if found == .npy || found == .rayTune { try Self.checkUse(of: array, in: found, path) }
        switch found {
        case .npy: return try NPYSource(path: "\(path)/weights.npy")
        case .rayTune: return try RayTuneSource(path: path, open: opensFile)
        case .folder: return try FolderSource(path: path, pattern: pattern, open: opensFile)
        default:
            // A folder of files of that format.
            return try FolderSource(path: path, pattern: pattern) { try Self.file($0, format: found, array: array) }
        }
    }

    /// Opens one file. Formats that hold several networks a file are read as they are.
    static func file(_ path: String, format: ZooFormat?, array: String?) throws -> any ZooSource {
        let found = try format ?? ZooFormat.detect(path, array: array)
        try checkUse(of: array, in: found, path)
        switch found {
        case .flatHDF5: return FlatHDF5Source(path: path, array: array)
        case .keras: return KerasSource(path: path)
        case .torch: return TorchCheckpoint(path: path)
        case .safetensors: return SafetensorsSource(path: path)
        case .npy: return try NPYSource(path: path)
        case .npz: return NPZSource(path: path, array: array)
        case .zoo:
            throw DataError(
                .malformed, path: path, expected: "networks in another format", found: "a zoo file already",
                hint: "zoo export makes a smaller zoo file of it")
        case .rayTune, .folder:
            throw DataError(.malformed, path: path, expected: "a folder", found: "a file")
        }
    }

    /// Throws `.configuration` where a file's arrays or datasets cannot be chosen.
    private static func checkUse(of array: String?, in format: ZooFormat, _ path: String) throws {
        guard let array, ![.flatHDF5, .npz, .zoo].contains(format) else { return }
        throw DataError(
            .configuration, path: "--array", expected: "a file of \(ZooFormat.flatHDF5.rawValue) or npz",
            found: "\"\(array)\" for \(path), which is \(format.rawValue)",
            hint: "--skip leaves tensors out; without --array all are read")
    }
}
