import Testing

@testable import Basics

@Suite("Columns of classes and of rows' names that nobody named")
struct TableRolesTests {
    private func reader(_ text: String, header: TableDialect.Header = .detected) throws -> TableReader {
        try TableReader(
            bytes: Array(text.utf8), path: "t.csv", dialect: TableDialect(separator: .detected, header: header))
    }

    /// Places from 0 of the class and of the index.
    private func roles(_ text: String) throws -> (label: Int, index: Int?) {
        let table = try reader(text)
        let label = try TableColumn.usual.place(in: table, role: "label")
        return (label, try TableRoles.index(in: table, besides: label))
    }

    /// Rows of a table with a class, a pixel of many values, fractions and a counter, in the order asked for.
    private func rows(_ columns: String, header: String = "", separator: String = ",") -> String {
        let lines = (0..<40).map { row in
            columns.map { column in
                switch column {
                case "c": "\((row * 7) % 3)"
                case "w": ["oak", "ash", "elm"][row % 3]
                case "p": "\((row * 11) % 29 + (row % 2) * 40)"
                case "0": "0"
                case "n": "\(row)"
                default: "\(Double(row * 13 % 17) / 7)"
                }
            }.joined(separator: separator)
        }
        return (header.isEmpty ? "" : header + "\n") + lines.joined(separator: "\n")
    }

    @Test("The only column of words is the class, whatever it is called and wherever it stands")
    func onlyWords() throws {
        #expect(try roles(rows("wff", header: "species,a,b")).label == 0)
        #expect(try roles(rows("fwc", header: "a,species,n")).label == 1)
        #expect(try roles(rows("fwc", header: "a,species,label")).label == 2, "a usual name comes first")
        #expect(try roles(rows("wwc", header: "a,b,n")).label == 2, "two columns of words tell nothing")
        let names = (0..<60).map { "n\($0),\(Double($0) / 7),\($0 % 3)" }.joined(separator: "\n")
        #expect(try roles("who,x,kind\n" + names).label == 2, "sixty words name rows, not classes")
    }

    @Test("A last column that counts the rows is no feature either, unless it is one that was recorded")
    func lastIndex() throws {
        let table = try reader(rows("fcn", header: "a,label,id"))
        #expect(try TableRoles.index(in: table, besides: 1) == 2)
        #expect(try TableRoles.index(in: table, besides: 1, features: ["a", "id"]) == nil)
        #expect(try TableRoles.index(in: reader(rows("fcn", header: "a,label,dose")), besides: 1) == nil)
    }

    @Test(
        "A usual name says where the class is, wherever it stands",
        arguments: [
            ("label,a,b", "cff", 0), ("a,Class,b", "fcf", 1), ("a,b,target", "ffc", 2), ("Y,a,b", "wff", 0),
            ("y,a,label", "ffc", 2), ("y,x,kind", "ffc", 2), ("x,y,kind", "ccw", 2), ("y,x,z", "cff", 0),
            ("a,target,b", "fff", 1),
        ])
    func named(_ header: String, _ columns: String, _ label: Int) throws {
        #expect(try roles(rows(columns, header: header)).label == label)
    }

    @Test(
        "Without one it is the last column, or the first where the last can be none",
        arguments: [
            ("ffc", 2), ("cff", 0), ("wff", 0), ("ffw", 2), ("cp0", 0), ("cpp", 0), ("cfc", 2), ("pfc", 2), ("fff", 2),
        ])
    func placed(_ columns: String, _ label: Int) throws {
        #expect(try roles(rows(columns)).label == label)
        let header = columns.indices.map { _ in "x" }.joined(separator: ",")
        #expect(try roles(rows(columns, header: header)).label == label)
    }

    @Test(
        "A first column that names or counts the rows is no feature",
        arguments: [
            (",a,b,label", "nffc", true), ("Unnamed: 0,a,b,label", "nffc", true), ("Id,a,b,label", "nffc", true),
            ("", "nffc", false), ("id,a,b,label", "cffc", false), ("time,a,b,label", "nffc", false),
            ("a,b,label", "ffc", false),
        ])
    func index(_ header: String, _ columns: String, _ isIndex: Bool) throws {
        let found = try roles(rows(columns, header: header))
        #expect(found.index == (isIndex ? 0 : nil) && found.label == columns.count - 1)
    }

    @Test("R writes one name less than there are columns: the first one names the rows")
    func short() throws {
        let table = try reader("\"a\",\"label\"\n\"1\",0.5,0\n\"2\",1.5,1\n\"3\",2.5,0\n")
        #expect(table.names == ["", "a", "label"] && table.width == 3)
        #expect(throws: DataError.self) {
            var ragged = try reader("a,b\n1,2,3\n1,2\n")
            while try ragged.nextRow() {}
        }
    }

    @Test(
        "Names may be numbers that count the columns",
        arguments: [
            ("0,1,2,3,4\n0.5,2,3,1,0\n", true), ("1,2,3,4,5\n0.5,2,3,1,0\n", true), ("label,0,1\n3,7,9\n", true),
            (",0,1,2\n0,5,6,7\n", true), ("0,1,2,kind\n5,6,7,a\n", true), ("1,2,3\n4,5,6\n", false),
            ("1,2,word\n3,4,word\n", false), ("0,1,2,a\n5,6,7,a\n", false), ("0,oak\n0,ash\n", false),
            ("5,1,2,3,4\n0,1,2,3,4\n", false), ("y,1,2\nn,3,4\ny,5,6\n", false), ("0,1,2,3,5\n1,1,1,1,1\n", false),
        ])
    func numericNames(_ text: String, _ isHeader: Bool) throws {
        #expect(try reader(text).names.isEmpty != isHeader)
    }

    @Test("What a person calls a column: its name first, then first, last and places from 1")
    func words() throws {
        let table = try reader("784,a,last,first\n1,2,3,4\n", header: .present)
        func place(_ text: String) throws -> Int { try TableColumn(text, in: table).place(in: table, role: "label") }
        #expect(try place("784") == 0 && place("last") == 2 && place("first") == 3 && place("2") == 1)
        #expect(try place("-1") == 3)
        let plain = try reader("1,2,3\n4,5,6\n")
        #expect(try TableColumn("first", in: plain).place(in: plain, role: "label") == 0)
        #expect(try TableColumn("last", in: plain).place(in: plain, role: "label") == 2)
        #expect(throws: DataError.self) { try TableColumn("4", in: plain).place(in: plain, role: "label") }
        #expect(throws: DataError.self) { try TableColumn("0", in: plain).place(in: plain, role: "label") }
        let named = try reader("label,a\n1,2\n")
        let error = #expect(throws: DataError.self) {
            try TableColumn("lable", in: named).place(in: named, role: "label")
        }
        #expect(error?.hint == "did you mean label?")
    }
}
