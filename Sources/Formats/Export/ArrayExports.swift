import Basics
import CZlib
import ModelZoo

/// A `.npz` file: the matrices `weights` (n, D) and `buffers` (n, Bf), an array of n facts a column, and the texts
/// `layout.json` and, where they are known, `architecture.json` and `dataset.json`.
struct NPZExport {
    /// The names of the arrays that are no facts.
    static let matrices = ["weights", "buffers"]

    private let selection: ExportSelection

    init(_ selection: ExportSelection) { self.selection = selection }

    /// Writes the file; throws `DataError`.
    func write(to path: String, _ progress: WorkProgress) throws {
        let header = selection.reader.header
        var archive = try ZipWriter(path: path)
        try add("weights", width: header.layout.count, to: &archive, progress) { $0.weights }
        if selection.reader.hasBuffers {
            try add("buffers", width: header.layout.bufferCount, to: &archive, .none) { $0.buffers ?? [] }
        }
        let columns = selection.reader.columns.selecting(selection.rows)
        for name in columns.names where !Self.matrices.contains(name) {
            if let column = columns[name] { try archive.add("\(name).npy", NPYWriter.column(column)) }
        }
        try archive.add("layout.json", Array(ZooHeader.text(header.layout).utf8))
        if let architecture = header.architecture {
            try archive.add("architecture.json", Array(ZooHeader.text(architecture).utf8))
        }
        if let dataset = try DatasetRecord.text(header.dataset) {
            try archive.add(DatasetRecord.member, Array(dataset.utf8))
        }
        try archive.finish()
    }

    /// Adds a matrix block by block: one pass for the checksum that stands before it, one for the numbers.
    private func add(
        _ name: String, width: Int, to archive: inout ZipWriter, _ progress: WorkProgress,
        _ values: (Zoo) -> [Float]
    ) throws {
        let start = NPYWriter.header("<f4", shape: [selection.rows.count, width])
        var checksum = ZipChecksum()
        checksum.add(start)
        try selection.forEachBlock { zoo, _ in values(zoo).withUnsafeBytes { checksum.add($0) } }
        let size = start.count + selection.rows.count * width * 4
        try archive.add("\(name).npy", size: size, checksum: checksum.value) { write in
            try write(start)
            try selection.forEachBlock { zoo, first in
                try write(values(zoo).withUnsafeBytes { Array($0) })
                try progress.report(first + zoo.count, of: selection.rows.count)
            }
        }
    }
}

/// One matrix `/dataset` (n, p) of single-precision numbers, contiguous, without attributes (ege-erdogan/weightflow).
struct FlatHDF5Export {
    private let selection: ExportSelection

    init(_ selection: ExportSelection) { self.selection = selection }

    /// Writes the file; throws `DataError`.
    func write(to path: String, _ progress: WorkProgress) throws {
        let target = WholeFile(for: path)
        let file = try HDF5File.create(target.temporaryPath)
        let shape = [selection.rows.count, selection.reader.header.layout.count]
        let dataset = try file.createDataset("/dataset", shape: shape, of: Float.self)
        try selection.forEachBlock { zoo, start in
            try zoo.weights.withUnsafeBufferPointer { try dataset.write(rows: start..<start + zoo.count, from: $0) }
            try progress.report(start + zoo.count, of: selection.rows.count)
        }
        try dataset.close()
        try file.close()
        try target.commit()
    }
}

/// A zoo file of some of the networks, with their facts, statistics and trajectories.
struct ZooFileExport {
    private let selection: ExportSelection

    init(_ selection: ExportSelection) { self.selection = selection }

    /// Writes the file; throws `DataError`.
    func write(to path: String, _ progress: WorkProgress) throws {
        let reader = selection.reader
        let writer = try ZooWriter(path: path, header: reader.header)
        try selection.forEachBlock { zoo, start in
            let none = ZooColumns(count: 1)
            let width = zoo.layout.bufferCount
            for row in 0..<zoo.count {
                let buffers = zoo.buffers.map { Array($0[row * width..<(row + 1) * width]) }
                let trajectory = try reader.trajectory(network: selection.rows[start + row])
                try writer.append(
                    Zoo(
                        header: reader.header, weights: Array(zoo.row(row)), buffers: buffers, columns: none,
                        trajectory: trajectory))
                try progress.report(start + row + 1, of: selection.rows.count)
            }
        }
        writer.setColumns(reader.columns.selecting(selection.rows))
        try writer.finish()
    }
}
