import Foundation
import Testing

/// Nothing that is there is replaced unless that is asked for, and a link stays one.
@Suite("Files that are there already")
struct OverwriteTests {
    /// Every command that writes one file, after the name of the file to write.
    private func writers(_ scratch: Scratch) -> [[String]] {
        let zoo = scratch.path("tiny.h5")
        return [
            ["zoo", "random", "--architecture", #"{"kind":"mlp","widths":[4,3,2]}"#, "--count", "2", "--out"],
            ["zoo", "split", zoo, "--out"], ["align", zoo, "--out"],
            ["zoo", "export", zoo, "--format", "npz", "--out"], ["zoo", "export", zoo, "--format", "zoo", "--out"],
            [
                "zoo", "import", scratch.path("flat.h5"), "--architecture", #"{"kind":"mlp","widths":[64,8,10]}"#,
                "--out",
            ],
            ["report", zoo, "--out"],
            ["zoo", "verify", zoo, "--drop-bad", "--out"],
        ]
    }

    @Test("A text file, and a zoo, are left alone by every command without --force, and replaced with it")
    func files() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let flat = [
            "zoo", "export", scratch.path("tiny.h5"), "--format", "flat-hdf5", "--out", scratch.path("flat.h5"),
        ]
        #expect(try Command.run(flat).status == 0)
        for words in writers(scratch) {
            try scratch.put("notes.txt", "mine")
            let refused = try Command.run(words + [scratch.path("notes.txt"), "--quiet"])
            #expect(
                refused.status == 64 && refused.errors.contains("notes.txt: is there already"), "\(words) \(refused)")
            #expect(try refused.errors.contains("--force") && scratch.text("notes.txt") == "mine", "\(words)")
            let forced = try Command.run(words + [scratch.path("notes.txt"), "--quiet", "--force"])
            #expect(try forced.status == 0 && scratch.bytes("notes.txt") != Data("mine".utf8), "\(words) \(forced)")
        }
        #expect(scratch.names() == ["flat.h5", "notes.txt", "tiny.h5", "tiny.yaml"])
    }

    @Test("A link is written through with --force, also one that leads nowhere yet, and stays a link")
    func links() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        try FileManager.default.createDirectory(at: scratch.file("far"), withIntermediateDirectories: true)
        try scratch.put("far/target", "mine")
        let link = scratch.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "far/target")
        let words = ["zoo", "split", scratch.path("tiny.h5"), "--quiet", "--out", link]
        let refused = try Command.run(words)
        #expect(try refused.status == 64 && scratch.text("far/target") == "mine", "\(refused)")
        for _ in 0..<2 {
            let forced = try Command.run(words + ["--force"])
            #expect(forced.status == 0, "\(forced)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "far/target")
            #expect(try Command.run(["zoo", "inspect", scratch.path("far/target")]).status == 0)
            try FileManager.default.removeItem(at: scratch.file("far/target"))
        }
    }

    @Test(
        "Devices and folders take no zoo",
        arguments: ["/dev/null", "/dev/stdout", "/dev/full", "/proc/self/fd/1", "/tmp"])
    func devices(_ place: String) throws {
        let words = ["zoo", "random", "--architecture", #"{"kind":"mlp","widths":[4,3,2]}"#, "--count", "2"]
        for force in [[], ["--force"]] {
            let outcome = try Command.run(words + ["--out", place] + force)
            #expect(outcome.status == 74 && outcome.errors.contains("is a "), "\(outcome)")
            #expect(FileManager.default.fileExists(atPath: place))
        }
    }

    @Test("A finished run that is resumed says that it is finished and where its report is, and ends with 0")
    func finished() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let first = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect([0, 3].contains(first.status), "\(first)")
        let before = try scratch.bytes("run/summary.json")
        let again = try Command.run(TinyZoo.run(scratch, out: "run", ["--resume"]))
        #expect(again.status == 0 && again.output.contains("finished before"), "\(again)")
        #expect(try again.output.contains("run/report.html") && scratch.bytes("run/summary.json") == before)
        let other = try Command.run(TinyZoo.run(scratch, out: "run", ["--resume", "--set", "training.batch=3"]))
        #expect(other.status == 64 && other.errors.contains("training.batch"), "\(other)")
        let unasked = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect(unasked.status == 64 && unasked.errors.contains("this run is finished"), "\(unasked)")
        #expect(unasked.errors.contains("run/report.html"), "\(unasked)")
    }

    @Test("A run's report may be drawn again; another file of its name beside a zoo may not")
    func reports() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect(try Command.run(["report", scratch.path("run")]).status == 0)
        try scratch.put("tiny.html", "mine")
        let refused = try Command.run(["report", scratch.path("tiny.h5")])
        #expect(try refused.status == 64 && scratch.text("tiny.html") == "mine", "\(refused)")
        let zoo = try scratch.bytes("tiny.h5")
        let over = try Command.run(["report", scratch.path("run"), "--out", scratch.path("tiny.h5")])
        #expect(try over.status == 64 && scratch.bytes("tiny.h5") == zoo, "\(over)")
    }
}
