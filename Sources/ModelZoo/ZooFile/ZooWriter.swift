import Basics

/// Writes a zoo file from blocks of networks, so that a zoo may be larger than memory.
///
/// Everything goes to a temporary name in the same folder; `finish()` gives the file its name. A writer that is
/// dropped unfinished leaves nothing. The file's bytes depend on the networks alone, not on how they were divided
/// into blocks.
public final class ZooWriter {
    /// What holds for all networks.
    public let header: ZooHeader
    /// Number of networks appended so far.
    public private(set) var count = 0

    /// Aimed-at size of a chunk of whole networks.
    static let chunkBytes = 1 << 20

    let compression: Int?
    let target: WholeFile
    var file: HDF5File?
    private var weights: HDF5Dataset?
    private var buffers: HDF5Dataset?
    var trajectory: TrajectorySink?
    private var pendingWeights: [Float] = []
    private var pendingBuffers: [Float] = []
    private var written = 0
    private var checksums: [UInt8] = []
    private var columns: ZooColumns?
    private var hasBuffers = false
    private let rowsPerChunk: Int

    /// Starts a file at `path`; `compression` is gzip's level 1 to 9, or nil for none.
    ///
    /// Throws `.inputOutput` where nothing can be created there; traps at another level.
    public init(path: String, header: ZooHeader, compression: Int? = nil) throws {
        precondition(compression.map { (1...9).contains($0) } ?? true, "ZooWriter: compression is a level from 1 to 9")
        self.header = header
        self.compression = compression
        target = WholeFile(for: path)
        rowsPerChunk = max(1, Self.chunkBytes / (header.layout.count * MemoryLayout<Float>.stride))
        let file = try HDF5File.create(target.temporaryPath)
        try header.write(to: file)
        self.file = consume file
    }

    /// Writes a whole zoo; throws as `append` and `finish`.
    public static func write(_ zoo: Zoo, to path: String, compression: Int? = nil) throws {
        let writer = try ZooWriter(path: path, header: zoo.header, compression: compression)
        try writer.append(zoo)
        try writer.finish()
    }

    /// Appends a block's networks, with their facts and trajectories.
    ///
    /// Throws `.malformed` where a number is not finite, `.inputOutput` where writing fails. Traps where the block's
    /// layout is not the header's, where blocks differ in columns, buffers or trajectories, or after `finish()`.
    public func append(_ block: Zoo) throws {
        precondition(file != nil, "ZooWriter: append after finish")
        precondition(block.layout.matches(header.layout), "ZooWriter: the block has another layout")
        guard block.count > 0 else { return }
        try check(block)
        if let columns {
            guard let joined = columns.appending(block.columns) else {
                preconditionFailure("ZooWriter: blocks have different columns")
            }
            self.columns = joined
        } else {
            columns = block.columns
            hasBuffers = block.buffers != nil
        }
        precondition(hasBuffers == (block.buffers != nil), "ZooWriter: only some blocks have buffers")
        precondition(
            count == 0 || (trajectory == nil) == (block.trajectory == nil),
            "ZooWriter: only some blocks have trajectories")
        checksums += ZooChecksum.digests(weights: block.weights, buffers: block.buffers, count: block.count)
        for row in 0..<block.count {
            pendingWeights += block.row(row)
            let width = header.layout.bufferCount
            if let values = block.buffers { pendingBuffers += values[row * width..<(row + 1) * width] }
            count += 1
            if count - written == rowsPerChunk { try flush() }
            if let checkpoints = block.trajectory { try append(checkpoints, row: row) }
        }
    }

    /// Sets the columns, in place of those of the blocks; traps unless they have one value for each network.
    public func setColumns(_ columns: ZooColumns) {
        precondition(columns.count == count, "ZooWriter: columns of \(columns.count) for \(count) networks")
        self.columns = columns
    }

    /// Writes what is left, closes the file and gives it its name; throws `.inputOutput`, or `.malformed` where no
    /// network was appended or a column's name cannot stand in a file.
    public func finish() throws {
        guard count > 0 else {
            throw DataError(.malformed, path: target.path, expected: "at least one network", found: "none")
        }
        try flush()
        try writeFacts()
        trajectory = nil
        try weights.take()?.close()
        try buffers.take()?.close()
        try file.take()?.close()
        try target.commit()
    }

    /// Writes the pending rows: a whole chunk, or the last rows.
    private func flush() throws {
        guard count > written else { return }
        let rows = written..<count
        let storage = HDF5Storage(
            chunk: [rows.count, header.layout.count], fletcher32: true, compression: compression)
        if weights == nil {
            weights = try file?.createDataset(
                "/weights", shape: [0, header.layout.count], of: Float.self, storage: storage)
        }
        try pendingWeights.withUnsafeBufferPointer { try weights?.write(rows: rows, from: $0) }
        pendingWeights.removeAll(keepingCapacity: true)
        if hasBuffers {
            if buffers == nil {
                let width = header.layout.bufferCount
                var storage = storage
                storage.chunk = [rows.count, width]
                buffers = try file?.createDataset("/buffers", shape: [0, width], of: Float.self, storage: storage)
            }
            try pendingBuffers.withUnsafeBufferPointer { try buffers?.write(rows: rows, from: $0) }
            pendingBuffers.removeAll(keepingCapacity: true)
        }
        written = count
    }

    private func writeFacts() throws {
        let size = SHA256.byteCount
        try file?.write(checksums, shape: [count, size], as: "/checksums")
        if let trajectory {
            try file?.write(trajectory.checksums, shape: [count, size], as: "/trajectory_checksums")
        }
        let columns = columns ?? ZooColumns(count: count)
        try file?.write(columns)
        if let digest = try file?.factsChecksum(columns) {
            try file?.write(text: digest, attribute: ColumnsChecksum.attribute)
        }
    }
}

extension HDF5File {
    /// Writes every column as a dataset of `/networks`; throws `.malformed` where a name cannot stand in a file.
    func write(_ columns: ZooColumns) throws {
        guard !columns.names.isEmpty else { return }
        try createGroup("/networks")
        for name in columns.names {
            guard !["", ".", ".."].contains(name), !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
                throw DataError(
                    .malformed, path: path, expected: "column names without \"/\"", found: "\"\(name)\"")
            }
            let place = "/networks/\(name)"
            switch columns[name] {
            case .real(let values): try write(values, shape: [columns.count], as: place)
            case .integer(let values): try write(values, shape: [columns.count], as: place)
            case .unsigned(let values): try write(values, shape: [columns.count], as: place)
            case .text(let values): try write(text: values, as: place)
            case nil: break
            }
        }
    }

    /// The file's `facts_checksum`, as a call that an optional file can be asked for.
    fileprivate func factsChecksum(_ columns: ZooColumns) throws -> String {
        try ColumnsChecksum.digest(self, columns: columns)
    }
}
