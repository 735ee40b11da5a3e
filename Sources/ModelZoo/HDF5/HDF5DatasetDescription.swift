import Basics
import CHDF5

/// What an open dataset says of itself, checked before anything is allocated for it.
struct HDF5DatasetDescription: Sendable {
    /// zlib's deflate cannot shrink below 1:1032 (zlib technical details).
    static let largestDeflateRatio = 1032

    /// Bytes of the largest dataset that is read although nothing of it is stored: about as much as deflate could make
    /// of the bytes that describe one.
    static let largestUnwritten = 1 << 18

    let shape: [Int]
    let element: HDF5ElementKind
    let chunk: [Int]?

    /// Reads and checks extents, type, storage and filters; throws `.malformed`. A dataset that was created and never
    /// written, which stands for its fill value, is refused but where `allowsUnwritten`.
    init(of dataset: hid_t, at place: String, fileBytes: Int, allowsUnwritten: Bool) throws {
        let type = try HDF5Handle(.type, at: place, expected: "a readable type") { H5Dget_type(dataset) }
        let element = HDF5Library.locked { HDF5ElementKind(type: type.id) }
        let shape = try Self.shape(of: dataset, at: place)
        let creation = try HDF5Handle(.properties, at: place, expected: "a readable header") {
            H5Dget_create_plist(dataset)
        }
        let ratio = try Self.checkFilters(creation.id, at: place)
        let chunk = try Self.checkStorage(creation.id, rank: shape.count, element: element, at: place)
        let stored = HDF5Library.locked { H5Dget_storage_size(dataset) }
        if stored == 0, !shape.contains(0) {
            try Self.checkUnwritten(shape, element, creation.id, isAllowed: allowsUnwritten, at: place)
        } else {
            try Self.checkSize(shape, element, stored: stored, ratio: ratio, fileBytes: fileBytes, at: place)
        }
        (self.shape, self.element, self.chunk) = (shape, element, chunk)
    }

    private static func shape(of dataset: hid_t, at place: String) throws -> [Int] {
        let space = try HDF5Handle(.space, at: place, expected: "a readable extent") { H5Dget_space(dataset) }
        let extents = try HDF5Library.locked {
            guard H5Sget_simple_extent_type(space.id) != H5S_NULL else {
                throw DataError(.malformed, path: place, expected: "an array", found: "an empty dataspace")
            }
            let rank = try HDF5Library.check(
                H5Sget_simple_extent_ndims(space.id), .malformed, at: place, "a readable extent")
            var extents = [hsize_t](repeating: 0, count: Int(rank))
            try HDF5Library.check(
                H5Sget_simple_extent_dims(space.id, &extents, nil), .malformed, at: place, "a readable extent")
            return extents
        }
        // Beside an extent of 0 the others are bounded too: products of any of them are safe.
        var bound: hsize_t = 1
        for extent in extents {
            let (product, overflow) = bound.multipliedReportingOverflow(by: max(extent, 1))
            guard !overflow, product < 1 << 40 else {
                throw DataError(.malformed, path: place, expected: "fewer than 2^40 elements", found: "\(extents)")
            }
            bound = product
        }
        return extents.map { Int($0) }
    }

    /// Filters that are read, and what they make of a byte at most: deflate as above, h5py's LZF 88, the others as
    /// much as deflate for constant numbers.
    private static let filters: [H5Z_filter_t: Int] = [
        H5Z_FILTER_DEFLATE: largestDeflateRatio, H5Z_FILTER_SHUFFLE: 1, H5Z_FILTER_FLETCHER32: 1,
        H5Z_FILTER_SCALEOFFSET: largestDeflateRatio, H5Z_FILTER_SZIP: largestDeflateRatio, CH5_FILTER_LZF: 88,
    ]
    private static let others: [H5Z_filter_t: String] = [
        H5Z_FILTER_NBIT: "nbit", 307: "bzip2", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle", 32013: "zfp",
        32015: "zstd", 32026: "blosc2",
    ]

    /// How many bytes filters make of a stored one at most; throws `.malformed` for a filter that is not here.
    private static func checkFilters(_ creation: hid_t, at place: String) throws -> Int {
        try HDF5Library.locked {
            let count = try HDF5Library.check(
                H5Pget_nfilters(creation), .malformed, at: place, "a readable list of filters")
            var ratio = 1
            for index in 0..<UInt32(count) {
                var flags: UInt32 = 0
                var valueCount = 0
                let filter = H5Pget_filter2(creation, index, &flags, &valueCount, nil, 0, nil, nil)
                guard let largest = filters[filter], H5Zfilter_avail(filter) > 0 else {
                    throw DataError(
                        .malformed, path: place,
                        expected: "the filters deflate, shuffle, fletcher32, lzf or scale-offset",
                        found: "\(others[filter] ?? "filter number \(filter)")",
                        hint: "rewrite the file with h5repack -f GZIP=4")
                }
                ratio = max(ratio, largest)
            }
            return ratio
        }
    }

    /// The chunk's extents, or nil; refuses storage in other files.
    private static func checkStorage(
        _ creation: hid_t, rank: Int, element: HDF5ElementKind, at place: String
    ) throws -> [Int]? {
        try HDF5Library.locked {
            let layout = H5Pget_layout(creation)
            guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout), H5Pget_external_count(creation) == 0
            else {
                throw DataError(
                    .malformed, path: place, expected: "data in this file", found: "external or virtual storage",
                    hint: "copy the data into one file, for example with h5repack")
            }
            guard layout == H5D_CHUNKED else { return nil }
            var extents = [hsize_t](repeating: 1, count: rank)
            try HDF5Library.check(
                H5Pget_chunk(creation, Int32(rank), &extents), .malformed, at: place, "a readable chunk size")
            let bytes = extents.reduce(Double(element.storedBytes)) { $0 * Double($1) }
            guard bytes >= 1, bytes <= Double(HDF5File.largestChunk) else {
                throw DataError(
                    .malformed, path: place, expected: "chunks of at most \(HDF5File.largestChunk >> 20) MiB",
                    found: "chunks of \(extents)", hint: "rewrite the file with h5repack -l CHUNK=...")
            }
            return extents.map { Int($0) }
        }
    }

    private static func checkSize(
        _ shape: [Int], _ element: HDF5ElementKind, stored: hsize_t, ratio: Int, fileBytes: Int, at place: String
    ) throws {
        let claimed = Double(shape.reduce(1, *)) * Double(element.storedBytes)
        let most = Double(stored) * Double(ratio)
        guard claimed <= most, stored <= hsize_t(fileBytes) else {
            throw DataError(
                .malformed, path: place, expected: "stored bytes for \(shape) \(element)",
                found: "\(stored) bytes stored in a file of \(fileBytes)", hint: "the file is damaged or incomplete")
        }
    }

    /// Refuses a dataset of which nothing is stored, or where they are allowed a large one and one without fill value.
    private static func checkUnwritten(
        _ shape: [Int], _ element: HDF5ElementKind, _ creation: hid_t, isAllowed: Bool, at place: String
    ) throws {
        var fill = H5D_FILL_VALUE_UNDEFINED
        HDF5Library.locked { _ = H5Pfill_value_defined(creation, &fill) }
        let claimed = Double(shape.reduce(1, *)) * Double(element.storedBytes)
        guard isAllowed, element.isNumeric, fill != H5D_FILL_VALUE_UNDEFINED, claimed <= Double(largestUnwritten)
        else {
            throw DataError(
                .malformed, path: place, expected: "stored bytes for \(shape) \(element)",
                found: "0 bytes stored: it was created and never written",
                hint: "whoever made the file did not finish it")
        }
    }
}
