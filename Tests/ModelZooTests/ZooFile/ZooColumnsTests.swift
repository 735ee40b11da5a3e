import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Columns of a zoo")
struct ZooColumnsTests {
    /// Four networks with a column of every kind, each with a missing value where the kind has one.
    private let columns: ZooColumns = {
        var columns = ZooColumns(count: 4)
        columns["real"] = .real([0.5, .nan, -1, 3])
        columns["integer"] = .integer([7, -1, 0, 9])
        columns["unsigned"] = .unsigned([0, .max, 2, 3])
        columns["text"] = .text(["a", "", "b", "a"])
        return columns
    }()

    @Test("Names stand in the order of their bytes, whatever the order in which they came")
    func names() {
        let names = ["é", "b", "a", "B", "a_1", "e\u{301}x", "Z", ""]
        for order in [names, names.reversed(), names.sorted()] {
            var columns = ZooColumns(count: 1)
            for name in order { columns[name] = .integer([0]) }
            #expect(columns.names == ["", "B", "Z", "a", "a_1", "b", "e\u{301}x", "é"])
        }
    }

    @Test("Missing values are NaN as numbers; text and absent columns are no numbers")
    func numbers() {
        #expect(columns.numbers("integer")?.map { $0.isNaN ? -99 : $0 } == [7, -99, 0, 9])
        #expect(columns.numbers("unsigned") == [0, 0x1p64, 2, 3])
        #expect(columns.numbers("real")?[1].isNaN == true && columns.numbers("real")?[2] == -1)
        #expect(columns.numbers("text") == nil && columns.numbers("none") == nil)
    }

    @Test("Every kind is called by its name and counts its values")
    func kinds() {
        #expect(
            ["integer", "real", "text", "unsigned"].map { columns[$0]?.kind } == [
                "integer", "real", "text", "unsigned",
            ])
        #expect(columns.names.allSatisfy { columns[$0]?.count == 4 })
    }

    @Test("Selecting twice is selecting once by the composed rows, and all rows change nothing")
    func selections() {
        let (first, second) = ([3, 0, 0, 2], [2, 2, 1])
        let composed = columns.selecting(second.map { first[$0] })
        let twice = columns.selecting(first).selecting(second)
        #expect(twice.count == 3 && twice.names == columns.names)
        #expect(twice == composed)
        #expect(composed["text"] == .text(["a", "a", "a"]) && composed["integer"] == .integer([7, 7, 7]))
        #expect(columns.selecting([2, 0])["unsigned"] == .unsigned([2, 0]))
        #expect(columns.selecting([]).count == 0 && columns.selecting([])["text"] == .text([]))
    }

    @Test("Parts put together again are the whole")
    func appending() {
        var whole = columns
        whole["real"] = .real([1, 2, 3, 4])
        for cut in 0...4 {
            let parts = (whole.selecting(0..<cut), whole.selecting(cut..<4))
            #expect(parts.0.appending(parts.1) == whole, "cut at \(cut)")
        }
    }

    @Test("Columns of other names or kinds cannot be put together")
    func appendingOthers() {
        var (fewer, otherKind, otherName) = (columns, columns, columns)
        fewer["text"] = nil
        otherKind["integer"] = .real([1, 2, 3, 4])
        otherName["text"] = nil
        otherName["words"] = columns["text"]
        for other in [fewer, otherKind, otherName, ZooColumns(count: 4)] {
            #expect(columns.appending(other) == nil && other.appending(columns) == nil)
        }
        #expect(ZooColumns(count: 2).appending(ZooColumns(count: 3))?.count == 5)
    }

    @Test("Rows of splits: rising, disjoint, and without a missing code", arguments: [true, false])
    func splits(isSigned: Bool) {
        var columns = ZooColumns(count: 6)
        columns["split"] = isSigned ? .integer([2, 0, -1, 1, 0, 2]) : .unsigned([2, 0, 9, 1, 0, 2])
        #expect(columns.rows(in: .train) == [1, 4])
        #expect(columns.rows(in: .validation) == [3])
        #expect(columns.rows(in: .test) == [0, 5])
    }

    @Test(
        "Without whole codes every network is for training",
        arguments: [nil, ZooColumn.real([2, 2]), .text(["2", "1"])])
    func noSplit(column: ZooColumn?) {
        var columns = ZooColumns(count: 2)
        columns["split"] = column
        #expect(ZooSplit.allCases.map { columns.rows(in: $0) } == [[0, 1], [], []])
    }

    @Test("A split is written as its name")
    func descriptions() {
        #expect(ZooSplit.allCases.map { "\($0)" } == ["train", "validation", "test"])
        #expect(ZooSplit.allCases.map(\.rawValue) == [0, 1, 2])
    }
}
