import ModelZoo
/// Writes NumPy arrays, version 1.0 of the format, row-major and little-endian.
enum NPYWriter {
    /// The bytes before the numbers of an array; a multiple of 64.
    static func header(_ descr: String, shape: [Int]) -> [UInt8] {
        let extents = shape.map { "\($0), " }.joined()
        let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(extents.dropLast(2)))"
        var text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tuple), }"
        while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
        text += "\n"
        let length = UInt16(text.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// A column of facts as an array of one axis.
    static func column(_ column: ZooColumn) -> [UInt8] {
        func array<Value>(_ descr: String, _ values: [Value]) -> [UInt8] {
            header(descr, shape: [column.count]) + values.withUnsafeBytes { Array($0) }
        }
        switch column {
        case .real(let values): return array("<f8", values)
        case .integer(let values): return array("<i8", values)
        case .unsigned(let values): return array("<u8", values)
        case .text(let values):
            let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
            let points = values.flatMap { text in
                let scalars = text.unicodeScalars.map(\.value)
                return scalars + [UInt32](repeating: 0, count: width - scalars.count)
            }
            return header("<U\(width)", shape: [column.count]) + points.withUnsafeBytes { Array($0) }
        }
    }
}
