import ArgumentParser
import Basics
import Foundation
import Laboratory
import Networks
import Reports

struct ArchitecturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "architectures", abstract: "Explain the kinds of architecture: what they compute, and their keys.",
        usage: "weightspace architectures [<kind>] [<options>]",
        discussion: """
            What `--architecture`, a configuration's `architecture:` and a zoo file's attribute take:

              --architecture cnn-s
              --architecture '{"kind":"mlp","widths":[64,32,10],"activation":"tanh"}'
            """)

    @Argument(help: "One kind alone.")
    var kind: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let known = Architecture.standard.all
            if let kind, !known.contains(where: { $0.name == kind }) {
                throw DataError(
                    .configuration, path: kind, expected: "a kind of architecture",
                    found: "none of " + Architecture.kinds.joined(separator: ", "),
                    hint: Nearest.hint(Nearest.match(kind, among: Architecture.kinds)))
            }
            let kinds = known.filter { kind == nil || $0.name == kind }
            let activations = "activations: " + Activation.allCases.map(\.name).joined(separator: ", ") + "\n"
            try common.print(
                kinds.map(Self.text).joined(separator: "\n") + "\n" + activations,
                json: ["architectures": .list(try kinds.map(Self.tree))])
            return .done
        }
    }

    private static func text(_ kind: ConfigKind<Architecture>) -> String {
        let picture = kind.picture.split(separator: "\n").map { "    \($0)\n" }.joined()
        var table = TextTable(["key", "default", "meaning"])
        let required = Architecture.requiredKeys(of: kind)
        for key in kind.keys() {
            table.append([key.key, required.contains(key.key) ? "required" : key.standard ?? "-", key.meaning])
        }
        let inRecipes = kind.keys().filter { required.contains($0.key) }.compactMap { key in
            key.standard.map { "\(key.key) \($0)" }
        }
        let note =
            inRecipes.isEmpty ? "" : "a recipe in YAML may leave them out: \(inRecipes.joined(separator: ", "))\n"
        return "\(kind.name): \(kind.documentation)\n\(picture)\(table.text)\(note)"
    }

    private static func tree(_ kind: ConfigKind<Architecture>) throws -> Tree {
        [
            "kind": .string(kind.name), "meaning": .string(kind.documentation), "computes": .string(kind.picture),
            "keys": .list(try kind.keys().map { try Tree(encoding: $0) }),
            "required": .list(Architecture.requiredKeys(of: kind).map { .string($0) }),
        ]
    }
}
