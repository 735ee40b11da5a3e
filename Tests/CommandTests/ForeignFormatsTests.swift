import Foundation
import ModelZoo
import Testing

@Suite("zoo import and zoo export")
struct ForeignFormatsTests {
    private let fixtures = Command.checkout.appendingPathComponent("Tests/Fixtures/formats")
    private let architecture = #"{"kind":"mlp","widths":[4,3,2]}"#

    private func fixture(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

    @Test("a flat population, its architecture on the line or in a file; and back")
    func flat() throws {
        let scratch = try Scratch()
        let (zoo, flat) = (scratch.path("zoo.h5"), scratch.path("flat.h5"))
        let source = fixture("flat-filters.h5")
        let words = ["zoo", "import", source, "--architecture", architecture, "--out", zoo, "--quiet"]
        let outcome = try Command.run(words)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("5 networks of 23 parameters, from flat-hdf5"))
        #expect(outcome.output.contains("note: one vector of 23 numbers"))
        let first = try scratch.bytes("zoo.h5")
        try scratch.put("net.yaml", "kind: mlp\nwidths: [4, 3, 2]\n")
        let again = try Command.run([
            "zoo", "import", source, "--architecture", scratch.path("net.yaml"), "--out", zoo, "--json", "--quiet",
            "--force",
        ])
        #expect(again.status == 0 && again.json?["networks"] as? Int == 5, "\(again)")
        #expect(try scratch.bytes("zoo.h5") == first)
        let written = try Command.run(["zoo", "export", zoo, "--format", "flat-hdf5", "--out", flat, "--rows", "4,0-1"])
        #expect(written.status == 0 && written.output.contains("3 networks"), "\(written)")
        let back = ["zoo", "import", flat, "--architecture", architecture, "--out", scratch.path("b.h5")]
        #expect(try Command.run(back).status == 0)
        let weights = try ZooReader(path: zoo).read(rows: [4, 0, 1]).weights
        #expect(try ZooReader(path: scratch.path("b.h5")).readAll().weights == weights)
    }

    @Test("runs of checkpoints, by pattern and by Ray Tune's folders")
    func runs() throws {
        let scratch = try Scratch()
        let pattern = ["--pattern", "seed{seed}_epoch{epoch}.safetensors"]
        let outcome = try Command.run(["zoo", "import", fixture("runs"), "--out", scratch.path("a.h5")] + pattern)
        #expect(outcome.output.contains("2 networks of 23 parameters, from folder"), "\(outcome)")
        #expect(try ZooReader(path: scratch.path("a.h5")).trajectory(network: 1)?.steps == [1, 2, -1])
        let ray = try Command.run([
            "zoo", "import", fixture("ray"), "--out", scratch.path("b.h5"), "--checkpoints", "each", "--architecture",
            architecture,
        ])
        #expect(ray.status == 0 && ray.output.contains("5 networks of 23 parameters, from ray-tune"), "\(ray)")
        let nets = scratch.path("nets")
        let split = ["zoo", "export", scratch.path("b.h5"), "--format", "safetensors", "--out", nets]
        #expect(try Command.run(split).output.contains("5 networks in 5 files"))
        let refused = try Command.run(split)
        #expect(refused.status == 74 && refused.errors.contains("a folder that holds 5 files"), "\(refused)")
    }

    @Test(
        "what is wrong is said, with its status",
        arguments: [
            (["flat-plain.h5"], 65, "--architecture"), (["none.h5"], 66, "none.h5"),
            (["runs/notes.txt"], 65, "14 bytes of another kind"), (["flat-two.h5"], 65, "--array"),
            (["flat-plain.h5", "--format", "keras"], 65, "Keras layers"),
            (["flat-plain.h5", "--architecture", "{\"kind\":\"mpl\"}"], 64, "--architecture"),
            (["flat-plain.h5", "--architecture", "{\"kind\":\"mlp\",\"widths\":[4,4]}"], 65, "tensor /dataset [23]"),
            (["flat-plain.h5", "--architecture", "no-such-file"], 66, "no-such-file"),
            (["runs", "--pattern", "{seed"], 64, "--pattern"), (["runs", "--pattern", "x{seed}"], 65, "x{seed}"),
            (["types.safetensors", "--array", "x"], 64, "--array"),
            (["runs/seed0_epoch0.safetensors", "--order", "weights-first"], 64, "--order"),
            (["runs", "--format", "nothing"], 64, "format"), (["runs", "--compression", "12"], 64, "1 to 9"),
        ])
    func refused(words: [String], status: Int32, says: String) throws {
        let scratch = try Scratch()
        let outcome = try Command.run(
            ["zoo", "import", fixture(words[0])] + words.dropFirst() + ["--out", scratch.path("z.h5"), "--quiet"])
        #expect(outcome.status == status && outcome.errors.contains(says) && outcome.output.isEmpty, "\(outcome)")
        #expect(!scratch.exists("z.h5"))
    }

