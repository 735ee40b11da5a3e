import Basics
import CHDF5

/// An open dataset whose claims about its size have been checked.
package struct HDF5Dataset: ~Copyable, Sendable {
    /// `zoo.h5:/weights`, for messages.
    package let place: String
    /// Extents; the first axis counts rows.
    package let shape: [Int]
    /// What is stored.
    package let element: HDF5ElementKind
    /// Extents of a chunk, or nil where storage is contiguous.
    let chunk: [Int]?
    let handle: HDF5Handle

    init(place: String, shape: [Int], element: HDF5ElementKind, chunk: [Int]?, handle: consuming HDF5Handle) {
        self.place = place
        self.shape = shape
        self.element = element
        self.chunk = chunk
        self.handle = handle
    }

    /// Number of elements of a row (1 for a column).
    var rowCount: Int { shape.dropFirst().reduce(1, *) }

    /// Closes now and throws where buffered bytes could not be written.
    package consuming func close() throws {
        let place = place
        try handle.close(at: place)
    }
}

extension HDF5File {
    /// Bytes of the largest chunk we read.
    static let largestChunk = 512 << 20

    /// Opens a dataset of this file and checks what it claims against what is stored.
    ///
    /// Throws `.malformed` where it is missing, lies in other files, needs a filter other than deflate, shuffle
    /// and Fletcher32, or claims more elements than its stored bytes can hold. One that was never written is its fill
    /// value where `allowsUnwritten` and it is small.
    package func dataset(_ name: String, allowsUnwritten: Bool = false) throws -> HDF5Dataset {
        let place = self.place(name)
        guard try contains(name), try kind(of: name) == .dataset else {
            throw DataError(.malformed, path: path, expected: "a dataset \(name)", found: "none")
        }
        let probe = try HDF5Handle(.dataset, at: place, expected: "a readable dataset") {
            H5Dopen2(handle.id, name, ch5_default())
        }
        let facts = try DatasetFacts(
            of: probe.id, at: place, fileBytes: byteCount, allowsUnwritten: allowsUnwritten)
        guard let chunk = facts.chunk else {
            return HDF5Dataset(place: place, shape: facts.shape, element: facts.element, chunk: nil, handle: probe)
        }
        // Reopened with a cache that holds two chunks: rows of one chunk are then decoded once, not row by row.
        let access = try HDF5Handle.properties(ch5_dataset_access(), at: place)
        let bytes = chunk.reduce(facts.element.storedBytes, *)
        let cached = try HDF5Handle(.dataset, at: place, expected: "a readable dataset") {
            H5Pset_chunk_cache(access.id, 521, max(1 << 20, min(2 * bytes, Self.largestChunk)), 1)
            return H5Dopen2(handle.id, name, access.id)
        }
        return HDF5Dataset(place: place, shape: facts.shape, element: facts.element, chunk: chunk, handle: cached)
    }
}
