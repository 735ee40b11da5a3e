import Basics
import Networks

/// An open zoo file whose structure has been checked; weights are read, and their checksums verified, on demand.
public final class ZooReader: Sendable {
    /// The zoo file that is read, for messages.
    public let path: String
    /// What holds for all networks.
    public let header: ZooHeader
    /// N, the number of networks.
    public let count: Int
    /// The columns: one value for each network.
    public let columns: ZooColumns
    /// K, the number of places for checkpoints of a network; nil where no trajectories were recorded.
    public let checkpoints: Int?
    /// Whether the file has checksums, which every read verifies.
    public var hasChecksums: Bool { checksums != nil }

    let file: HDF5File
    /// How rows lie in the file.
    let order: RowOrder
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
        trajectoryBuffers = try Self.optional(
            "/trajectory_buffers", in: file, shape: [count, checkpoints, bufferWidth])
        trajectorySteps = try Self.optional("/trajectory_steps", in: file, shape: [count, checkpoints], real: false)
        let checksums = try Self.optional("/checksums", in: file, shape: [count, SHA256.byteCount], real: false)
        self.checksums = try checksums?.read(rows: 0..<count, as: UInt8.self)
        let trajectoryChecksums = try Self.optional(
            "/trajectory_checksums", in: file, shape: [count, SHA256.byteCount], real: false)
        self.trajectoryChecksums = try trajectoryChecksums?.read(rows: 0..<count, as: UInt8.self)
        let recorded = try Self.columns(in: file, count: count)
        try ColumnsChecksum.verify(file, columns: recorded)
        columns = try Self.settlingSplit(recorded, path: path)
        try Self.check(columns, checkpoints: checkpoints, path: path)
        self.path = path
        self.header = header
        self.order = order
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

extension ZooReader {
    /// Opens `/weights` and checks it against the layout.
    static func weights(in file: borrowing HDF5File, layout: ParameterLayout) throws -> HDF5Dataset {
        let dataset = try file.dataset("/weights")
        guard case .real = dataset.element, dataset.shape.count == 2 else {
            throw DataError(
                .malformed, path: dataset.place, expected: "real numbers [N, D]",
                found: "\(dataset.element) \(dataset.shape)")
        }
        guard dataset.shape[1] == layout.count else {
            let isWhole = layout.bufferCount > 0 && dataset.shape[1] >= layout.count + layout.bufferCount
            throw DataError(
                .malformed, path: dataset.place, expected: "rows of the layout: \(layout.brief)",
                found: "D = \(dataset.shape[1])",
                hint: isWhole ? "running statistics go to /buffers, counters of batches nowhere" : "")
        }
        guard dataset.shape[0] > 0 else {
            throw DataError(.malformed, path: dataset.place, expected: "at least one network", found: "none")
        }
        return dataset
    }

    /// Opens a dataset where it is there; its shape must be as given (nil: any extent above 0).
    static func optional(
        _ name: String, in file: borrowing HDF5File, shape: [Int?], real: Bool = true
    ) throws -> HDF5Dataset? {
        guard try file.contains(name) else { return nil }
        let dataset = try file.dataset(name)
        let isReal = if case .real = dataset.element { true } else { false }
        let fits =
            dataset.shape.count == shape.count
            && zip(dataset.shape, shape).allSatisfy { $0 > 0 && $0 == ($1 ?? $0) }
        guard fits, isReal == real, dataset.element.isNumeric else {
            let extents = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw DataError(
                .malformed, path: dataset.place, expected: "\(real ? "real numbers" : "integers") [\(extents)]",
                found: "\(dataset.element) \(dataset.shape)", hint: "the extents follow from /weights and the layout")
        }
        return dataset
    }

    /// Reads every dataset of `/networks` as a column.
    static func columns(in file: borrowing HDF5File, count: Int) throws -> ZooColumns {
        var columns = ZooColumns(count: count)
        guard try file.contains("/networks") else { return columns }
        for name in try file.children(of: "/networks") {
            let path = "/networks/\(name)"
            guard try file.kind(of: path) == .dataset else { continue }
            let dataset = try file.dataset(path)
            guard dataset.shape == [count] else {
                throw DataError(
                    .malformed, path: dataset.place, expected: "one value for each of \(count) networks",
                    found: "\(dataset.shape)")
            }
            columns[name] = try column(dataset)
        }
        return columns
    }

    private static func column(_ dataset: borrowing HDF5Dataset) throws -> ZooColumn {
        let rows = 0..<dataset.shape[0]
        switch dataset.element {
        case .real: return .real(try dataset.read(rows: rows))
        case .integer(bytes: 8, signed: false): return .unsigned(try dataset.read(rows: rows))
        case .integer: return .integer(try dataset.read(rows: rows))
        case .fixedText, .variableText: return .text(try dataset.readText())
        case .opaque, .other:
            throw DataError(
                .malformed, path: dataset.place, expected: "numbers or text", found: "\(dataset.element)")
        }
    }

    /// The columns with the split as whole numbers, where it is written as words or as other numbers; throws
    /// `.malformed` naming a value that is no split.
    private static func settlingSplit(_ columns: ZooColumns, path: String) throws -> ZooColumns {
        guard let split = columns["split"] else { return columns }
        func refuse(_ found: String, _ row: Int) -> DataError {
            DataError(
                .malformed, path: "\(path):/networks/split",
                problem: "\(found) for network \(row) is no split: 0 is train, 1 validation, 2 test",
                hint: "in h5py: del f[\"networks/split\"]; f[\"networks/split\"] = numpy.array([...], \"i8\")")
        }
        func code(_ number: Double, _ row: Int) throws -> Int64 {
            if number.isNaN { return -1 }
            guard let code = Int(exactly: number), code == -1 || ZooSplit(rawValue: code) != nil else {
                throw refuse(ZooInspection.number(number), row)
            }
            return Int64(code)
        }
        var codes: [Int64] = []
        switch split {
        case .integer, .unsigned:
            for (row, value) in (split.numbers ?? []).enumerated() { _ = try code(value, row) }
            return columns
        case .real(let values): codes = try values.enumerated().map { try code($1, $0) }
        case .text(let words):
            codes = try words.enumerated().map { row, word in
                if word.isEmpty { return -1 }
                if let split = ZooSplit(word: word) { return Int64(split.rawValue) }
                guard let number = Double(word) else { throw refuse("the text '\(word.printable(limit: 40))'", row) }
                return try code(number, row)
            }
        }
        var settled = columns
        settled["split"] = .integer(codes)
        return settled
    }

    /// Checks the columns whose values mean something to us.
    static func check(_ columns: ZooColumns, checkpoints: Int?, path: String) throws {
        guard let checkpoints, let selected = columns.numbers("selected") else { return }
        if let row = selected.firstIndex(where: { $0 < 0 || $0 >= Double(checkpoints) }) {
            throw DataError(
                .malformed, path: "\(path):/networks/selected", expected: "an index below \(checkpoints)",
                found: "\(selected[row]) for network \(row)")
        }
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
