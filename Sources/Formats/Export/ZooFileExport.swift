import Basics
import ModelZoo

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
                    Zoo(header: reader.header, weights: Array(zoo.row(row)), buffers: buffers, columns: none,
                        trajectory: trajectory))
                try progress.report(start + row + 1, of: selection.rows.count)
            }
        }
        writer.setColumns(reader.columns.selecting(selection.rows))
        try writer.finish()
    }
}
