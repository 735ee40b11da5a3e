import ArgumentParser
import Basics
import Foundation
import Laboratory

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print an experiment's settings: every key, where its value comes from, what it means.",
        usage: "weightspace config [<experiment>] [<options>]",
        discussion: """
            The output is YAML that `run` takes, with comments. Without an experiment it shows the \
            defaults. --schema prints the JSON Schema of an experiment's file, or of a zoo's recipe, for an editor.

              weightspace config quickstart
              weightspace config quickstart --set generator.hidden=64
              weightspace config --schema
              weightspace config ModelZoos/digits-mlp.yaml --schema
            """)

    @Argument(help: "The experiment: a folder under Experiments/, a folder with a config.yaml, or a YAML file.")
    var experiment: String?
    @OptionGroup var changes: SettingsOptions
    @Flag(help: "Print the JSON Schema of such files.")
    var schema = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if experiment == nil, !changes.isEmpty {
            throw ValidationError("--set, --arm and --seed change an experiment's settings: name the experiment")
        }
        if schema, !changes.isEmpty {
            throw ValidationError("--schema is that of every such file: leave out --set, --arm and --seed")
        }
    }

    func run() throws {
        try common.perform {
            if schema {
                let tree = try ConfigOperation.schema(experiment)
                try common.print(tree.text(pretty: true) + "\n", json: tree)
                return .done
            }
            let operation = try ConfigOperation(experiment.map(changes.request))
            try common.print(operation.text, json: operation.tree)
            return .done
        }
    }
}

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare finished runs: what differs in their settings, and their rows.",
        usage: "weightspace compare <run> ... [--out <file>]",
        discussion: """
            An experiment's folder stands for all its finished runs.

              weightspace compare runs/digits/seed-0 runs/digits/seed-1
              weightspace compare runs/start --out start.html
            """)

    @Argument(help: ArgumentHelp("Run folders, or the folder of an experiment with arms.", valueName: "run"))
    var folders: [String]
    @Option(help: ArgumentHelp("Also write a page here.", valueName: "file"))
    var out: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let operation = try CompareOperation(folders)
            if let out { try operation.write(page: URL(fileURLWithPath: out), replaces: output.force) }
            let note = out.map { "page: \($0)\n" } ?? ""
            try common.print(operation.text() + note, json: operation.tree())
            return .done
        }
    }
}
