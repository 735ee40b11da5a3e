import Basics
import Evaluation
import Foundation
import ReportTestSupport
import Reports
import TestSupport
import Testing

@testable import Laboratory

@Suite("Runs beside each other")
struct CompareOperationTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// A finished run's folder as `weightspace run` leaves it, as far as comparing reads it.
    private func run(_ name: String, _ settings: Tree, accuracy: Double, finished: Bool = true) throws -> String {
        let environment = RunEnvironment(version: "1", kernelSet: "baseline", threads: 1)
        let folder = try RunFolder(at: scratch.file(name), config: settings, environment: environment)
        try folder.write("report.json", try ReportFixture.single(accuracy: accuracy).json())
        if finished { try folder.finish() }
        return scratch.file(name).path
    }

    @Test("what differs is listed with every run's value, what is alike is not; rows stand side by side")
    func beside() throws {
        let first = try run("a", ["seed": 1, "net": ["width": 64], "extra": 1], accuracy: 0.95)
        let second = try run("b", ["seed": 1, "net": ["width": 128]], accuracy: 0.91)
        let operation = try CompareOperation([first, second])
        #expect(operation.differences.map(\.key) == ["net.width", "extra"])
        #expect(operation.differences.map(\.values) == [[64, 128], [1, nil]])
        let text = operation.text()
        #expect(text.contains("A: \(first)\n") && text.contains("net.width") && !text.contains("seed "))
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("generated") })
        #expect(line.contains("95.0") && line.contains("91.0"))
        let tree = try operation.tree()
        #expect(tree["runs"]?.list?.count == 2 && tree["differences"]?.list?.count == 2)
    }

    @Test("where kinds differ, keys of one kind alone are left out; those that both have are not")
    func kinds() throws {
        let first = try run("k", ["net": ["kind": "a", "width": 1, "only": 2], "more": 1], accuracy: 0.9)
        let second = try run("l", ["net": ["kind": "b", "width": 3]], accuracy: 0.9)
        #expect(try CompareOperation([first, second]).differences.map(\.key) == ["net.kind", "net.width", "more"])
    }

    @Test("equal settings are said to be; a page draws every run as an arm")
    func same() throws {
        let folders = try ["x", "y"].map { try run($0, ["seed": 1], accuracy: 0.9) }
        let operation = try CompareOperation(folders)
        #expect(operation.text().contains("all settings are the same"))
        let page = operation.page()
        for folder in folders { #expect(page.contains(folder)) }
    }

    @Test("an experiment's folder stands for its finished runs, seeds in the order of numbers")
    func arms() throws {
        for seed in [10, 2] { _ = try run("e/arms/wide/seed-\(seed)", ["seed": .integer(seed)], accuracy: 0.9) }
        _ = try run("e/arms/wide/seed-3", ["seed": 3], accuracy: 0.9, finished: false)
        let operation = try CompareOperation([scratch.file("e").path + "/"])
        #expect(operation.runs.map { URL(fileURLWithPath: $0.name).lastPathComponent } == ["seed-2", "seed-10"])
    }

    @Test("one run alone, an unfinished one, a folder that is none: told")
    func refusals() throws {
        let whole = try run("whole", ["seed": 1], accuracy: 0.9)
        let half = try run("half", ["seed": 1], accuracy: 0.9, finished: false)
        func problem(_ folders: [String]) -> String {
            do { _ = try CompareOperation(folders) } catch { return "\(error)" }
            return ""
        }
        #expect(problem([whole]).contains("two runs or more") && problem([whole, whole]).contains("two runs or more"))
        #expect(!problem([whole, half]).isEmpty && problem([whole, "/nowhere/at/all"]).contains("no such folder"))
        try Data("{}".utf8).write(to: scratch.file("whole/report.json"))
        #expect(problem([whole, whole + "/."]).contains("report.json"))
    }
}
