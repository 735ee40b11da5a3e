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

    /// A limit of files, which would kill a process that does not look after it.
    @Test("A file that may not grow further is status 74, says so, and leaves nothing")
    func fileLimit() throws {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", #"ulimit -f 100; exec "$@" 2>"$ERR""#, "sh", try Command.built().path, "zoo", "random",
            "--architecture", #"{"kind":"mlp","widths":[784,64,10]}"#, "--count", "50", "--out",
            scratch.path("zoo.h5"), "--quiet",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["ERR": scratch.path("err")]) { $1 }
        try process.run()
        process.waitUntilExit()
        let errors = try scratch.text("err")
        #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(errors)")
        #expect(
            errors.contains("zoo.h5: ") && errors.contains("ulimit -f") && !errors.contains(".partial"), "\(errors)")
        #expect(scratch.names() == ["err"])
    }
}
