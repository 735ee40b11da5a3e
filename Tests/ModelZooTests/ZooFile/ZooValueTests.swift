import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoos in memory")
struct ZooValueTests {
    @Test("a selection carries every part, in order")
    func select() throws {
        let zoo = fullZoo()
        let part = zoo.select(rows: [4, 1])
        #expect(part.count == 2 && Array(part.row(0)) == Array(zoo.row(4)))
        #expect(part.buffers == Array(zoo.buffers![8..<10] + zoo.buffers![2..<4]))
        #expect(part.columns["seed"] == .unsigned([.max - 4, .max - 1]))
        #expect(part.trajectory?.steps == [0, 10, 0, 10])
        #expect(part.trajectory?.weights.count == 2 * 2 * 11)
        #expect(zoo.select(rows: []).count == 0)
    }

    @Test("networks without running statistics have none, also where an empty list was given; they are written so")
    func noBuffers() throws {
        let zoo = Zoo(header: ZooHeader(layout: testLayout()), weights: formulaRows(2, 11), buffers: [])
        #expect(zoo.buffers == nil)
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            expectSame(try ZooReader(path: "\(folder)/z.h5").readAll(), zoo)
        }
    }

    @Test("another data set changes nothing else", arguments: [false, true])
    func dataset(isKnown: Bool) {
        let full = fullZoo()
        let architecture = Architecture.mlp(MLP.Config(widths: [2, 3]))
        let known = Zoo(
            header: ZooHeader(architecture: architecture, tasks: "[]", createdWith: "x"), weights: formulaRows(2, 9))
        let zoo = isKnown ? known : full
        let other = zoo.with(dataset: ZooDataset(name: "other"))
        #expect(other.header.dataset == ZooDataset(name: "other") && other.header.tasks == zoo.header.tasks)
        #expect(other.header.architecture == zoo.header.architecture && other.layout == zoo.layout)
        #expect(other.header.createdWith == zoo.header.createdWith && other.columns.names == zoo.columns.names)
        #expect(other.weights == zoo.weights && other.buffers == zoo.buffers && other.trajectory == zoo.trajectory)
    }

    @Test("splits divide the networks")
    func splits() {
        let zoo = fullZoo(count: 7)
        let all = ZooSplit.allCases.flatMap { zoo.rows(in: $0) }
        #expect(all.sorted() == Array(0..<7) && zoo.rows(in: .train) == [0, 3, 6])
        #expect(ZooSplit.allCases.map(\.description) == ["train", "validation", "test"])
        #expect(ZooSplit.allCases.map(\.rawValue) == [0, 1, 2])
    }

    @Test("columns stand in the order of their names' bytes")
    func order() {
        var columns = ZooColumns(count: 1)
        for name in ["b", "é", "a_1", "B", "a"] { columns[name] = .integer([1]) }
        #expect(columns.names == ["B", "a", "a_1", "b", "é"])
        columns["b"] = nil
        #expect(columns.names.count == 4 && columns["b"] == nil)
    }

    @Test("missing values are NaN as numbers, text has none")
    func numbers() throws {
        #expect(ZooColumn.integer([3, -1]).numbers?[1].isNaN == true)
        #expect(ZooColumn.unsigned([3]).numbers == [3] && ZooColumn.text(["3"]).numbers == nil)
        #expect(ZooColumn.real([0.5]).kind == "real" && ZooColumn.text([""]).kind == "text")
        #expect(ZooColumn.text(["a", "b", "c"]).selecting([2, 2]) == .text(["c", "c"]))
    }

    @Test("columns of blocks join only where names and kinds agree")
    func joining() {
        var first = ZooColumns(count: 1)
        first["a"] = .integer([1])
        var second = ZooColumns(count: 2)
        second["a"] = .integer([2, 3])
        #expect(first.appending(second)?["a"] == .integer([1, 2, 3]))
        #expect(first.appending(second)?.count == 3)
        second["a"] = .real([2, 3])
        #expect(first.appending(second) == nil)
        #expect(first.appending(ZooColumns(count: 2)) == nil)
        for column: ZooColumn in [.real([1]), .unsigned([1]), .text(["a"])] {
            #expect(column.appending(column)?.count == 2)
        }
    }

    @Test("a temporary file appears only when committed and replaces what was there")
    func temporary() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/a.txt"
            func write(_ text: String, commit: Bool) throws {
                let file = WholeFile(for: path)
                #expect(file.temporaryPath.hasPrefix("\(folder)/.a.txt."))
                try text.write(toFile: file.temporaryPath, atomically: false, encoding: .utf8)
                if commit { try file.commit() }
            }
            try write("one", commit: false)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            try write("one", commit: true)
            try write("two", commit: true)
            try write("three", commit: false)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
            #expect(try bytes(path) == Data("two".utf8))
            #expect(dataError { try WholeFile(for: path).commit() }?.kind == .inputOutput)
            #expect(WholeFile(for: "z.h5").temporaryPath.hasPrefix(".z.h5."))
        }
    }
}
