import Basics
import ModelZoo
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
