import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

/// Rows of a table that lack a class must not move the outputs above it.
@Suite("Classes of data and outputs of networks")
struct LoadedClassesTests {
    private static let catalog = TrainingSamples.catalog

    /// Labels of a table with these classes as it is recorded for networks of so many outputs, and read again.
    private func labels(
        _ classes: [String], outputs: Int?, _ more: String = "", named: [String]? = nil
    ) throws -> (recorded: ZooDataset, labels: [Int32]) {
        try DatasetFolder.with { folder in
            let path = try folder.write(classes.map { "1,2,\($0)\n" }.joined(), to: "t.csv")
            let json =
                "{\"name\":\"\(path)\"\(more),\"split\":{\"test\":[\(classes.indices.map(String.init).joined(separator: ","))]}}"
            let recorded = try DatasetDescription(json: .init(json.utf8), place: "--dataset")
                .recorded(in: Self.catalog, outputs: outputs)
            return (recorded, try Self.catalog.load(recorded, outputs: outputs).test.labels)
        }
    }

    @Test(
        "Whole numbers that are outputs are these outputs, whichever class the rows lack",
        arguments: [
            (["0", "1", "2", "4"], 5, [0, 1, 2, 4]), (["3", "5", "7"], 10, [3, 5, 7]), (["8", "1"], 10, [8, 1]),
            (["1.0", "4.0"], 5, [1, 4]), (["1", "2", "3"], 4, [1, 2, 3]),
            (["1", "2", "3"], 3, [0, 1, 2]), (["3", "5", "7"], 3, [0, 1, 2]), (["b", "a"], 2, [1, 0]),
            (["0", "1"], 10, [0, 1]),
        ] as [([String], Int, [Int32])])
    func numbers(_ classes: [String], _ outputs: Int, _ expected: [Int32]) throws {
        #expect(try labels(classes, outputs: outputs).labels == expected)
    }

    @Test("Classes that are given are the outputs, words or numbers")
    func given() throws {
        let digits = try labels(["8", "1"], outputs: 10, ",\"classes\":[0,1,2,3,4,5,6,7,8,9]")
        #expect(digits.labels == [8, 1] && digits.recorded.classes?.count == 10)
        #expect(try labels(["a", "c"], outputs: 3, ",\"classes\":[\"a\",\"b\",\"c\"]").labels == [0, 2])
        #expect(try labels(["9", "7"], outputs: 3, ",\"classes\":[7,8,9]").labels == [2, 0])
        #expect(try labels(["0", "1"], outputs: nil, ",\"classes\":[1,0]").labels == [1, 0])
    }

    @Test(
        "Fewer words than outputs, or numbers that are none, leave open which is which",
        arguments: [["a", "c"], ["1", "2", "12"], ["-1", "1"]])
    func few(_ classes: [String]) {
        let error = dataError { _ = try labels(classes, outputs: 5) }
        #expect(
            error?.kind == .configuration && error?.hint.contains("\"classes\"") == true, "\(String(describing: error))"
        )
        #expect(error?.description.contains("5 outputs") == true && error?.description.contains(classes[0]) == true)
    }

    @Test("A zoo file of somebody's own that names no classes: numbers are outputs, words are doubtful")
    func handWritten() throws {
        try DatasetFolder.with { folder in
            func judged(_ classes: [String]) throws -> (labels: [Int32], doubt: String?) {
                let path = try folder.write(classes.map { "1,2,\($0)\n" }.joined(), to: "t.csv")
                let recorded = ZooDataset(name: path, split: .indices(train: [], validation: [], test: [0, 1]))
                let found = try JudgedDataset(recorded: recorded, outputs: 5, catalog: Self.catalog)
                return (try Self.catalog.load(recorded, outputs: 5).test.labels, found.doubt)
            }
            let numbers = try judged(["4", "1"])
            #expect(numbers.labels == [4, 1] && numbers.doubt == nil)
            let words = try judged(["b", "a"])
            #expect(words.labels == [1, 0] && words.doubt?.contains("5 outputs") == true)
        }
    }
}
