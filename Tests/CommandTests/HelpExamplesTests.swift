import Foundation
import Testing

/// What help tells people to type does what it says, as it stands.
@Suite("Examples in help")
struct HelpExamplesTests {
    /// Commands in an order in which each finds what it reads.
    private static let order: [[String]] = [
        ["data", "list"], ["zoo", "train"], ["zoo", "random"], ["zoo", "inspect"], ["zoo", "verify"],
        ["zoo", "split"], ["zoo", "pca"], ["zoo", "import"], ["zoo", "export"], ["align"], ["run"], ["generate"],
        ["tune"], ["evaluate"], ["report"], ["shift", "fit"], ["shift", "test"], ["shift", "power"],
        ["shift", "watch"],
        ["shift", "two-sample"],
    ]

    /// The examples of a command's help, continued lines joined.
    private func examples(_ words: [String]) throws -> [String] {
        let help = try Command.run(words + ["--help"]).output
        let lines = help.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        var found: [String] = []
        var isOpen = false
        for line in lines where isOpen || line.hasPrefix("weightspace ") {
            let text = line.hasSuffix("\\") ? String(line.dropLast()) : line
            if isOpen { found[found.count - 1] += " " + text } else { found.append(text) }
            isOpen = line.hasSuffix("\\")
        }
        return found
    }

    @Test("Every example of every command runs, in an order, from a folder with a small zoo")
    func run() throws {
        let scratch = try Scratch()
        try prepare(scratch)
        for words in Self.order {
            let examples = try examples(words)
            #expect(!examples.isEmpty, "\(words) has no example")
            for example in examples {
                let outcome = try shell(shortened(example), scratch)
                #expect([0, 3].contains(outcome.status), "\(example)\n\(outcome)")
            }
        }
    }

    @Test("Every command that does something has an example that this suite runs, and a word in its help")
    func complete() throws {
        for group in [[], ["zoo"], ["shift"]] {
            let help = try Command.run(group + ["--help"]).output
            let listed = help.components(separatedBy: "SUBCOMMANDS:").last ?? ""
            let names = listed.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
                .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
            #expect(names.count > 3, "\(help)")
            for name in names {
                let outcome = try Command.run(group + [name, "--help"])
                #expect(outcome.status == 0 && outcome.output.contains("OVERVIEW"), "\(group) \(name)")
                #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(group) \(name)")
            }
        }
    }

    /// A run and a training are made short; all else stands as in the help.
    private func shortened(_ example: String) -> String {
        let settings = TinyZoo.short.map { "'\($0)'" }.joined(separator: " ")
        if example.hasPrefix("weightspace run quickstart") { return "\(example) --arm plain-flow \(settings)" }
        if example.hasPrefix("weightspace run") { return "\(example) \(settings)" }
        if example.hasPrefix("weightspace tune") {
            return "\(example) --set tuning.count=3 --set 'tuning.matching={steps: 2, batch: 2, path: 3}'"
        }
        if example.hasPrefix("weightspace shift fit") || example.hasPrefix("weightspace shift power") {
            return "\(example) --cases 2"
        }
        if example.hasPrefix("weightspace zoo train") {
            return "\(example) --set networks.train=2 --set networks.test=2 --set training.epochs=1"
        }
        return example
    }

    /// A small zoo under the name of the one in the checkout, recipes, experiments, and other people's files.
    private func prepare(_ scratch: Scratch) throws {
        let files = FileManager.default
        try files.createDirectory(at: scratch.file("ModelZoos"), withIntermediateDirectories: true)
        try TinyZoo.write(to: scratch)
        try files.moveItem(at: scratch.file("tiny.h5"), to: scratch.file("ModelZoos/digits-mlp.h5"))
        let images = (0..<40).map { row in
            "\(row % 10)," + (0..<64).map { "\((7 * row + 3 * $0) % 17)" }.joined(separator: ",")
        }
        let names = "label," + (0..<64).map { "p\($0)" }.joined(separator: ",")
        try scratch.put("mine.csv", ([names] + images).joined(separator: "\n") + "\n")
        try scratch.put("my-run.yaml", "zoo: {kind: file, path: ModelZoos/digits-mlp.h5}\n")
        for name in ["ModelZoos/iris-mlp.yaml", "ModelZoos/digits-mlp.yaml", "Experiments", "Datasets"] {
            try files.createSymbolicLink(
                at: scratch.file(name), withDestinationURL: Command.checkout.appendingPathComponent(name))
        }
        for (name, seed) in [("reference", UInt64(1)), ("train", 2), ("new", 3)] {
            try scratch.put("\(name).csv", ShiftCommandTests.rows(60, seed: seed))
        }
        try files.createDirectory(at: scratch.file("batches"), withIntermediateDirectories: true)
        try scratch.put("batches/1.csv", ShiftCommandTests.rows(20, seed: 4))
        let mlp = #"'{"kind":"mlp","widths":[64,16,10]}'"#
        let made = try shell(
            """
            weightspace zoo random --architecture \(mlp) --count 3 --out r.h5 --quiet &&
            weightspace zoo export r.h5 --format flat-hdf5 --out weights.h5 --quiet &&
            weightspace zoo export r.h5 --format safetensors --out nets --quiet && rm r.h5 &&
            for i in 0 1 2; do mv nets/network-$i.safetensors nets/seed${i}_epoch5.safetensors; done
            """, scratch)
        #expect(made.status == 0, "\(made)")
    }

    private func shell(_ script: String, _ scratch: Scratch) throws -> Command.Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "(\(script)) >'\(scratch.path(".out"))' 2>'\(scratch.path(".err"))'"]
        process.currentDirectoryURL = scratch.url
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("WEIGHTSPACE_") }
        let path = try Command.built().deletingLastPathComponent().path
        environment["PATH"] = path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Command.Outcome(
            status: process.terminationStatus, output: try scratch.text(".out"), errors: try scratch.text(".err"))
    }
}
