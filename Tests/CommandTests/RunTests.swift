import Foundation
import Testing

@Suite("Running an experiment")
struct RunTests {
    /// Keys of a run that takes a second, long enough to be interrupted.
    private static let long = ["training.steps=10000", "generator.hidden=64"]

    @Test("A run writes everything that the design names, and the same bytes with one thread and with two")
    func threads() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let one = try Command.run(TinyZoo.run(scratch, out: "one", ["--threads", "1", "--json"]))
        let two = try Command.run(TinyZoo.run(scratch, out: "two", ["--threads", "2"]))
        #expect([0, 3].contains(one.status) && one.status == two.status && one.errors.isEmpty, "\(one)")
        #expect(
            scratch.names("one").filter { !$0.hasPrefix(".") } == [
                "aligned.h5", "alignment.json", "config.resolved.yaml", "coordinates", "ensemble-codes.h5",
                "ensemble.h5",
                "environment.json", "evaluation.json", "generator", "metrics.jsonl", "report.html", "report.json",
                "sampling.json",
                "stages.json", "summary.json", "timing.json", "zoo.h5",
            ])
        #expect(scratch.names("one/coordinates") == ["codes.h5", "coordinates.json", "tensors.h5"])
        #expect(scratch.names("one/generator") == ["generator.json", "net.h5"])
        let files = [
            "zoo.h5", "aligned.h5", "ensemble.h5", "ensemble-codes.h5", "evaluation.json", "metrics.jsonl",
            "generator/net.h5", "coordinates/codes.h5", "coordinates/tensors.h5",
        ]
        for name in files {
            #expect(try scratch.bytes("one/\(name)") == scratch.bytes("two/\(name)"), "\(name)")
        }
        let summary = try #require(one.json)
        #expect(summary["format"] as? String == "weightspace-summary" && summary["timing"] != nil)
        let rows = try #require(summary["rows"] as? [[String: Any]])
        #expect(
            rows.compactMap { $0["what"] as? String } == [
                "zoo", "fresh", "generated", "noise-0.01", "average-2", "repaired-average-2", "gaussian-diagonal",
                "gaussian-full", "initialization", "nearest-zoo", "retrieval-noise-0.1",
            ])
        #expect(rows.first { $0["what"] as? String == "generated" }?["n"] as? Int == 6)
        #expect(two.output.contains("generated") && two.output.contains("two/report.html"))
    }

    @Test("A run keeps its own copy of the zoo: the file may change afterwards")
    func copies() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        let inode = { try FileManager.default.attributesOfItem(atPath: scratch.path($0))[.systemFileNumber] as? Int }
        #expect(try scratch.bytes("run/zoo.h5") == scratch.bytes("tiny.h5") && inode("run/zoo.h5") != inode("tiny.h5"))
    }

    @Test("A finished run and a folder of something else are refused and left alone")
    func refused() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        let before = try scratch.bytes("run/stages.json")
        let again = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect(again.status == 64 && again.errors.contains("this run is finished"), "\(again)")
        #expect(try scratch.bytes("run/stages.json") == before)
        try FileManager.default.createDirectory(at: scratch.file("thesis"), withIntermediateDirectories: true)
        try scratch.put("thesis/thesis.tex", "x")
        let foreign = try Command.run(TinyZoo.run(scratch, out: "thesis"))
        #expect(foreign.status == 64 && scratch.names("thesis") == ["thesis.tex"], "\(foreign)")
        let below = try Command.run(TinyZoo.run(scratch, out: "thesis/thesis.tex/run"))
        #expect(below.status == 74 && below.errors.contains("is a file, not a folder"), "\(below)")
    }

    @Test("An interrupted run is locked while it works, resumes, and ends in the bytes of one that was let alone")
    func resumes() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let long = TinyZoo.settings(Self.long)
        #expect([0, 3].contains(try Command.run(TinyZoo.run(scratch, out: "whole", long)).status))
        for (out, signal) in [("int", SIGINT), ("hup", SIGHUP), ("kill", SIGKILL)] {
            let words = TinyZoo.run(scratch, out: out, long)
            try interrupt(words, scratch, out: out, with: signal)
            let unasked = try Command.run(words)
            #expect(unasked.status == 64 && unasked.errors.contains("--resume"), "\(unasked)")
            let other = try Command.run(words + ["--resume", "--set", "training.batch=3"])
            #expect(other.status == 64 && other.errors.contains("training.batch"), "\(other)")
            #expect([0, 3].contains(try Command.run(words + ["--resume"]).status))
            for name in ["ensemble.h5", "evaluation.json", "metrics.jsonl"] {
                #expect(try scratch.bytes("\(out)/\(name)") == scratch.bytes("whole/\(name)"), "\(out): \(name)")
            }
            #expect(scratch.names(out).allSatisfy { !$0.hasSuffix(".partial") && $0 != "checkpoint.record" })
        }
    }

    /// Starts a run, sees that a second one is refused while it trains, and stops it.
    private func interrupt(_ words: [String], _ scratch: Scratch, out: String, with signal: Int32) throws {
        let running = try Command.start(words)
        try #require(running.waits(for: scratch.file("\(out)/metrics.jsonl")))
        let second = try Command.run(words)
        running.send(signal)
        let stopped = try running.outcome()
        #expect(second.status == 75 && second.errors.contains("\(running.process.processIdentifier)"), "\(second)")
        #expect(stopped.status == (signal == SIGKILL ? 128 + SIGKILL : 75), "\(stopped)")
        if signal != SIGKILL {
            #expect(stopped.errors.contains("--resume") && scratch.exists("\(out)/checkpoint.record"), "\(stopped)")
        }
        #expect(!scratch.exists("\(out)/ensemble.h5"))
    }

    @Test("Training that diverges ends with status 3, a report, and advice")
    func diverges() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let words = TinyZoo.run(scratch, out: "run", ["--set", "training.rate=1e30"])
        let outcome = try Command.run(words.filter { $0 != "--quiet" })
        #expect(outcome.status == 3 && outcome.errors.contains("diverged at step"), "\(outcome)")
        #expect(outcome.output.contains("DIVERGED") && outcome.output.contains("lower training.rate"), "\(outcome)")
        #expect(try scratch.text("run/report.html").contains("diverged"))
    }

    @Test("A reader that goes away ends the command quietly")
    func closedPipe() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try Command.start(["data", "list"], output: pipe.fileHandleForWriting).outcome()
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }
}
