import Foundation
import Testing

/// What programs that call the command rely on, whichever command it is.
@Suite("The output of commands")
struct CommandOutputTests {
    /// Words on the tiny zoo, which stands at ZOO; OUT is a place to write to.
    static let commands = [
        "evaluate ZOO", "evaluate ZOO --zoo ZOO", "align ZOO --out OUT", "report ZOO --out OUT", "data list",
        "zoo inspect ZOO", "zoo verify ZOO", "zoo split ZOO --out OUT", "zoo pca ZOO --components 3",
        "zoo export ZOO --format npz --out OUT", "zoo export ZOO --format safetensors --split test --out OUT",
    ]

    private func words(_ command: String, _ scratch: Scratch) -> [String] {
        command.split(separator: " ").map { word in
            word == "ZOO" ? scratch.path("tiny.h5") : word == "OUT" ? scratch.path("out") : String(word)
        }
    }

    @Test("--json prints one object on one line, and with --quiet nothing else", arguments: commands)
    func json(_ command: String) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(command, scratch) + ["--json", "--quiet"])
        #expect(outcome.status == 0 && outcome.json != nil && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.output.hasSuffix("}\n") && outcome.output.split(separator: "\n").count == 1, "\(outcome)")
    }

    @Test(
        "a table goes to standard output, progress and details to standard error",
        arguments: [
            "evaluate ZOO", "align ZOO --out OUT",
        ])
    func table(_ command: String) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(command, scratch) + ["--verbose"])
        #expect(outcome.status == 0 && outcome.output.contains("---") && !outcome.errors.contains("---"), "\(outcome)")
        #expect(!outcome.output.contains("aligning"), "\(outcome)")
    }

    @Test(
        "a failure says one line on standard error and nothing on standard output, also with --json",
        arguments: [
            ("generate RUN --count 0 --out OUT", 64), ("generate ZOO --count 2 --out OUT", 66),
            ("zoo export ZOO --format npz --rows 12 --out OUT", 64),
            ("evaluate ZOO --data /no/such/folder", 66), ("align ZOO --reference 12 --out OUT", 64),
        ])
    func failure(_ command: String, _ status: Int32) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(command, scratch) + ["--json"])
        #expect(outcome.status == status && outcome.output.isEmpty && !scratch.exists("out"), "\(outcome)")
        #expect(
            outcome.errors.hasPrefix("weightspace: ") && outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
    }
}
