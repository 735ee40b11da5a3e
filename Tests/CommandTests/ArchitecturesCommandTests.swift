import Foundation
import ModelZoo
import Networks
import Testing

@Suite("Architectures: listed, named by a word, misspelt")
struct ArchitecturesCommandTests {
    @Test("the listing has every kind with keys, defaults and a picture")
    func listing() throws {
        let outcome = try Command.run(["architectures"])
        #expect(outcome.status == 0 && outcome.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
        for kind in Architecture.kinds {
            #expect(outcome.output.contains("\n\(kind): ") || outcome.output.hasPrefix(kind))
        }
        let one = try Command.run(["architectures", "mlp", "--json"])
        let kinds = one.json?["architectures"] as? [[String: Any]]
        #expect(kinds?.count == 1 && (kinds?.first?["keys"] as? [Any])?.count == 4, "\(one)")
        #expect((kinds?.first?["computes"] as? String)?.contains("Linear -> norm -> activation") == true)
        let needed = try Command.run(["architectures", "cnn"])
        for key in ["image", "channels", "outputs"] {
            #expect(needed.output.split(separator: "\n").contains { $0.hasPrefix(key) && $0.contains(" required ") })
        }
        #expect(needed.output.contains("image [1, 28, 28]"), "\(needed)")
        let none = try Command.run(["architectures", "mpl"])
        #expect(none.status == 64 && none.errors.contains("did you mean mlp?"), "\(none)")
    }

    @Test("lists work from any folder and say where they looked")
    func anywhere() throws {
        let scratch = try Scratch()
        let folder = URL(fileURLWithPath: scratch.path("."))
        for (what, word) in [("architectures", "mlp"), ("data", "digits"), ("experiments", "quickstart")] {
            let outcome = try Command.run(["list", what], in: folder)
            #expect(outcome.status == 0 && outcome.output.contains(word), "\(outcome)")
            if what != "architectures" { #expect(outcome.output.contains("looked in: ")) }
        }
    }

    @Test("a word is the kind")
    func word() throws {
        let scratch = try Scratch()
        let words = ["zoo", "random", "--count", "1", "--out", scratch.path("z.h5"), "--architecture"]
        #expect(try Command.run(words + ["cnn-s"]).status == 0)
        #expect(try ZooReader(path: scratch.path("z.h5")).header.architecture == .cnn(.init(size: .small)))
        let near = try Command.run(words + ["cnns"])
        #expect(near.status == 64 && near.errors.contains("did you mean cnn"), "\(near)")
        let bare = try Command.run(words + ["mlp"])
        #expect(bare.status == 64 && bare.errors.contains("widths, which mlp needs"), "\(bare)")
    }

    @Test(
        "unknown keys are refused, with the nearest",
        arguments: [
            (#"{"kind":"mlp","widths":[4,3],"actvation":"tanh"}"#, "did you mean activation?"),
            (#"{"kind":"mlp","widths":[4,3],"norms":"batch"}"#, "did you mean norm?"),
            (#"{"kind":"resnet","depth":18,"widht":4}"#, "did you mean width?"),
            (#"{"kind":"mlp","widths":"4,3"}"#, "widths: expected a list"),
        ])
    func unknown(_ text: String, _ says: String) throws {
        let scratch = try Scratch()
        try scratch.put("a.yaml", text)
        for architecture in [text, scratch.path("a.yaml")] {
            let outcome = try Command.run([
                "zoo", "random", "--count", "1", "--out", scratch.path("z.h5"), "--architecture", architecture,
            ])
            #expect(outcome.status == 64 && outcome.errors.contains(says), "\(outcome)")
        }
    }
}
