import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Tables beside a matrix of networks")
struct RowTablesTests {
    private func with<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        try withFolder { (folder: String) throws in
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/t.csv"))
            return try body("\(folder)/t.csv")
        }
    }

    private let header = "varname,start_idx,end_idx,shape\n"

    @Test("a layout: TensorFlow's variables become tensors of ours, from their own columns")
    func layout() throws {
        let text = header + "conv/kernel:0,0,4,\"(1, 1, 2, 2)\"\nconv/bias:0,4,6,\"(2,)\"\nd/kernel:0,6,12,\"[2, 3]\"\n"
        let tensors = try with(text) { try RowLayout(path: $0, width: 12).tensors((0..<12).map { Float($0) }) }
        #expect(tensors.map(\.name) == ["conv.weight", "conv.bias", "d.weight"])
        #expect(tensors.map(\.shape) == [[2, 2, 1, 1], [2], [3, 2]])
        #expect(tensors[0].values.floats() == [0, 2, 1, 3] && tensors[1].values.floats() == [4, 5])
        #expect(tensors[2].values.floats() == [6, 9, 7, 10, 8, 11])
    }

    @Test(
        "layouts with gaps, overlaps, wrong extents, or another width are refused with their row",
        arguments: [
            ("w,1,3,\"(2,)\"\n", "from 1 to 3"), ("w,0,2,\"(3,)\"\n", "(3,)"), ("w,0,2,2\n", "w 2"),
            ("w,0,2,\"(2,)\"\nv,1,3,\"(2,)\"\n", "from 1 to 3"), ("w,0,9,\"(9,)\"\n", "from 0 to 9"),
            ("w,0,2,\"(2,)\"\n", "2"), ("w,0,x,\"(2,)\"\n", "from 0 to x"), ("w,0,2,\"(-1, -2)\"\n", "(-1, -2)"),
            ("c/kernel:0,0,0,\"(0, 4611686018427387904, 4611686018427387904, 2)\"\n", "kernel:0 (0, 4611"),
            ("", "0"), ("w,0,2,\"(2,)\",5\n", "5"),
        ])
    func wrongLayouts(_ rows: String, _ says: String) throws {
        let error = try with(header + rows) { path in dataError { _ = try RowLayout(path: path, width: 3) } }
        #expect(error?.kind == .malformed && error?.found.contains(says) == true, "\(error.map { "\($0)" } ?? "none")")
    }

    @Test("a table of something else names the columns that it has")
    func otherColumns() throws {
        let error = try with("a,b\n1,2\n") { path in dataError { _ = try RowLayout(path: path, width: 3) } }
        #expect(error?.kind == .malformed && error?.found == "a, b")
    }

    @Test("metrics: facts by row, without pandas' index; a run's checkpoints together, in the order of steps")
    func metrics() throws {
        let text = """
            ,modeldir,step,test_accuracy,Unnamed: 4
            0,b,20,0.5,x
            1,a,7,0.25,x
            2,b,3,0.75,x
            3,a,,1,x
            4,c,1,,x

            """
        let metrics = try with(text) { try RowMetrics(path: $0, count: 5) }
        #expect(metrics.order == [2, 0, 3, 1, 4] && metrics.longestRun == 2)
        #expect((0..<5).map { metrics.run($0) } == ["b", "a", "b", "a", "c"])
        #expect((0..<5).map { metrics.step($0) } == [20, 7, 3, nil, 1])
        #expect(metrics.facts(1)["test_accuracy"] == .real(0.25) && metrics.facts(4)["test_accuracy"] == nil)
        #expect(Set(metrics.facts(0).keys) == ["modeldir", "step", "test_accuracy"])
    }

    @Test("runs are told by text, whatever it looks like; a row without one is a run of its own")
    func runNames() throws {
        let numbers = "modeldir,step,code\n1,0,7\n1,10,ab\n2,0,1e3\n2,10,0012\n"
        let metrics = try with(numbers) { try RowMetrics(path: $0, count: 4) }
        #expect(metrics.longestRun == 2 && (0..<4).map { metrics.run($0) } == ["1", "1", "2", "2"])
        #expect((0..<4).map { metrics.facts($0)["modeldir"] } == ["1", "1", "2", "2"].map { .text($0) })
        #expect((0..<4).map { metrics.facts($0)["code"] } == ["7", "ab", "1e3", "0012"].map { .text($0) })
        let gaps = "modeldir,step\na,0\n,10\n,20\na,10\nnan,30\n0012,1\n12,2\n"
        let some = try with(gaps) { try RowMetrics(path: $0, count: 7) }
        #expect((0..<7).map { some.run($0) } == ["a", nil, nil, "a", nil, "0012", "12"])
        #expect(some.order == [0, 3, 1, 2, 4, 5, 6] && some.longestRun == 2)
    }

    @Test("without runs and steps every row is a network of its own, in the file's order")
    func noRuns() throws {
        let metrics = try with("step,lr\n2,0.1\n1,0.2\n") { try RowMetrics(path: $0, count: 2) }
        #expect(metrics.order == [0, 1] && metrics.longestRun == 1 && metrics.run(0) == nil)
    }

    @Test(
        "a table of another length, with ragged rows, or without a header is refused",
        arguments: [
            ("lr\n0.1\n", "1"), ("lr,x\n0.1\n0.2\n", "1"), ("", "an empty file"),
        ])
    func wrongMetrics(_ text: String, _ says: String) throws {
        let error = try with(text) { path in dataError { _ = try RowMetrics(path: path, count: 2) } }
        #expect(error?.kind == .malformed && error?.found.contains(says) == true, "\(error.map { "\($0)" } ?? "none")")
    }
}
