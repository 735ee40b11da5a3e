import CHDF5
import TestSupport
import Testing
import ZooTestSupport

@testable import ModelZoo

/// Files that other tools write: types that our own writer never uses.
@Suite("HDF5: numbers and texts of other forms")
struct HDF5FormsTests {
    /// Reads a column of a zoo file whose dataset is of the type that `type` makes; `values` are given in `memory`'s
    /// type, or in the stored one.
    private func column<Value>(
        _ values: [Value], count: Int, memory: hid_t? = nil, _ type: () -> hid_t
    ) throws -> ZooColumn? {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(layout: testLayout()).write(to: file)
            try file.write(formulaRows(count, 11), shape: [count, 11], as: "/weights")
            try file.createGroup("/networks")
            let id = file.handle.id
            HDF5Library.locked {
                let (stored, space) = (type(), H5Screate_simple(1, [hsize_t(count)], nil))
                let dataset = H5Dcreate2(
                    id, "/networks/x", stored, space, ch5_default(), ch5_default(), ch5_default())
                _ = values.withUnsafeBytes {
                    H5Dwrite(dataset, memory ?? stored, ch5_all(), ch5_all(), ch5_default(), $0.baseAddress)
                }
                H5Dclose(dataset)
                H5Sclose(space)
                H5Tclose(stored)
            }
            try file.close()
            return try ZooReader(path: "\(folder)/z.h5").columns["x"]
        }
    }

    /// An integer type.
    private func integer(_ bytes: Int, isSigned: Bool, isBig: Bool) -> hid_t {
        let type = H5Tcopy(ch5_int64_le())
        H5Tset_size(type, bytes)
        H5Tset_sign(type, isSigned ? H5T_SGN_2 : H5T_SGN_NONE)
        H5Tset_order(type, isBig ? H5T_ORDER_BE : H5T_ORDER_LE)
        return type
    }

    @Test("integers of every width and sign, in both orders of bytes", arguments: [1, 2, 4, 8], [false, true])
    func integers(bytes: Int, isBig: Bool) throws {
        let most = Int64.max >> (64 - 8 * bytes)
        let signed = [-most - 1, -2, 0, most]
        let found = try column(signed, count: 4, memory: ch5_native_int64()) {
            integer(bytes, isSigned: true, isBig: isBig)
        }
        #expect(found == .integer(signed))
        let largest = UInt64.max >> (64 - 8 * bytes)
        let unsigned = try column([0, 1, largest], count: 3, memory: ch5_native_uint64()) {
            integer(bytes, isSigned: false, isBig: isBig)
        }
        // Those that 64 bits with a sign hold are as good as signed ones.
        #expect(unsigned == (bytes == 8 ? .unsigned([0, 1, largest]) : .integer([0, 1, Int64(largest)])))
    }

    @Test("truth values, which are enumerations, count as integers")
    func enumerations() throws {
        let found = try column([1, 0, 1] as [Int8], count: 3) {
            let base = integer(1, isSigned: true, isBig: false)
            let type = H5Tenum_create(base)
            for (name, value) in [("FALSE", Int8(0)), ("TRUE", 1)] {
                _ = withUnsafePointer(to: value) { H5Tenum_insert(type, name, $0) }
            }
            H5Tclose(base)
            return type
        }
        #expect(found == .integer([1, 0, 1]))
    }

    @Test("real numbers whose most significant byte comes first")
    func reals() throws {
        let values = [0.1, -2.5, .infinity, .leastNonzeroMagnitude]
        let found = try column(values, count: 4, memory: ch5_native_double()) {
            let type = H5Tcopy(ch5_float64_le())
            H5Tset_order(type, H5T_ORDER_BE)
            return type
        }
        #expect(found == .real(values))
    }

    @Test("texts of fixed length end where their padding begins, and keep blanks inside")
    func texts() throws {
        let forms = [
            (H5T_STR_NULLTERM, "abc\0a\0\0\0\0\0\0\0", ["abc", "a", ""]),
            (H5T_STR_NULLPAD, "abcda \0\0\0\0\0\0", ["abcd", "a ", ""]),
            (H5T_STR_SPACEPAD, "a b a       ", ["a b", "a", ""]),
        ]
        for (padding, bytes, expected) in forms {
            let found = try column(Array(bytes.utf8), count: 3) {
                let type = H5Tcopy(ch5_c_string())
                H5Tset_size(type, 4)
                H5Tset_strpad(type, padding)
                return type
            }
            #expect(found == .text(expected))
        }
    }

    @Test("texts of variable length may be null, which is empty, but must be UTF-8")
    func variableTexts() throws {
        func read(_ bytes: [CChar]) throws -> ZooColumn? {
            try bytes.withUnsafeBufferPointer { text in
                try column([nil, text.baseAddress], count: 2) {
                    let type = H5Tcopy(ch5_c_string())
                    H5Tset_size(type, ch5_variable())
                    return type
                }
            }
        }
        #expect(try read([0x78, 0]) == .text(["", "x"]))
        let error = dataError { _ = try read([-1, -2, 0]) }
        #expect(error?.kind == .malformed && error?.path.hasSuffix("/networks/x") == true)
        #expect(error?.expected == "text in UTF-8")
    }

    @Test(
        "any block of a dataset is what slicing gives, however it is stored",
        arguments: [
            HDF5Storage.contiguous, HDF5Storage(chunk: [2, 3, 2]),
            HDF5Storage(chunk: [3, 1, 3], fletcher32: true, compression: 6),
        ])
    func blocks(storage: HDF5Storage) throws {
        try withFolder { (folder: String) throws in
            let shape = [5, 4, 3]
            let values = (0..<60).map { Int64($0 * 7 % 61) }
            let file = try HDF5File.create("\(folder)/x.h5")
            try file.write(values, shape: shape, as: "/x", storage: storage)
            try file.close()
            let dataset = try HDF5File.open("\(folder)/x.h5").dataset("/x")
            var noise = DatasetNoise(seed: 6)
            for _ in 0..<50 {
                let start = shape.map { noise.below($0) }
                let extents = zip(shape, start).map { 1 + noise.below($0 - $1) }
                var block = [Int64](repeating: -1, count: extents.reduce(1, *))
                try block.withUnsafeMutableBufferPointer { try dataset.read(start: start, extents: extents, into: $0) }
                let expected = block.indices.map { index in
                    let (i, rest) = index.quotientAndRemainder(dividingBy: extents[1] * extents[2])
                    let (j, k) = rest.quotientAndRemainder(dividingBy: extents[2])
                    return values[((start[0] + i) * 4 + start[1] + j) * 3 + start[2] + k]
                }
                #expect(block == expected, "\(start) \(extents)")
            }
        }
    }
}
