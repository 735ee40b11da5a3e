import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Headers of NumPy arrays")
struct NPYHeaderTests {
    /// The bytes of an array with that dictionary, in version 1, 2 or 3.
    private func bytes(_ text: String, _ payload: Int, version: UInt8 = 1) -> [UInt8] {
        let length = version == 1 ? PickleBytes.little(text.utf8.count, 2) : PickleBytes.little(text.utf8.count, 4)
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text.utf8 + [UInt8](repeating: 0, count: payload)
    }

    private func header(_ descr: String, _ shape: String = "(2,)", payload: Int, fortran: String = "False") throws
        -> NPYHeader
    {
        let text = "{'descr': '\(descr)', 'fortran_order': \(fortran), 'shape': \(shape), }"
        return try NPYArray(place: "x", bytes: bytes(text, payload)).header
    }

    @Test(
        "Every type in either order of bytes, with its size",
        arguments: [
            ("f2", 2, ForeignElement.float16), ("f4", 4, .float32), ("f8", 8, .float64), ("i1", 1, .int8),
            ("u1", 1, .uint8),
            ("i2", 2, .int16), ("i4", 4, .int32), ("i8", 8, .int64), ("b1", 1, .bool),
        ])
    func types(code: String, size: Int, element: ForeignElement) throws {
        for order in ["<", ">", "="] {
            let found = try header(order + code, payload: 2 * size)
            #expect(found.element == .number(element) && found.isBigEndian == (order == ">") && found.shape == [2])
            #expect(throws: DataError.self) { try header(order + code, payload: 2 * size - 1) }
        }
        #expect(((try? header("|" + code, payload: 2 * size)) != nil) == (size == 1))
        #expect(NPYElement(code)?.byteCount == size && NPYElement(code)?.isReal == element.isReal)
    }

    @Test(
        "Unsigned integers of eight bytes and texts are for columns",
        arguments: [
            ("<u8", 8, NPYElement.unsigned, "uint64"), ("<U1", 4, .text(1), "text"), ("|S5", 5, .bytes(5), "text"),
            (">U7", 28, .text(7), "text"),
        ])
    func columnTypes(descr: String, size: Int, element: NPYElement, name: String) throws {
        let found = try header(descr, payload: 2 * size)
        #expect(found.element == element && !element.isReal && element.byteCount == size && "\(element)" == name)
        let array = try NPYArray(
            place: "x", bytes: bytes("{'descr':'\(descr)','fortran_order':False,'shape':(1,)}", size))
        let error = try requireDataError { _ = try array.tensor("t") }
        #expect(error.expected == "numbers of a tensor" && error.found == name)
    }

    @Test(
        "Types that are not read are named, with what to do",
        arguments: [
            "<u2", "<u4", "<c8", "|S0", "|O", "<M8", "f4", "", "<", "<f3", "<U0", "<U-1", "<U", "<U16777217", "!f4",
            "<F4",
        ])
    func otherTypes(descr: String) throws {
        let error = try requireDataError { _ = try header(descr, payload: 8) }
        #expect(error.found == "the type \"\(descr)\"" && error.hint.contains("astype"))
    }

    @Test("Versions 2 and 3 have lengths of four bytes and mean the same", arguments: [1, 2, 3] as [UInt8])
    func versions(version: UInt8) throws {
        let text = "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }\n"
        let found = try NPYArray(place: "x", bytes: bytes(text, 8, version: version)).header
        #expect(found.shape == [1, 2] && found.isFortran && found.start == (version == 1 ? 10 : 12) + text.utf8.count)
    }

    @Test("A header of over a mebibyte is refused, one of nearly that much is not")
    func longHeaders() throws {
        let text = "{'descr': '<f4', 'fortran_order': True, 'shape': (0,), }"
        for (length, isGood) in [(NPYHeader.mostBytes, true), (NPYHeader.mostBytes + 1, false)] {
            let padded = text + String(repeating: " ", count: length - text.utf8.count)
            #expect(((try? NPYArray(place: "x", bytes: bytes(padded, 0, version: 2))) != nil) == isGood)
        }
    }

    @Test(
        "Extents of any number, blanks and quotes of both kinds",
        arguments: [
            ("()", []), ("(1,)", [1]), ("(1 ,1)", [1, 1]), ("( 1L, 1L , )", [1, 1]), ("(\n1,\t1,\r1)", [1, 1, 1]),
            ("(01,)", [1]),
        ] as [(String, [Int])])
    func extents(text: String, shape: [Int]) throws {
        let fields = "{\"descr\" :\"<f4\", 'fortran_order':False ,'shape': \(text)}"
        #expect(try NPYLiteral.fields(of: Array(fields.utf8), place: "x").shape == shape)
    }

    @Test(
        "Extents that are none",
        arguments: [
            "(1)", "(,)", "(1,,1)", "(1", "1", "(1.0,)", "(+1,)", "(-1,)", "(0x1,)", "(1 1)", "(L,)", "(1,)(1,)",
            "None",
        ])
    func wrongExtents(text: String) throws {
        let fields = "{'descr': '<f4', 'fortran_order': False, 'shape': \(text)}"
        let error = try requireDataError { _ = try NPYLiteral.fields(of: Array(fields.utf8), place: "x") }
        #expect(error.kind == .malformed && error.expected.hasSuffix("in NumPy's header"))
    }

    @Test("As many as 64 extents are read, and no more")
    func manyExtents() {
        for (count, isGood) in [(64, true), (65, false)] {
            let ones = Array(repeating: "1", count: count).joined(separator: ",")
            #expect(((try? header("<f4", "(\(ones))", payload: 4)) != nil) == isGood)
        }
    }

    @Test(
        "What the writer writes is aligned, ends in a line feed and is read again",
        arguments: [
            [], [0], [7], [3, 4], [1, 2, 3], [1 << 20, 0],
        ] as [[Int]])
    func written(shape: [Int]) throws {
        let header = NPYWriter.header("<f8", shape: shape)
        #expect(header.count.isMultiple(of: 64) && header.last == 10 && header[6] == 1 && header[7] == 0)
        let payload = [UInt8](repeating: 0, count: shape.reduce(8, *))
        let array = try NPYArray(place: "x", bytes: header + payload)
        #expect(array.shape == shape && array.header.start == header.count && !array.header.isFortran)
    }

    @Test("Rows of a matrix are the same in either order of axes, whatever the range")
    func rows() throws {
        let (rows, columns) = (4, 3)
        let values = (0..<12).map { Float($0) }
        let stored = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
        func array(_ order: String, _ floats: [Float]) throws -> NPYArray {
            let text = "{'descr': '<f4', 'fortran_order': \(order), 'shape': (4, 3), }"
            return try NPYArray(
                place: "x", bytes: bytes(text, 0) + floats.flatMap { DatasetBytes.little($0.bitPattern) })
        }
        let (plain, fortran) = (try array("False", values), try array("True", stored))
        for first in 0...rows {
            for last in first...rows {
                let expected = Array(values[first * columns..<last * columns])
                #expect(try plain.rows(first..<last) == expected && fortran.rows(first..<last) == expected)
            }
        }
        #expect(try fortran.tensor("t").values.floats() == values)
    }
}
