import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("NumPy files")
struct NPYTests {
    @Test(
        "matrices of every kind, as NumPy reads them",
        arguments: ["single", "double-big", "half", "fortran", "fortran-big", "version2", "version3"])
    func matrices(name: String) throws {
        let path = formatFixture("numpy/\(name).npy")
        #expect(try NPYSource(path: path).all().map(\.asExpected) == (try expected("numpy/\(name).npy")))
        #expect(try ZooFormat.detect(path) == .npy)
        let array = try NPYArray(path: path)
        let whole = try array.tensor("x")
        let rows = try array.rows(0..<array.shape[0])
        #expect(whole.shape == array.shape && whole.values.floats() == rows)
        #expect(try array.rows(1..<2) == Array(whole.values.floats()[array.shape[1]..<2 * array.shape[1]]))
    }

    @Test("archives of one network, stored and deflated", arguments: ["stored", "deflated"])
    func archives(name: String) throws {
        let path = formatFixture("numpy/\(name).npz")
        #expect(try ZooFormat.detect(path) == .npz)
        #expect(try NPZSource(path: path, array: nil).all().map(\.asExpected) == (try expected("numpy/\(name).npz")))
        let error = dataError { _ = try NPZSource(path: path, array: "nothing").all() }
        #expect(error?.kind == .missing && error?.found.contains("layers.0.bias.npy") == true)
    }

    @Test("Texts of bytes are columns like other texts; other types are refused with what to do")
    func bytesAsText() throws {
        var bytes = NPYWriter.header("|S5", shape: [3])
        for word in ["train", "val", ""] {
            bytes += Array(word.utf8) + [UInt8](repeating: 0, count: 5 - word.utf8.count)
        }
        let array = try NPYArray(place: "x.npy", bytes: bytes)
        #expect(try array.column() == .text(["train", "val", ""]))
        let objects = dataError { _ = try NPYArray(place: "x.npy", bytes: NPYWriter.header("|O", shape: [0])) }
        #expect(objects?.hint.contains("astype(\"U\")") == true)
    }

    private static let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"

    private func array(_ header: String, count: Int, version: UInt8 = 1) throws -> NPYArray {
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        let length = header.utf8.count
        bytes += [UInt8(length & 255), UInt8(length >> 8)] + (version == 1 ? [] : [0, 0])
        return try NPYArray(place: "x.npy", bytes: bytes + Array(header.utf8) + [UInt8](repeating: 0, count: count))
    }

    @Test(
        "forms of the header that Python allows",
        arguments: [
            (good, [2, 3]), ("{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}", [2, 3]),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (6L,), }   \n", [6]),
            ("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 1,), }", [3, 1]),
            ("{'descr': '|b1', 'fortran_order': False, 'shape': (24,), }", [24]),
            ("{'descr': '>i8', 'fortran_order': False, 'shape': (3,), }", [3]),
        ])
    func forms(header: String, shape: [Int]) throws {
        #expect(try array(header, count: 24).shape == shape)
        #expect(try array(header, count: 24, version: 2).shape == shape)
    }

    @Test(
        "headers that lie, or are no literal, are refused",
        arguments: [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 8), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (6), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3], }",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }",
            "{'descr': '<f4', 'fortran_order': Falsely, 'shape': (2, 3), }",
            "{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4', 'shape': (2, 3)}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + exit()",
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }",
            "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
            "{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }",
            "{'descr': '|f4', 'fortran_order': False, 'shape': (6,), }",
            "{'descr': '<U99999999999', 'fortran_order': False, 'shape': (6,), }",
            "{'descr': '<U16777216', 'fortran_order': False, 'shape': (281474976710656,), }",
            "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (6,), }", "", "{", "{'", "dict()",
        ])
    func lies(header: String) {
        let error = dataError { _ = try array(header, count: 24) }
        #expect(error?.kind == .malformed, "\(header): \(String(describing: error))")
    }

    @Test(
        "headers that claim many elements of no bytes are refused",
        arguments: [
            "{'descr': '<U0', 'fortran_order': False, 'shape': (1099511627776,), }",
            "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 4611686018427387904, 4611686018427387904), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 0), }",
        ])
    func empty(header: String) {
        #expect(dataError { _ = try array(header, count: 0) }?.kind == .malformed)
    }

    @Test("matrices whose rows are empty are refused, in files and in archives, whatever their number of rows")
    func emptyRows() throws {
        let matrix = NPYWriter.header("<f4", shape: [1 << 40, 0])
        try withFolder { (folder: String) throws in
            try Data(matrix).write(to: URL(fileURLWithPath: "\(folder)/a.npy"))
            var writer = try ZipWriter(path: "\(folder)/a.npz")
            try writer.add("weights.npy", matrix)
            try writer.finish()
            for name in ["a.npy", "a.npz"] {
                let error = dataError { _ = try ZooSources().open("\(folder)/\(name)").all() }
                #expect(error?.kind == .malformed && error?.found == "rows of 0 numbers", "\(name)")
            }
        }
        // No rows at all are no network, and no error of the file.
        let none = try NPYArray(place: "x", bytes: NPYWriter.header("<f4", shape: [0, 5]))
        try none.checkWidth()
    }

    @Test("other versions, lengths beyond the file and short files are refused")
    func beginnings() throws {
        let whole = Array(try bytes(formatFixture("numpy/single.npy")))
        for (place, byte) in [(6, UInt8(4)), (6, 0), (7, 1), (0, 0), (9, 255)] {
            var bytes = whole
            bytes[place] = byte
            #expect(dataError { _ = try NPYArray(place: "x", bytes: bytes) }?.kind == .malformed)
        }
        for count in 0..<whole.count {
            #expect(dataError { _ = try NPYArray(place: "x", bytes: Array(whole[..<count])) }?.kind == .malformed)
        }
    }

    @Test(
        "columns of facts are written as NumPy has them and read again",
        arguments: [
            ZooColumn.real([0.1, -3, 1e300]), .integer([-1, 0, 1 << 60]), .unsigned([0, .max]),
            .text(["digits", "", "né 🌍"]), .text([""]),
        ])
    func columns(column: ZooColumn) throws {
        let bytes = NPYWriter.column(column)
        #expect(try NPYArray(place: "c", bytes: bytes).column() == column)
        #expect((bytes.count - column.count * (column.kind == "text" ? 0 : 8)) % 4 == 0 && bytes[6] == 1)
    }
}
