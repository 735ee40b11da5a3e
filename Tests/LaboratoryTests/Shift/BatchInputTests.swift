import Basics
import Foundation
import Testing

@testable import Laboratory

@Suite("Batches from a pipe")
struct BatchInputTests {
    /// The batches of a text that comes in pieces.
    private func batches(_ pieces: [String]) throws -> [String] {
        let pipe = Pipe()
        var input = BatchInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
        for piece in pieces { pipe.fileHandleForWriting.write(Data(piece.utf8)) }
        try pipe.fileHandleForWriting.close()
        var found: [String] = []
        while let batch = try input.next() { found.append(String(decoding: batch, as: UTF8.self)) }
        return found
    }

    @Test("A header once, an empty line after each batch, the last one without")
    func usual() throws {
        #expect(try batches(["a,b\n1,2\n3,4\n\n5,6"]) == ["a,b\n1,2\n3,4\n", "a,b\n5,6\n"])
        #expect(try batches(["a,", "b\n1", ",2\n", "\n", "\n\n5,6\n"]) == ["a,b\n1,2\n", "a,b\n5,6\n"])
        #expect(try batches(["a\r\n1\r\n\r\n2\r\n"]) == ["a\r\n1\r\n", "a\r\n2\r\n"])
    }

    @Test("No rows, no batch", arguments: ["", "\n\n", "a,b\n", "a,b\n\n\n"])
    func empty(_ text: String) throws { #expect(try batches([text]) == []) }
}

@Suite("Options of tables")
struct ShiftTablesTests {
    @Test("Codes for missing values: several of a column, of several columns, a column with an equals sign in its name")
    func codes() throws {
        #expect(try ShiftTables.codes(["chol=0,bp=-9", "chol=999"]) == ["chol": ["0", "999"], "bp": ["-9"]])
        #expect(try ShiftTables.codes(["a=b=c"]) == ["a=b": ["c"]] && ShiftTables.codes([]).isEmpty)
        for text in ["chol", "=0"] { #expect(throws: DataError.self, "\(text)") { try ShiftTables.codes([text]) } }
    }

    @Test("An option that names no column is told, with the nearest there is")
    func unknown() throws {
        let table = try Table(bytes: Array("age,outcome\n1,2\n".utf8), path: "t")
        var tables = ShiftTables(label: "outcom")
        do {
            try tables.check(columnsOf: [table])
            Issue.record("taken")
        } catch { #expect("\(error)".contains("--label outcom") && "\(error)".contains("did you mean outcome?")) }
        tables = ShiftTables(label: "outcome", ignored: ["age"])
        try tables.check(columnsOf: [table])
        #expect(tables.others == ["outcome", "age"])
    }
}
