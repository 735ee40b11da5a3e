import Foundation
import Testing

@testable import ModelZoo

/// Signals as a terminal sends them: to the whole process group, the child that walks HDF5 files included.
@Suite("Signals to the whole process group")
struct TerminalSignalTests {
    /// Runs the command in a session of its own and signals its group after some seconds, as Ctrl-C does.
    private func signal(
        _ words: [String], _ name: String, after seconds: Double, _ scratch: Scratch
    ) throws -> Command.Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let script = #"setsid "$@" >"$OUT" 2>"$ERR" & p=$!; sleep "$SECONDS_"; kill -"$NAME" -- -$p; wait $p; exit $?"#
        process.arguments = ["-c", script, "sh", try Command.built().path] + words
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("WEIGHTSPACE_") }
        environment.merge([
            "OUT": scratch.path("out"), "ERR": scratch.path("err"), "SECONDS_": "\(seconds)", "NAME": name,
        ]) { $1 }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Command.Outcome(
            status: process.terminationStatus, output: try scratch.text("out"), errors: try scratch.text("err"))
    }

    /// Keras files of a network 4-4-4, each of which is walked by a child of its own.
    private func kerasFiles(_ count: Int, _ scratch: Scratch) throws {
        try FileManager.default.createDirectory(at: scratch.file("k"), withIntermediateDirectories: true)
        let first = scratch.path("k/seed0.weights.h5")
        let file = try HDF5File.create(first)
        for group in ["/layers", "/layers/dense", "/layers/dense/vars", "/layers/dense_1", "/layers/dense_1/vars"] {
            try file.createGroup(group)
        }
        for layer in ["dense", "dense_1"] {
            try file.write((0..<16).map(Float.init), shape: [4, 4], as: "/layers/\(layer)/vars/0")
            try file.write([1, 2, 3, 4] as [Float], shape: [4], as: "/layers/\(layer)/vars/1")
        }
        try file.close()
        for seed in 1..<count {
            try FileManager.default.copyItem(atPath: first, toPath: scratch.path("k/seed\(seed).weights.h5"))
        }
    }

    @Test("While HDF5 files are read, Ctrl-C is an interruption and blames no file", arguments: ["INT", "TERM", "HUP"])
    func reading(_ name: String) throws {
        let scratch = try Scratch()
        try kerasFiles(400, scratch)
        let words = [
            "zoo", "import", scratch.path("k"), "--architecture", #"{"kind":"mlp","widths":[4,4,4]}"#, "--pattern",
            "seed{seed}.weights.h5", "--out", scratch.path("zoo.h5"), "--quiet",
        ]
        for seconds in [0.25, 0.4, 0.55] {
            let outcome = try signal(words, name, after: seconds, scratch)
            #expect(outcome.status == 75 && outcome.errors.contains("interrupted"), "\(outcome)")
            #expect(!outcome.errors.contains("damaged") && !outcome.errors.contains("WALKER"), "\(outcome)")
            #expect(!scratch.exists("zoo.h5") && scratch.names().allSatisfy { !$0.hasSuffix(".partial") })
        }
    }

    @Test("The same in align, which reads one file", arguments: ["INT", "HUP"])
    func aligning(_ name: String) throws {
        let scratch = try Scratch()
        let make = [
            "zoo", "random", "--architecture", #"{"kind":"mlp","widths":[784,64,10]}"#, "--count", "300", "--out",
            scratch.path("zoo.h5"), "--quiet",
        ]
        #expect(try Command.run(make).status == 0)
        for seconds in [0.1, 0.25, 0.5] {
            let words = ["align", scratch.path("zoo.h5"), "--out", scratch.path("a.h5"), "--quiet"]
            let outcome = try signal(words, name, after: seconds, scratch)
            #expect(outcome.status == 75 && outcome.errors.contains("interrupted"), "\(outcome)")
            #expect(!outcome.errors.contains("damaged"), "\(outcome)")
        }
    }

    /// Runs a command whose files may not grow beyond 50 kB, a limit that would kill a process that does not look after it.
    private func limited(_ words: [String], _ scratch: Scratch) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", #"ulimit -f 100; exec "$@" 2>"$ERR" >/dev/null"#, "sh", try Command.built().path] + words
        process.environment = ProcessInfo.processInfo.environment.merging(["ERR": scratch.path("err")]) { $1 }
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return (process.terminationStatus, try scratch.text("err"))
    }

    @Test("A file that may not grow further is status 74, says so, and leaves nothing")
    func fileLimit() throws {
        let scratch = try Scratch()
        let ended = try limited(
            [
                "zoo", "random", "--architecture", #"{"kind":"mlp","widths":[784,64,10]}"#, "--count", "50", "--out",
                scratch.path("zoo.h5"), "--quiet",
            ], scratch)
        #expect(ended.status == 74, "\(ended)")
        #expect(
            ended.errors.contains("zoo.h5: ") && ended.errors.contains("ulimit -f")
                && !ended.errors.contains(".partial"), "\(ended)")
        #expect(scratch.names() == ["err"])
    }

    @Test(
        "Where there is no room for the zoo of an experiment, with arms or without, nothing is left",
        arguments: ["", "arms: {a: {}, b: {}}"])
    func zooLimit(_ arms: String) throws {
        let scratch = try Scratch()
        let recipe = """
            zoo:
              kind: train
              dataset: {name: digits}
              architecture: {kind: mlp, widths: [64, 16, 10]}
              training: {epochs: 1}
              networks: {train: 20, validation: 2, test: 4}
            training: {steps: 2}
            \(arms)
            """
        try Data(recipe.utf8).write(to: URL(fileURLWithPath: scratch.path("small.yaml")))
        let ended = try limited(["run", scratch.path("small.yaml"), "--out", scratch.path("out"), "--quiet"], scratch)
        #expect(ended.status == 74 && ended.errors.contains("ulimit -f"), "\(ended)")
        #expect(scratch.names() == ["err", "small.yaml"])
    }
}
