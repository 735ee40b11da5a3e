import Foundation
import Testing

@Suite("Writers that are killed")
struct KilledWriterTests {
    /// Temporary names in a folder, and in the folders below it.
    private func partial(_ scratch: Scratch, _ folder: String = "") -> [String] {
        let found = FileManager.default.enumerator(atPath: scratch.path(folder))?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix(".partial") || $0.hasSuffix(".part") }
    }

    /// Waits until a temporary file is there, or the command ends.
    private func waits(_ running: Command.Running, _ scratch: Scratch, _ folder: String = "") -> Bool {
        while running.process.isRunning {
            if !partial(scratch, folder).isEmpty { return true }
            usleep(200)
        }
        return false
    }

    @Test("The next write of the same name removes what a killed one left")
    func sameName() throws {
        let scratch = try Scratch()
        let recipe = #"{"kind":"mlp","widths":[784,64,10]}"#
        func words(_ count: Int, _ name: String) -> [String] {
            ["zoo", "random", "--architecture", recipe, "--count", "\(count)", "--out", scratch.path(name), "--quiet"]
        }
        let running = try Command.start(words(20_000, "zoo.h5"))
        try #require(waits(running, scratch))
        running.send(SIGKILL)
        #expect(try running.outcome().status == 128 + SIGKILL)
        #expect(partial(scratch).count == 1 && !scratch.exists("zoo.h5"))
        #expect(try Command.run(words(2, "other.h5")).status == 0)
        #expect(partial(scratch).count == 1, "another name's stays")
        #expect(try Command.run(words(2, "zoo.h5")).status == 0)
        #expect(scratch.names() == ["other.h5", "zoo.h5"])
    }

    @Test("A second signal ends at once, and leaves nothing half written", arguments: [SIGINT, SIGHUP])
    func twice(_ signal: Int32) throws {
        let scratch = try Scratch()
        let running = try Command.start([
            "zoo", "random", "--architecture", #"{"kind":"mlp","widths":[784,64,10]}"#, "--count", "20000", "--out",
            scratch.path("zoo.h5"), "--quiet",
        ])
        try #require(waits(running, scratch))
        for _ in 0..<3 { running.send(signal) }
        #expect(try running.outcome().status == 75)
        #expect(scratch.names() == [])
    }

    @Test("A run that is killed while it writes a zoo leaves nothing after --resume", arguments: ["zoo", "aligned"])
    func run(_ name: String) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { zoo in
            let rows = Array(repeating: Array(0..<zoo.count), count: 60).flatMap { $0 }
            return zoo.select(rows: rows)
        }
        let words = TinyZoo.run(scratch, out: "run")
        let running = try Command.start(words)
        while running.process.isRunning, !partial(scratch, "run").contains(where: { $0.contains(".\(name).h5.") }) {
            usleep(100)
        }
        running.send(SIGKILL)
        _ = try running.outcome()
        let resumed = try Command.run(words + ["--resume"])
        #expect([0, 3, 64].contains(resumed.status), "\(resumed)")
        #expect(partial(scratch, "run").isEmpty, "\(partial(scratch, "run"))")
        #expect(scratch.exists("run/summary.json"))
    }
}
