import Basics

/// An open zoo file whose structure has been checked; weights are read, and their checksums verified, on demand.
public final class ZooReader: Sendable {
    /// The file's path.
    public let path: String
    /// What holds for all networks.
    public let header: ZooHeader
    /// N, the number of networks.
    public let count: Int
    /// The facts recorded of each network.
    public let columns: ZooColumns
    /// K, the number of places for checkpoints of a network; nil where no trajectories were recorded.
    public let checkpoints: Int?
    /// Whether the file has checksums, which every read verifies.
    public var hasChecksums: Bool { checksums != nil }

    let file: HDF5File
    let weights: HDF5Dataset
    let buffers: HDF5Dataset?
    let trajectory: HDF5Dataset?
    let trajectoryBuffers: HDF5Dataset?
    let trajectorySteps: HDF5Dataset?
    /// SHA-256 of every network `[N, 32]`.
    let checksums: [UInt8]?
    /// SHA-256 of every network's checkpoints `[N, 32]`.
    let trajectoryChecksums: [UInt8]?

    /// Opens a zoo file after a child process has walked it (see `HDF5Probe`) and checks everything but the weights.
    ///
    /// Throws `DataError`: `.missing` or `.inputOutput` where it cannot be opened; `.malformed`, naming the object,
    /// where it is not a zoo file of our version, where D disagrees with the architecture, or lengths do not agree.
    public init(path: String) throws {
        _ = try HDF5Signature.check(path)
        try HDF5Probe.walk(path)
        let file = try HDF5File.open(path)
        let header = try ZooHeader(from: file)
        let weights = try Self.weights(in: file, layout: header.layout)
        let count = weights.shape[0]
        let width = header.layout.count
        let bufferWidth = header.layout.bufferCount
        let buffers = try Self.optional("/buffers", in: file, shape: [count, bufferWidth])
        let trajectory = try Self.optional("/trajectory", in: file, shape: [count, nil, width])
        let checkpoints: Int? =
            switch trajectory {
            case .some(let dataset): dataset.shape[1]
            case nil: nil
            }
        trajectoryBuffers = try Self.optional(
            "/trajectory_buffers", in: file, shape: [count, checkpoints, bufferWidth])
        trajectorySteps = try Self.optional("/trajectory_steps", in: file, shape: [count, checkpoints], real: false)
        let checksums = try Self.optional("/checksums", in: file, shape: [count, SHA256.byteCount], real: false)
        self.checksums = try checksums?.read(rows: 0..<count, as: UInt8.self)
        let trajectoryChecksums = try Self.optional(
            "/trajectory_checksums", in: file, shape: [count, SHA256.byteCount], real: false)
        self.trajectoryChecksums = try trajectoryChecksums?.read(rows: 0..<count, as: UInt8.self)
        columns = try Self.columns(in: file, count: count)
        try FactsChecksum.verify(file, columns: columns)
        try Self.check(columns, checkpoints: checkpoints, path: path)
        self.path = path
        self.header = header
        self.count = count
        self.checkpoints = checkpoints
        self.file = file
        self.weights = weights
        self.buffers = buffers
        self.trajectory = trajectory
    }

    /// Rows of a split, rising; without a column `split` every network is for training.
    public func rows(in split: ZooSplit) -> [Int] { columns.rows(in: split) }

    /// Bytes of one network's weights and buffers in memory.
    public var bytesPerNetwork: Int {
        (header.layout.count + (buffers == nil ? 0 : header.layout.bufferCount)) * MemoryLayout<Float>.stride
    }
}

extension ZooReader {
    /// Whether running statistics are recorded.
    package var hasBuffers: Bool { buffers == nil ? false : true }
}
