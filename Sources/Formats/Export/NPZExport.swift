import Basics
import CZlib
import ModelZoo

/// A `.npz` file: the matrices `weights` (n, D) and `buffers` (n, Bf), an array of n facts a column, and the texts
/// `layout.json` and, where it is known, `architecture.json`.
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
