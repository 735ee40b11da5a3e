import Basics

extension IDXArray {
    /// Reads an IDX file, gzipped or not, with elements of any of the format's six types.
    ///
    /// Throws `DataError` unless the magic number is IDX's and the file holds exactly what its extents claim.
    public init(contentsOf path: String, maximumBytes: Int = 1 << 32) throws {
        try self.init(bytes: Gzip.decompress(contentsOf: path, maximumBytes: maximumBytes), path: path)
    }

    /// Takes the bytes of an uncompressed IDX file; `path` is for messages.
    init(bytes: [UInt8], path: String) throws {
        func malformed(_ expected: String, _ found: String) -> DataError {
            DataError(.malformed, path: path, expected: expected, found: found)
        }
        guard bytes.count >= 4 else { throw malformed("an IDX file", "\(bytes.count) bytes") }
        guard bytes[0] == 0, bytes[1] == 0, let element = Element(rawValue: bytes[2]), bytes[3] > 0 else {
            let start = bytes.prefix(4).map { String($0, radix: 16) }.joined(separator: " ")
            throw malformed("an IDX file (00 00, a type from 08 to 0e, a rank above 0)", "the bytes \(start)")
        }
        let rank = Int(bytes[3])
        let headerSize = 4 + 4 * rank
        guard bytes.count >= headerSize else {
            throw malformed("an IDX header of \(headerSize) bytes for rank \(rank)", "\(bytes.count) bytes")
        }
        let shape = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        let claimed = shape.reduce(Optional(element.size)) { size, extent in
            guard let (product, overflow) = size?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
            return product
        }
        guard let claimed, claimed == bytes.count - headerSize else {
            throw malformed(
                "\(claimed.map(String.init) ?? "more than 2^63") bytes of \(element) for extents \(shape)",
                "\(bytes.count - headerSize)")
        }
        self.init(path: path, element: element, shape: shape, bytes: bytes)
    }
}
