import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

@Suite("What an experiment's settings come to")
struct ConfigOperationTests {
    @Test("every key has its value, where that was written and its sentence; a default of a chosen kind is one")
    func listing() throws {
        let document = try YAMLReader.read("seed: 3\ngenerator:\n  source: {kind: kaiming}\n", file: "x.yaml")
        let set = try ConfigAssignment(setting: "sampling.steps=7")
        let resolver = Sample.resolver
        let run = try #require(try resolver.plan(document, settings: [set]).runs.first)
        let listing = ConfigListing(schema: resolver.schema, tree: run.tree, origins: run.origins)
        let entries = Dictionary(uniqueKeysWithValues: listing.entries.map { ($0.path, $0) })
        #expect(entries.count == run.tree.leaves.count)
        #expect(entries["seed"]?.origin == "x.yaml:1:1" && entries["seed"]?.value == 3)
        #expect(entries["sampling.steps"]?.origin == "--set sampling.steps=7")
        #expect(entries["align.enabled"]?.origin == "default")
        for entry in listing.entries { #expect(!entry.meaning.isEmpty, "\(entry.path)") }
    }

    @Test("the listing is YAML that comes to the same settings", arguments: ["quickstart", "shift-heart"])
    func again(_ name: String) throws {
        let operation = try ConfigOperation(Experiment.Request(experiment: name))
        let parts = operation.text.split(separator: "---\n").map(String.init)
        let runs = try #require(operation.tree["runs"]?.list)
        #expect(parts.count == runs.count && !runs.isEmpty)
        for (text, run) in zip(parts, runs) {
            let tree = try YAMLReader.read(text, file: "listing").tree
            for key in try #require(run["keys"]?.list) {
                let path = try #require(key["path"]?.string)
                let (read, said) = (tree[path], key["value"])
                #expect(read == said || read?.number != nil && read?.number == said?.number, "\(path)")
            }
            #expect(text.split(separator: "\n").allSatisfy { $0.contains("#") || $0.hasSuffix(":") })
        }
    }

    @Test("without an experiment the defaults are shown, and nothing but defaults")
    func defaults() throws {
        let keys = try #require(try ConfigOperation(nil).tree["runs"]?.list?.first?["keys"]?.list)
        #expect(keys.count > 40)
        let others = keys.filter { !["default", "follows other keys"].contains($0["origin"]?.string) }
        #expect(others.isEmpty)
    }

    @Test("the schema is that of the file's kind, and has every key of its listing")
    func schema() throws {
        for name in ["quickstart", "shift-heart"] {
            let schema = try ConfigOperation.schema(name)
            let runs = try ConfigOperation(Experiment.Request(experiment: name)).tree["runs"]?.list
            for key in runs?.first?["keys"]?.list ?? [] {
                let path = try #require(key["path"]?.string)
                let place = "properties." + path.split(separator: ".").joined(separator: ".properties.")
                #expect(schema[place] != nil, "\(path)")
            }
        }
        #expect(throws: DataError.self) { try ConfigOperation.schema("no-such-experiment") }
    }
}