    @Test(
        "exports refuse what cannot be",
        arguments: [
            (["--format", "keras"], 64, "safetensors, npz, flat-hdf5, virtual-hdf5, zoo"),
            (["--format", "npz", "--rows", "5"], 64, "row 5"),
            (["--format", "npz", "--rows", "3-1"], 64, "3-1"), (["--format", "npz", "--rows", ""], 64, "--rows"),
            (["--format", "npz", "--split", "test"], 64, "records no split"),
            (["--format", "npz", "--checkpoints"], 64, "--checkpoints"),
            (["--format", "flat-hdf5", "--checkpoints"], 64, "--checkpoints"),
        ])
    func refusedExport(words: [String], status: Int32, says: String) throws {
        let scratch = try Scratch()
        let zoo = scratch.path("zoo.h5")
        let words = ["zoo", "export", zoo, "--out", scratch.path("x")] + words
        let source = fixture("numpy/single.npy")
        _ = try Command.run(["zoo", "import", source, "--architecture", architecture, "--out", zoo, "--quiet"])
        let outcome = try Command.run(words)
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome)")
        #expect(!scratch.exists("x"))
    }

    @Test("an import says what it assumed of the data, and warns where another preparation fits, in JSON too")
    func assumptions() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let flat = scratch.path("flat.npz")
        _ = try Command.run(["zoo", "export", scratch.path("tiny.h5"), "--format", "npz", "--out", flat])
        let architecture = #"{"kind":"mlp","widths":[64,8,10]}"#
        func imported(_ name: String, _ dataset: String, _ more: [String] = []) throws -> Command.Outcome {
            try Command.run(
                [
                    "zoo", "import", flat, "--architecture", architecture, "--out", scratch.path(name), "--quiet",
                    "--dataset", dataset,
                ] + more)
        }
        let wrong = try imported("wrong.h5", #"{"name":"digits","scale":1,"shift":-9,"split":{"test":0.5}}"#)
        #expect(wrong.status == 0 && wrong.output.contains("warning: the networks reach"), "\(wrong)")
        #expect(wrong.output.contains("fits better") && wrong.output.contains("test_accuracy records"), "\(wrong)")
        let dataset = #"{"name":"digits","split":{"validation":0.2,"test":0.2,"seed":0}}"#
        let json = try imported("right.h5", dataset, ["--json"])
        #expect((json.json?["data"] as? [String: Any])?["networks"] as? Int == 10, "\(json)")
        #expect((json.json?["warnings"] as? [Any])?.isEmpty == true, "\(json)")
        let judged = try Command.run(["evaluate", scratch.path("right.h5")])
        #expect(judged.output.contains("test rows that the zoo records"), "\(judged)")
        #expect(judged.output.contains("inputs: x / 16, as the zoo records"), "\(judged)")
    }

    @Test("with its data set an imported zoo is verified, and an experiment of it runs to its verdict")
    func withData() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let (flat, zoo) = (scratch.path("flat.npz"), scratch.path("zoo.h5"))
        let out = try Command.run(["zoo", "export", scratch.path("tiny.h5"), "--format", "npz", "--out", flat])
        #expect(out.status == 0, "\(out)")
        let dataset = #"{"name":"digits","scale":0.0625,"split":{"validation":0.2,"test":0.2,"seed":0}}"#
        let architecture = #"{"kind":"mlp","widths":[64,8,10]}"#
        let words = ["zoo", "import", flat, "--architecture", architecture, "--out", zoo, "--quiet", "--dataset"]
        let imported = try Command.run(words + [dataset])
        #expect(imported.status == 0, "\(imported)")
        let verified = try Command.run(["zoo", "verify", zoo, "--json", "--quiet"])
        let checks = verified.json?["checks"] as? [[String: Any]] ?? []
        let accuracies = checks.first { $0["kind"] as? String == "accuracies" }
        #expect(verified.status == 0 && accuracies?["state"] as? String == "good", "\(verified)")
        try scratch.put("tiny.yaml", "zoo: {kind: file, path: \(zoo)}\n")
        let run = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect([0, 3].contains(run.status) && scratch.exists("run/report.html"), "\(run)")
        let refused = try Command.run(words + ["iris", "--force"])
        #expect(refused.status == 65 && refused.errors.contains("4 inputs"), "\(refused)")
    }
}
