import Basics
import Networks

/// An open zoo whose structure has been checked: a zoo file, or a folder of such (`ShardedZoo`) whose networks are
/// counted through. Weights are read, and their checksums verified, on demand.
public final class ZooReader: Sendable {
    /// The zoo file or folder that is read, for messages.
    public let path: String
    /// What holds for all networks.
    public let header: ZooHeader
    /// N, the number of networks.
    public let count: Int
    /// The columns: one value for each network.
    public let columns: ZooColumns
    /// K, the number of places for checkpoints of a network; nil where no trajectories were recorded.
    public let checkpoints: Int?
    /// Whether the zoo has checksums, which every read verifies.
    public var hasChecksums: Bool { checksums != nil }

    /// The files, one for a zoo file.
    let files: ZooFiles
    /// Bytes of all files.
    let byteCount: Int
    /// How rows lie in the files.
    let order: RowOrder
    /// SHA-256 of every network `[N, 32]`.
    let checksums: [UInt8]?
    /// SHA-256 of every network's checkpoints `[N, 32]`.
    let trajectoryChecksums: [UInt8]?
    /// Whether running statistics are recorded.
    package let hasBuffers: Bool
    let hasTrajectoryBuffers: Bool
    let hasTrajectorySteps: Bool
    let rowsPerChunk: Int?

    /// Opens a zoo file, or a sharded zoo by its folder or its `index.json`, after a child process has walked every file
    /// (see `HDF5Probe`), and checks everything but the weights.
    ///
    /// Throws `DataError`: `.missing` or `.inputOutput` where it cannot be opened; `.malformed`, naming the object,
    /// where it is not a zoo file of our version, where D disagrees with the architecture, or lengths do not agree; and
    /// as `ShardedZoo` says.
    public convenience init(path: String) throws {
        if let folder = ShardedZoo.folder(of: path) {
            try self.init(ShardedZoo(contentsOf: folder), in: folder, path: path)
        } else {
            let file = try OpenZooFile(path: path)
            self.init(
                path: path, facts: ZooFacts(file), columns: file.columns,
                files: ZooFiles(paths: [path], counts: [file.count], open: (0, file)))
        }
    }

    init(path: String, facts: ZooFacts, columns: ZooColumns, files: ZooFiles) {
        (self.path, self.columns, self.files) = (path, columns, files)
        (header, order, checkpoints) = (facts.header, facts.order, facts.checkpoints)
        (hasBuffers, hasTrajectoryBuffers) = (facts.hasBuffers, facts.hasTrajectoryBuffers)
        hasTrajectorySteps = facts.hasTrajectorySteps
        (count, byteCount, rowsPerChunk) = (columns.count, facts.byteCount, facts.rowsPerChunk)
        (checksums, trajectoryChecksums) = (facts.checksums, facts.trajectoryChecksums)
    }

    /// Rows of a split, rising; without a column `split` every network is for training.
    public func rows(in split: ZooSplit) -> [Int] { columns.rows(in: split) }

    /// Bytes of one network's weights and buffers in memory.
    public var bytesPerNetwork: Int {
        (header.layout.count + (hasBuffers ? header.layout.bufferCount : 0)) * MemoryLayout<Float>.stride
    }
}

extension ZooReader {
    /// Does what reading a zoo begins with, whatever comes of it: for the child process that walks a file.
    package static func rehearse(_ path: String) { _ = try? ZooReader(path: path) }
}

extension HDF5Probe {
    /// Does the child's work and exits where this process was started to walk a file; else returns at once.
    ///
    /// Call it first of all in `main`: files are then walked by the same executable.
    public static func serveIfAsked() { serveIfAsked { ZooReader.rehearse($0) } }
}
