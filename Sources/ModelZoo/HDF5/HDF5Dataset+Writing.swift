import Basics
import CHDF5

/// How a new dataset is stored.
package struct HDF5Storage: Equatable, Sendable {
    /// Extents of a chunk, or nil for contiguous storage of fixed size.
    var chunk: [Int]?
    /// Whether every chunk carries a Fletcher-32 checksum (chunked only).
    var fletcher32 = false
    /// gzip level 1 to 9 after a byte shuffle, or nil (chunked only).
    var compression: Int?

    static let contiguous = HDF5Storage()
}

extension HDF5File {
    /// Creates a dataset of numbers; a chunked one may grow along its first axis.
    package func createDataset<Element: HDF5Element>(
        _ name: String, shape: [Int], of element: Element.Type, storage: HDF5Storage = .contiguous
    ) throws -> HDF5Dataset {
        let kind = HDF5Library.locked { HDF5ElementKind(type: Element.fileType) }
        return try createDataset(name, shape: shape, type: Element.fileType, kind: kind, storage: storage)
    }

    /// Writes strings as a new contiguous dataset of variable-length UTF-8; throws `.inputOutput`, or `.malformed`
    /// where a string contains a zero character, which the format cannot hold.
    func write(text: [String], as name: String) throws {
        let place = self.place(name)
        if let row = text.firstIndex(where: { $0.utf8.contains(0) }) {
            throw DataError(
                .malformed, path: place, expected: "text without zero characters", found: "one in row \(row)")
        }
        let type = try HDF5Text.variableType(at: place)
        let dataset = try createDataset(
            name, shape: [text.count], type: type.id, kind: .variableText, storage: .contiguous)
        let bytes = text.map { ContiguousArray($0.utf8CString) }
        let characters = bytes.flatMap { $0 }
        try characters.withUnsafeBufferPointer { all in
            var next = 0
            var pointers: [UnsafePointer<CChar>?] = bytes.map { string in
                defer { next += string.count }
                return all.baseAddress.map { $0 + next }
            }
            try HDF5Library.locked {
                _ = try HDF5Library.check(
                    H5Dwrite(dataset.handle.id, type.id, ch5_all(), ch5_all(), ch5_default(), &pointers),
                    .inputOutput, at: place, "a complete write")
            }
        }
        try dataset.close()
    }

    /// Creates a dataset, writes all of it and closes it.
    func write<Element: HDF5Element>(
        _ values: [Element], shape: [Int], as name: String, storage: HDF5Storage = .contiguous
    ) throws {
        let dataset = try createDataset(name, shape: shape, of: Element.self, storage: storage)
        try values.withUnsafeBufferPointer { try dataset.write(rows: 0..<(shape.first ?? 1), from: $0) }
        try dataset.close()
    }

    private func createDataset(
        _ name: String, shape: [Int], type: hid_t, kind: HDF5ElementKind, storage: HDF5Storage
    ) throws -> HDF5Dataset {
        let place = self.place(name)
        let creation = try HDF5Handle.properties(ch5_dataset_create(), at: place)
        let sizes = shape.map { hsize_t($0) }
        let space = try HDF5Handle(.space, .inputOutput, at: place, expected: "an extent \(shape)") {
            guard storage.chunk != nil else { return H5Screate_simple(Int32(sizes.count), sizes, nil) }
            return H5Screate_simple(Int32(sizes.count), sizes, [ch5_unlimited()] + sizes.dropFirst())
        }
        let created = try HDF5Handle(.dataset, .inputOutput, at: place, expected: "a new dataset \(shape)") {
            H5Pset_obj_track_times(creation.id, false)
            if let chunk = storage.chunk {
                H5Pset_chunk(creation.id, Int32(chunk.count), chunk.map { hsize_t($0) })
                if let level = storage.compression {
                    H5Pset_shuffle(creation.id)
                    H5Pset_deflate(creation.id, UInt32(level))
                }
                if storage.fletcher32 { H5Pset_fletcher32(creation.id) }
            }
            return H5Dcreate2(handle.id, name, type, space.id, ch5_default(), creation.id, ch5_default())
        }
        return HDF5Dataset(place: place, shape: shape, element: kind, chunk: storage.chunk, handle: created)
    }
}

extension HDF5Dataset {
    /// Writes whole rows; a chunked dataset grows where `rows` reach beyond its end. Throws `.inputOutput`.
    package func write<Element: HDF5Element>(rows: Range<Int>, from buffer: UnsafeBufferPointer<Element>) throws {
        precondition(buffer.count == rows.count * rowCount, "\(place): \(buffer.count) elements for rows \(rows)")
        guard !buffer.isEmpty else { return }
        let expected = "a complete write of rows \(rows)"
        try HDF5Library.locked {
            let sizes = ([rows.count] + shape.dropFirst()).map { hsize_t($0) }
            let start = ([rows.lowerBound] + shape.dropFirst().map { _ in 0 }).map { hsize_t($0) }
            try grow(to: rows.upperBound)
            let file = try HDF5Handle(.space, .inputOutput, at: place, expected: expected) { H5Dget_space(handle.id) }
            let memory = try HDF5Handle(.space, .inputOutput, at: place, expected: expected) {
                H5Screate_simple(Int32(sizes.count), sizes, nil)
            }
            try HDF5Library.check(
                H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start, nil, sizes, nil), .inputOutput, at: place, expected)
            try HDF5Library.check(
                H5Dwrite(handle.id, Element.memoryType, memory.id, file.id, ch5_default(), buffer.baseAddress),
                .inputOutput, at: place, expected)
        }
    }

    private func grow(to count: Int) throws {
        guard chunk != nil else { return }
        var sizes = shape.map { hsize_t($0) }
        let space = try HDF5Handle(.space, .inputOutput, at: place, expected: "an extent") { H5Dget_space(handle.id) }
        H5Sget_simple_extent_dims(space.id, &sizes, nil)
        guard sizes[0] < hsize_t(count) else { return }
        sizes[0] = hsize_t(count)
        try HDF5Library.check(
            H5Dset_extent(handle.id, sizes), .inputOutput, at: place, "room for \(count) rows")
    }
}
