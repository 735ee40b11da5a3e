import Basics
import Foundation

/// One HDF5 file above a sharded zoo, for programs that know no shards: its large datasets are virtual, and h5py sees one
/// `/weights`.
///
/// Weights stay where they are, in the shards, which are named from the file's own folder: both can be moved together. Where
/// a shard is missing HDF5 shows NaN (for steps -1) and no error. Attributes, columns and checksums are copies of those of
/// the shards. `ZooReader` refuses such a file: the folder of the shards is the zoo.
public enum VirtualZoo {
    /// The value of the attribute `format`.
    public static let format = "weightspace-virtual-zoo"

    /// Writes the file; throws `DataError`: configuration where the zoo is a file already, inputOutput where nothing can
    /// be written, malformed where the shards' rows do not lie as their architecture says.
    public static func write(_ reader: ZooReader, to path: String) throws {
        guard reader.files.shardCount != nil else {
            throw DataError(
                .configuration, path: reader.path, problem: "is one file already, which other programs read as it is")
        }
        guard reader.order == .same else {
            throw DataError(
                .malformed, path: reader.path, expected: "rows in the order of the architecture",
                found: "another order",
                hint: "`weightspace zoo export --format zoo` writes them in that order")
        }
        let target = WholeFile(for: path)
        let folder = URL(fileURLWithPath: target.path).deletingLastPathComponent()
        let parts = zip(reader.files.paths, reader.files.counts).map { shard, count in
            HDF5File.VirtualRows(file: relative(shard, from: folder.path), count: count)
        }
        let file = try HDF5File.create(target.temporaryPath, isVirtual: true)
        try reader.header.write(to: file, format: format)
        try writeDatasets(reader, parts, to: file)
        try file.write(reader.columns)
        try file.close()
        try target.commit()
    }

    private static func writeDatasets(
        _ reader: ZooReader, _ parts: [HDF5File.VirtualRows], to file: borrowing HDF5File
    ) throws {
        let (width, buffers) = (reader.header.layout.count, reader.header.layout.bufferCount)
        try file.createVirtual("/weights", row: [width], of: parts, fill: Float.nan)
        if reader.hasBuffers { try file.createVirtual("/buffers", row: [buffers], of: parts, fill: Float.nan) }
        if let checkpoints = reader.checkpoints {
            try file.createVirtual("/trajectory", row: [checkpoints, width], of: parts, fill: Float.nan)
            if reader.hasTrajectoryBuffers {
                try file.createVirtual("/trajectory_buffers", row: [checkpoints, buffers], of: parts, fill: Float.nan)
            }
            if reader.hasTrajectorySteps {
                try file.createVirtual("/trajectory_steps", row: [checkpoints], of: parts, fill: Int64(-1))
            }
        }
        let digests = [("/checksums", reader.checksums), ("/trajectory_checksums", reader.trajectoryChecksums)]
        for case (let name, let values?) in digests {
            try file.write(values, shape: [reader.count, SHA256.byteCount], as: name)
        }
    }

    /// A file's path from a folder, links resolved: `../zoo/shard-00000.h5`.
    static func relative(_ path: String, from folder: String) -> String {
        func parts(_ path: String) -> [String] {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.pathComponents
        }
        let (file, base) = (parts(path), parts(folder))
        let common = zip(file, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - common) + file[common...]).joined(separator: "/")
    }
}
