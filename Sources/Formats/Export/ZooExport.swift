import Basics
import ModelZoo

/// Writes networks of a zoo file in a format that others read.
public struct ZooExport: Sendable {
    /// The formats that can be written.
    public static let formats: [ZooFormat] = [.safetensors, .npz, .flatHDF5, .virtualHDF5, .zoo]

    /// The format in which networks are written.
    public var format: ZooFormat
    /// The networks to write, in this order; nil writes all.
    public var rows: [Int]?
    /// Whether every checkpoint of the trajectories becomes a file too (safetensors alone; zoo files keep them always).
    public var checkpoints = false
    /// The names of tensors (safetensors alone; the other formats have the layout's).
    public var names = ExportNames.own

    /// Describes an export; traps at a format that cannot be written.
    public init(format: ZooFormat, rows: [Int]? = nil) {
        precondition(Self.formats.contains(format), "ZooExport: \(format) cannot be written")
        self.format = format
        self.rows = rows
    }

    /// What an export came to.
    public struct Report: Sendable, Hashable, Encodable {
        /// Name of the format that was written.
        public let format: String
        /// How many networks were written.
        public let networks: Int
        /// How many files were written.
        public internal(set) var files = 1
        /// What a person should know: what the format has no place for.
        public internal(set) var notes: [String] = []
    }

    /// Bytes of networks that are read at once.
    static let blockBytes = 8 << 20

    /// Writes the networks to `path`, under a temporary name first: a folder of files for safetensors (one file where
    /// the name ends so and there is one network; one that is listed twice is written once), one file otherwise.
    /// `progress` hears how many networks are written, and may stop the export. Throws `DataError`; traps where a row
    /// does not exist.
    public func write(
        _ reader: ZooReader, to path: String, progress: WorkProgress = .none
    ) throws -> Report {
        if format == .virtualHDF5 { return try writeView(of: reader, to: path) }
        var rows = rows ?? Array(0..<reader.count)
        precondition(rows.allSatisfy { (0..<reader.count).contains($0) }, "ZooExport: rows beyond \(reader.count)")
        guard !rows.isEmpty else {
            throw DataError(.malformed, path: reader.path, expected: "at least one network to write", found: "none")
        }
        if format == .safetensors {
            var seen: Set<Int> = []
            rows = rows.filter { seen.insert($0).inserted }
        }
        var report = Report(format: format.rawValue, networks: rows.count)
        let selection = ExportSelection(reader: reader, rows: rows)
        switch format {
        case .safetensors:
            report.files = try SafetensorsExport(selection, checkpoints: checkpoints, names: names)
                .write(to: path, progress)
        case .npz: try NPZExport(selection).write(to: path, progress)
        case .flatHDF5: try FlatHDF5Export(selection).write(to: path, progress)
        default: try ZooFileExport(selection).write(to: path, progress)
        }
        report.notes = losses(reader)
        return report
    }

    /// A file of virtual datasets above the shards of a zoo.
    private func writeView(of reader: ZooReader, to path: String) throws -> Report {
        guard rows == nil else {
            throw DataError(
                .configuration, path: "--format", problem: "\(format.rawValue) shows all networks of a zoo, not some",
                hint: "leave out --rows and --split, or choose another format")
        }
        try VirtualZoo.write(reader, to: path)
        var report = Report(format: format.rawValue, networks: reader.count)
        report.notes = ["the weights stay in the shards: where one is missing, HDF5 shows NaN and no error"]
        return report
    }

    private func losses(_ reader: ZooReader) -> [String] {
        var notes: [String] = []
        if format == .safetensors, names == .own, reader.header.names != nil {
            notes.append("tensors bear the names that they were imported with; --names ours gives them ours")
        }
        if format == .safetensors, DatasetRecord.isCut(reader.header.dataset) {
            notes.append("which samples of the data set were used for what was left out: every file would list them")
        }
        if format == .flatHDF5 {
            if let architecture = reader.header.architecture, let text = try? ZooHeader.text(architecture) {
                notes.append("the file does not say its layout: import it again with --architecture '\(text)'")
            } else {
                notes.append("the file does not say its layout")
            }
            if reader.hasBuffers { notes.append("running statistics were left out: the format has no place for them") }
        }
        if format == .flatHDF5, let text = try? DatasetRecord.text(reader.header.dataset, isShort: true) {
            notes.append("the file does not say what the networks were trained on: --dataset '\(text)' does")
        }
        if format == .npz {
            for name in NPZExport.matrices where reader.columns[name] != nil {
                notes.append("the column \(name) was left out: an array of the networks has its name")
            }
        }
        if reader.checkpoints != nil, format != .zoo, !(checkpoints && format == .safetensors) {
            notes.append("trajectories were left out")
        }
        if reader.checkpoints == nil, checkpoints { notes.append("no checkpoints were written: the zoo file has none") }
        return notes
    }
}

/// The networks of a zoo file that are exported, read block by block.
struct ExportSelection {
    let reader: ZooReader
    let rows: [Int]

    /// Calls `body` with blocks of networks in order, and with the number of networks before each.
    func forEachBlock(_ body: (Zoo, Int) throws -> Void) throws {
        let size = max(1, ZooExport.blockBytes / max(1, reader.bytesPerNetwork))
        for start in stride(from: 0, to: rows.count, by: size) {
            try body(try reader.read(rows: Array(rows[start..<min(start + size, rows.count)])), start)
        }
    }
}
