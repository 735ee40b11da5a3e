import ModelZoo
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
