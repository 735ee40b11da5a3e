import ModelZoo
import Basics

/// A NumPy array in a file or in memory, read whole or by rows.
struct NPYArray: Sendable {
    /// Where it stands, for messages.
    let place: String
    let header: NPYHeader
    private let read: @Sendable (Range<Int>) throws -> [UInt8]

    /// The array of a `.npy` file; throws `.missing`, `.inputOutput`, or `.malformed`.
    init(path: String) throws {
        let file = try RegularFile(path: path)
        try self.init(place: path, size: file.count) { try file.read($0) }
    }

    /// The array that bytes in memory hold; throws `.malformed`.
    init(place: String, bytes: [UInt8]) throws {
        try self.init(place: place, size: bytes.count) { Array(bytes[$0]) }
    }

    private init(place: String, size: Int, read: @escaping @Sendable (Range<Int>) throws -> [UInt8]) throws {
        self.place = place
        self.read = read
        header = try NPYHeader(place: place, size: size) { range in
            guard range.upperBound <= size else {
                throw DataError(.malformed, path: place, expected: "a NumPy array", found: "\(size) bytes")
            }
            return try read(range)
        }
    }

    /// Extents.
    var shape: [Int] { header.shape }

    /// The whole array, row-major; throws `.inputOutput`, or `.malformed` where it holds no numbers of a tensor.
    func tensor(_ name: String) throws -> ForeignTensor {
        let count = shape.reduce(1, *)
        let stored = header.isFortran ? Array(shape.reversed()) : shape
        let tensor = ForeignTensor(name: name, shape: stored, values: try values(0..<count))
        return header.isFortran ? tensor.transposed(Array(shape.indices.reversed())) : tensor
    }

    /// A one-axis array as a column of facts; traps where it has more axes. Throws `.inputOutput`.
    func column() throws -> ZooColumn {
        precondition(shape.count == 1, "\(place): a column of \(shape)")
        switch header.element {
        case .number(let element):
            let values = try values(0..<shape[0])
            return element.isReal ? .real(values.doubles()) : .integer(values.integers())
        case .unsigned:
            // The same bits as signed numbers.
            let bits = ForeignValues(
                bytes: try bytes(0..<shape[0]), element: .int64, bigEndian: header.isBigEndian)
            return .unsigned(bits.integers().map { UInt64(bitPattern: $0) })
        case .text(let length):
            let points = ForeignValues(
                bytes: try bytes(0..<shape[0]), element: .int32, bigEndian: header.isBigEndian
            ).integers()
            return .text((0..<shape[0]).map { row in
                let scalars = points[row * length..<(row + 1) * length].prefix { $0 != 0 }.map {
                    UInt32(exactly: $0).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
                }
                return String(String.UnicodeScalarView(scalars))
            })
        }
    }

    /// Refuses a matrix whose rows are empty: no bytes would bound their number. Throws `.malformed`.
    func checkWidth() throws {
        guard shape.last != 0 else {
            throw DataError(.malformed, path: place, expected: "networks with parameters", found: "rows of 0 numbers")
        }
    }

    /// Rows of a matrix, one behind the other; traps where it is none or they go beyond it. Throws `.inputOutput`.
    func rows(_ rows: Range<Int>) throws -> [Float] {
        precondition(shape.count == 2 && rows.lowerBound >= 0 && rows.upperBound <= shape[0], "\(place): rows \(rows)")
        let width = shape[1]
        guard header.isFortran else {
            return try values(rows.lowerBound * width..<rows.upperBound * width).floats()
        }
        var result = [Float](repeating: 0, count: rows.count * width)
        for column in 0..<width {
            let first = column * shape[0]
            let part = try values(first + rows.lowerBound..<first + rows.upperBound).floats()
            for row in part.indices { result[row * width + column] = part[row] }
        }
        return result
    }

    private func values(_ elements: Range<Int>) throws -> ForeignValues {
        guard case .number(let element) = header.element else {
            throw DataError(.malformed, path: place, expected: "numbers of a tensor", found: "\(header.element)")
        }
        return ForeignValues(bytes: try bytes(elements), element: element, bigEndian: header.isBigEndian)
    }

    private func bytes(_ elements: Range<Int>) throws -> [UInt8] {
        let size = header.element.byteCount
        return try read(header.start + elements.lowerBound * size..<header.start + elements.upperBound * size)
    }
}
