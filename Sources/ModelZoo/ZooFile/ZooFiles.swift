import Basics
import Synchronization

/// The files that a zoo's networks lie in, one after the other; one of them is open at a time, so that memory does not
/// grow with their number.
final class ZooFiles: Sendable {
    /// The files, in order of their networks.
    let paths: [String]
    /// How many shards of a folder they are; nil for a zoo file by itself.
    let shardCount: Int?
    /// The first network of each file, and at the end the number of all.
    private let starts: [Int]
    private let open: Mutex<(index: Int, file: OpenZooFile)>

    /// Files of so many networks each; traps unless there is a number for each. `open` is one of them, by its place.
    init(paths: [String], counts: [Int], isSharded: Bool = false, open: (index: Int, file: OpenZooFile)) {
        precondition(paths.count == counts.count, "ZooFiles: \(paths.count) files, \(counts.count) numbers")
        self.paths = paths
        shardCount = isSharded ? paths.count : nil
        starts = counts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        self.open = Mutex(open)
    }

    /// How many networks each file holds.
    var counts: [Int] { zip(starts, starts.dropFirst()).map { $1 - $0 } }

    /// The file that holds a network.
    func path(of network: Int) -> String { paths[index(of: network)] }

    /// What `body` reads of each file that holds networks of a range, given the rows in that file. Throws `DataError`
    /// where a file cannot be opened any more, and what `body` throws.
    func read<Part>(_ networks: Range<Int>, _ body: (OpenZooFile, Range<Int>) throws -> Part) throws -> [Part] {
        guard !networks.isEmpty else { return [] }
        return try (index(of: networks.lowerBound)...index(of: networks.upperBound - 1)).map { index in
            let own = networks.clamped(to: starts[index]..<starts[index + 1])
            return try body(file(index), own.lowerBound - starts[index]..<own.upperBound - starts[index])
        }
    }

    /// The file at a place, opened anew unless it was the last one.
    private func file(_ index: Int) throws -> OpenZooFile {
        if let file = open.withLock({ $0.index == index ? $0.file : nil }) { return file }
        let file = try OpenZooFile(path: paths[index])
        guard file.count == starts[index + 1] - starts[index] else {
            throw DataError(
                .inputOutput, path: paths[index], problem: "was replaced while the zoo was read",
                hint: "start again when nobody writes to the folder")
        }
        open.withLock { $0 = (index, file) }
        return file
    }

    /// The place of the file that holds a network: the last one that starts at it or before.
    private func index(of network: Int) -> Int {
        var (low, high) = (0, paths.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= network { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// What the files of a zoo say besides columns: of one file, or of several that agree.
struct ZooFacts {
    let header: ZooHeader
    let order: RowOrder
    let checkpoints: Int?
    let hasBuffers: Bool
    let hasTrajectoryBuffers: Bool
    let hasTrajectorySteps: Bool
    let rowsPerChunk: Int?
    private(set) var byteCount: Int
    private(set) var checksums: [UInt8]?
    private(set) var trajectoryChecksums: [UInt8]?

    /// The facts of one file.
    init(_ file: OpenZooFile) {
        (header, order, checkpoints) = (file.header, file.order, file.checkpoints)
        (hasBuffers, hasTrajectoryBuffers) = (file.hasBuffers, file.hasTrajectoryBuffers)
        hasTrajectorySteps = file.hasTrajectorySteps
        (rowsPerChunk, byteCount) = (file.rowsPerChunk, file.byteCount)
        (checksums, trajectoryChecksums) = (file.checksums, file.trajectoryChecksums)
    }

    /// Adds the networks of the next file; throws `.malformed` naming the first thing in which it is of another zoo.
    mutating func add(_ file: OpenZooFile, after first: String) throws {
        if let difference = difference(from: file) {
            throw DataError(
                .malformed, path: file.path, problem: "\(difference) than the first shard, \(first)",
                hint: "the shards of a zoo share everything but their networks; put other networks in another folder")
        }
        byteCount += file.byteCount
        checksums? += file.checksums ?? []
        trajectoryChecksums? += file.trajectoryChecksums ?? []
    }

    private func difference(from file: OpenZooFile) -> String? {
        let other = file.header
        if other.architecture != header.architecture || !other.layout.matches(header.layout) || file.order != order {
            return "has another architecture or layout (\(other.layout.brief))"
        }
        if other.dataset != header.dataset || other.tasks != header.tasks { return "is of another data set" }
        if other.names != header.names { return "has other names of tensors" }
        if file.checkpoints != checkpoints || file.hasTrajectoryBuffers != hasTrajectoryBuffers
            || file.hasTrajectorySteps != hasTrajectorySteps
        {
            return "has other trajectories"
        }
        if file.hasBuffers != hasBuffers { return "has \(hasBuffers ? "no " : "")running statistics, otherwise" }
        let sums = (checksums == nil, trajectoryChecksums == nil)
        return sums == (file.checksums == nil, file.trajectoryChecksums == nil) ? nil : "has other checksums"
    }
}
