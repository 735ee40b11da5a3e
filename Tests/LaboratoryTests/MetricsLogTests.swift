import Foundation
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Metrics log")
struct MetricsLogTests {
    @Test("One sorted object a line, in the file at once")
    func lines() throws {
        let scratch = try ScratchFolder()
        let log = try MetricsLog(scratch.file("metrics.jsonl"))
        try log.log(["step": 1, "loss": .number(0.5), "bad": .number(.nan)])
        #expect(try scratch.text("metrics.jsonl") == "{\"bad\":null,\"loss\":0.5,\"step\":1}\n")
        try log.log(["step": 2, "text": "two\nlines"])
        #expect(try scratch.text("metrics.jsonl").split(separator: "\n").count == 2)
    }

    @Test("A partial or broken last line is cut off when the log is opened again")
    func partial() throws {
        let scratch = try ScratchFolder()
        try scratch.put("m.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"st")
        try MetricsLog(scratch.file("m.jsonl")).log(["step": 2])
        #expect(try scratch.text("m.jsonl") == "{\"step\":1}\n{\"step\":2}\n{\"step\":2}\n")
        try scratch.put("m.jsonl", "{\"step\":1}")
        try MetricsLog(scratch.file("m.jsonl")).log(["step": 1])
        #expect(try scratch.text("m.jsonl") == "{\"step\":1}\n")
        #expect(scratch.names == ["m.jsonl"])
    }

    @Test("Lines of work that will be done again can be dropped")
    func dropping() throws {
        let scratch = try ScratchFolder()
        try scratch.put("m.jsonl", (1...5).map { "{\"step\":\($0)}\n" }.joined())
        _ = try MetricsLog(scratch.file("m.jsonl"), dropping: { ($0["step"]?.number ?? 0) > 3 })
        #expect(try scratch.text("m.jsonl") == "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n")
    }

    @Test("Many writers do not mix their lines")
    func concurrent() async throws {
        let scratch = try ScratchFolder()
        let log = try MetricsLog(scratch.file("m.jsonl"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for step in 0..<50 { try log.log(["writer": .integer(writer), "step": .integer(step)]) }
                }
            }
            try await group.waitForAll()
        }
        let lines = try scratch.text("m.jsonl").split(separator: "\n").map { try Tree(parsing: String($0)) }
        #expect(lines.count == 400)
        for writer in 0..<8 {
            let steps = lines.filter { $0["writer"]?.number == Double(writer) }.compactMap { $0["step"]?.number }
            #expect(steps == (0..<50).map(Double.init))
        }
    }
}
