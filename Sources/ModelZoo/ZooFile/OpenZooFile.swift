import Basics
import Networks

/// One open zoo file whose structure has been checked: its facts, and its rows as they lie in it, unverified.
final class OpenZooFile: Sendable {
    let path: String
    let header: ZooHeader
    let count: Int
    let columns: ZooColumns
    /// K, the number of places for checkpoints of a network; nil where no trajectories were recorded.
    let checkpoints: Int?
    /// Bytes of the file.
    let byteCount: Int
    /// How rows lie in the file.
    let order: RowOrder
    /// SHA-256 of every network `[N, 32]`.
    let checksums: [UInt8]?
    /// SHA-256 of every network's checkpoints `[N, 32]`.
    let trajectoryChecksums: [UInt8]?
    /// The attribute `facts_checksum`, which has been verified.
    let factsChecksum: String?
    let hasBuffers: Bool
    let hasTrajectoryBuffers: Bool
    let hasTrajectorySteps: Bool
    /// Networks in a chunk of `/weights`; nil where they lie in one piece.
    let rowsPerChunk: Int?

    private let file: HDF5File
    private let weights: HDF5Dataset
    private let buffers: HDF5Dataset?
    private let trajectory: HDF5Dataset?
    private let trajectoryBuffers: HDF5Dataset?
    private let trajectorySteps: HDF5Dataset?

    /// Opens a zoo file after a child process has walked it, and checks everything but the weights; throws as
    /// `ZooReader.init(path:)`.
    init(path: String) throws {
        byteCount = try HDF5Signature.check(path)
        try HDF5Probe.walk(path)
        let file = try HDF5File.open(path)
        let (header, order) = try ZooHeader.read(from: file)
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
        let trajectoryBuffers = try Self.optional(
            "/trajectory_buffers", in: file, shape: [count, checkpoints, bufferWidth])
        let trajectorySteps = try Self.optional(
            "/trajectory_steps", in: file, shape: [count, checkpoints], real: false)
        checksums = try Self.digests("/checksums", in: file, count: count)
        trajectoryChecksums = try Self.digests("/trajectory_checksums", in: file, count: count)
        let recorded = try Self.columns(in: file, count: count)
        factsChecksum = try ColumnsChecksum.verify(file, columns: recorded)
        columns = try Self.settlingSplit(recorded, path: path)
        try Self.check(columns, checkpoints: checkpoints, path: path)
        rowsPerChunk = weights.chunk?[0]
        hasBuffers = buffers == nil ? false : true
        hasTrajectoryBuffers = trajectoryBuffers == nil ? false : true
        hasTrajectorySteps = trajectorySteps == nil ? false : true
        (self.path, self.header, self.order, self.count, self.checkpoints) = (path, header, order, count, checkpoints)
        self.file = file
        self.weights = weights
        self.buffers = buffers
        self.trajectory = trajectory
        self.trajectoryBuffers = trajectoryBuffers
        self.trajectorySteps = trajectorySteps
    }

    /// Weights and buffers as they stand in the file.
    func load(_ rows: Range<Int>) throws -> (weights: [Float], buffers: [Float]?) {
        (try weights.read(rows: rows), try buffers?.read(rows: rows, as: Float.self))
    }

    /// The checkpoints of one network as they stand in the file, counted 1 ... K where it has no `/trajectory_steps`;
    /// nil where none were recorded.
    func loadTrajectory(_ network: Int) throws -> ZooTrajectory? {
        let row = network..<network + 1
        guard let checkpoints, let weights: [Float] = try trajectory?.read(rows: row) else { return nil }
        return ZooTrajectory(
            checkpoints: checkpoints,
            steps: try trajectorySteps?.read(rows: row) ?? (1...checkpoints).map { Int64($0) }, weights: weights,
            buffers: try trajectoryBuffers?.read(rows: row, as: Float.self))
    }

    private static func digests(_ name: String, in file: borrowing HDF5File, count: Int) throws -> [UInt8]? {
        try optional(name, in: file, shape: [count, SHA256.byteCount], real: false)?
            .read(rows: 0..<count, as: UInt8.self)
    }
}
