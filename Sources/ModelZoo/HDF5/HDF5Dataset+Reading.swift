import Basics
import CHDF5

package extension HDF5Dataset {
    /// Reads a block of elements into the caller's memory, converted from the stored number type.
    ///
    /// `start` and `extents` have one entry an axis; `buffer` holds their product. Throws `.malformed` or
    /// `.inputOutput`; traps where the block lies outside the dataset or the buffer has another size.
    func read<Element: HDF5Element>(
        start: [Int], extents: [Int], into buffer: UnsafeMutableBufferPointer<Element>
    ) throws {
        precondition(start.count == shape.count && extents.count == shape.count, "\(place): rank differs")
        precondition(buffer.count == extents.reduce(1, *), "\(place): \(buffer.count) elements for \(extents)")
        guard element.isNumeric else {
            throw DataError(.malformed, path: place, expected: "numbers", found: "\(element)")
        }
        guard let target = buffer.baseAddress, !buffer.isEmpty else { return }
        if Element.self == Float.self, case .real(let bytes) = element, bytes > MemoryLayout<Float>.size {
            let floats = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: Float.self)
            return try readRounded(start: start, extents: extents, into: floats)
        }
        try select(start: start, extents: extents) { memory, file in
            H5Dread(handle.id, Element.memoryType, memory, file, ch5_default(), target)
        }
    }

    /// Reads double precision and rounds here, a few rows at a time: where the byte order is not the machine's, the
    /// library rounds some numbers (midpoints, subnormal ones) to the wrong neighbour.
    private func readRounded(start: [Int], extents: [Int], into buffer: UnsafeMutableBufferPointer<Float>) throws {
        let (rows, width) = (extents.first ?? 1, extents.dropFirst().reduce(1, *))
        let most = max(1, Self.roundedAtOnce / width)
        for row in stride(from: 0, to: rows, by: most) {
            let count = min(most, rows - row)
            let isScalar = extents.isEmpty
            var values = [Double](repeating: 0, count: count * width)
            try values.withUnsafeMutableBufferPointer {
                try read(
                    start: isScalar ? [] : [start[0] + row] + start.dropFirst(),
                    extents: isScalar ? [] : [count] + extents.dropFirst(), into: $0)
            }
            for index in values.indices { buffer[row * width + index] = Float(values[index]) }
        }
    }

    private static let roundedAtOnce = 1 << 20

    /// The bytes of all opaque elements; throws `.malformed` where elements are of another kind.
    func readOpaque() throws -> [UInt8] {
        guard case .opaque(let size) = element else {
            throw DataError(.malformed, path: place, expected: "opaque elements", found: "\(element)")
        }
        var bytes = [UInt8](repeating: 0, count: shape.reduce(size, *))
        guard !bytes.isEmpty else { return bytes }
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Dget_type(handle.id) }
        try select(start: shape.map { _ in 0 }, extents: shape) { memory, file in
            H5Dread(handle.id, type.id, memory, file, ch5_default(), &bytes)
        }
        return bytes
    }

    /// Reads whole rows, `rows.count * rowCount` elements.
    func read<Element: HDF5Element>(rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Element>) throws {
        try read(
            start: [rows.lowerBound] + Array(repeating: 0, count: shape.count - 1),
            extents: [rows.count] + shape.dropFirst(), into: buffer)
    }

    /// Whole rows as an array.
    func read<Element: HDF5Element>(rows: Range<Int>, as type: Element.Type = Element.self) throws -> [Element] {
        var values = [Element](repeating: .zero, count: rows.count * rowCount)
        try values.withUnsafeMutableBufferPointer { try read(rows: rows, into: $0) }
        return values
    }

    /// The strings of a one-axis dataset, of either form; throws `.malformed` where they are not UTF-8.
    func readText() throws -> [String] {
        precondition(shape.count == 1, "\(place): strings are read from one axis")
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Dget_type(handle.id) }
        var strings: [String] = []
        for start in stride(from: 0, to: shape[0], by: 4096) {
            strings += try text(start..<min(start + 4096, shape[0]), type: type.id)
        }
        return strings
    }

    private func text(_ rows: Range<Int>, type: hid_t) throws -> [String] {
        switch element {
        case .variableText:
            var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: rows.count)
            defer {
                let pointers = pointers
                HDF5Library.locked { for pointer in pointers { _ = H5free_memory(pointer) } }
            }
            try select(start: [rows.lowerBound], extents: [rows.count]) { memory, file in
                H5Dread(handle.id, type, memory, file, ch5_default(), &pointers)
            }
            return try pointers.map { try HDF5Text.decode($0, at: place) }
        case .fixedText(let bytes):
            var buffer = [UInt8](repeating: 0, count: rows.count * bytes)
            try select(start: [rows.lowerBound], extents: [rows.count]) { memory, file in
                H5Dread(handle.id, type, memory, file, ch5_default(), &buffer)
            }
            let spacePadded = HDF5Library.locked { H5Tget_strpad(type) == H5T_STR_SPACEPAD }
            return try rows.indices.map { row in
                let first = (row - rows.lowerBound) * bytes
                return try HDF5Text.decode(buffer[first..<first + bytes], spacePadded: spacePadded, at: place)
            }
        default:
            throw DataError(.malformed, path: place, expected: "text", found: "\(element)")
        }
    }

    /// Calls the library with a memory space of `extents` and the file space that selects the block.
    private func select(start: [Int], extents: [Int], _ body: (hid_t, hid_t) -> herr_t) throws {
        for axis in shape.indices {
            precondition(
                start[axis] >= 0 && extents[axis] >= 0 && start[axis] + extents[axis] <= shape[axis],
                "\(place): block \(start) \(extents) lies outside \(shape)")
        }
        let expected = "readable data in \(start) + \(extents)"
        let file = try HDF5Handle(.space, at: place, expected: expected) { H5Dget_space(handle.id) }
        let sizes = extents.map { hsize_t($0) }
        let memory = try HDF5Handle(.space, at: place, expected: expected) {
            shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil)
        }
        try HDF5Library.locked {
            if !shape.isEmpty {
                try HDF5Library.check(
                    H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start.map { hsize_t($0) }, nil, sizes, nil),
                    .malformed, at: place, expected)
            }
            _ = try HDF5Library.check(body(memory.id, file.id), .malformed, at: place, expected)
        }
    }
}
