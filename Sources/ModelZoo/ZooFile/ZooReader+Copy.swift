import Basics

extension ZooReader {
    /// Writes some of the networks, in the order of `rows`, with their trajectories to another zoo file, in blocks of
    /// at most `maximumBytes` (but at least one network).
    ///
    /// `columns` replaces the facts; it has one value for each of `rows`. `progress` hears how many networks are done
    /// and may stop the copy: then nothing is written. Throws as `read(rows:)` and `ZooWriter`; traps where a row does
    /// not exist or the columns have another length.
    public func copy(
        rows: [Int], columns: ZooColumns? = nil, to path: String, maximumBytes: Int = 64 << 20,
        progress: WorkProgress = .none
    ) throws {
        precondition(columns.map { $0.count == rows.count } ?? true, "\(path): columns are not of \(rows.count) rows")
        let writer = try ZooWriter(path: path, header: header)
        let step = max(1, maximumBytes / bytesPerWholeNetwork)
        for start in stride(from: 0, to: rows.count, by: step) {
            let places = start..<min(start + step, rows.count)
            let block = try readWhole(rows: Array(rows[places]))
            try writer.append(columns.map { block.with(columns: $0.selecting(places)) } ?? block)
            try progress.report(places.upperBound, of: rows.count)
        }
        try writer.finish()
    }
}
