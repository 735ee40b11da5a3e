/// Raw inputs as compactly as the source allows.
enum RawValues: Sendable {
    /// Bytes behind a header; several files follow each other.
    case bytes([ArraySlice<UInt8>])
    case floats([Float])

    /// The values of the given rows, row after row.
    func rows(_ rows: some Collection<Int>, width: Int) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(rows.count * width)
        for row in rows {
            switch self {
            case .floats(let all): values.append(contentsOf: all[(row * width)..<((row + 1) * width)])
            case .bytes(let parts):
                var start = row * width
                for part in parts {
                    if start < part.count {
                        let first = part.startIndex + start
                        values.append(contentsOf: part[first..<(first + width)].lazy.map { Float($0) })
                        break
                    }
                    start -= part.count
                }
            }
        }
        return values
    }
}
