import Basics
import Testing

@testable import ShiftDetection

@Suite("Classes of predicted probabilities")
struct ModelClassesTests {
    private func names(_ columns: [String], _ declared: [String] = [], _ labels: [String]) throws -> [String] {
        try ModelClasses(columns: columns, declared: declared, labels: labels).names
    }

    @Test("A column's name says its class; labels that are numbers stand in numerical order")
    func order() throws {
        #expect(try names(["proba_1", "proba_0"], [], ["0", "1.0"]) == ["1", "0"])
        #expect(try names(["p_yes", "p_no"], [], ["no", "yes"]) == ["yes", "no"])
        #expect(try names(["a", "b", "c"], [], ["10", "9", "2"]) == ["2", "9", "10"])
        #expect(try names(["class_10", "class_11"], [], ["10", "11"]) == ["10", "11"])
        #expect(try names(["risk"], [], ["1", "2"]) == ["1", "2"])
        #expect(try names(["x", "y"], [], []) == ["x", "y"])
        #expect(try names(["p1", "p2"], ["bad", "good"], ["good", "bad"]) == ["bad", "good"])
    }

    @Test("Words are never put in alphabetical order, and labels of other classes are refused")
    func refused() {
        for (columns, declared, labels) in [
            (["p1", "p2"], [], ["no", "yes"]), (["risk"], [], ["no", "yes"]), (["p_0", "p_1"], [], ["0", "1", "2"]),
            (["p_0", "p_1"], ["0"], ["0"]), (["p_0", "p_1"], ["a", "b"], ["0"]),
        ] as [([String], [String], [String])] {
            #expect(throws: DataError.self, "\(columns) \(labels)") { try names(columns, declared, labels) }
        }
    }

    @Test("Probabilities: one column of the second class, or one a class; they sum to 1 up to how they were rounded")
    func probabilities() throws {
        func read(_ text: String, _ columns: [String]) throws -> [Double] {
            let classes = try ModelClasses(columns: columns, declared: [], labels: [])
            let table = try Table(
                bytes: Array(text.utf8), path: "q.csv",
                options: .init(kinds: Dictionary(uniqueKeysWithValues: columns.map { ($0, .number) })))
            return try classes.probabilities(table, path: "q.csv").doubles
        }
        #expect(try read("p\n0.25\n1\n", ["p"]) == [0.75, 0.25, 0, 1])
        let rounded = try read("a,b\n0.33,0.66\n", ["a", "b"])
        #expect(abs(rounded[0] + rounded[1] - 1) < 1e-6)
        for (text, says) in [
            ("a,b\n0.5,0.5\n0.9,0.3\n", "row 2"), ("a,b\n1.5,-0.5\n", "from 0 to 1"), ("a,b\n,1\n", "a missing value"),
            ("a,c\n0.5,0.5\n", "no column 'b'"),
        ] {
            do {
                _ = try read(text, ["a", "b"])
                Issue.record("\(text) was taken")
            } catch { #expect("\(error)".contains(says), "\(error)") }
        }
    }
}
