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
            The output is YAML that `run` takes, with comments. Without an experiment it has the \
            defaults. --schema prints the JSON Schema of an experiment's file, or of a zoo's recipe, for an editor.

              weightspace config quickstart
              weightspace config quickstart --set generator.hidden=64
              weightspace config --schema
              weightspace config ModelZoos/digits-mlp.yaml --schema
            """)

    @Argument(help: "The experiment: a folder under Experiments/, a folder with a config.yaml, or a YAML file.")
    var experiment: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key; may be repeated.", valueName: "key.path=value"))
    var settings: [String] = []
    @Option(name: .customLong("arm"), help: ArgumentHelp("Only this arm; may be repeated.", valueName: "name"))
    var arms: [String] = []
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Key of all randomness (the key `seed`).", valueName: "n"),
        transform: Numbers.seed)
    var seed: Int?
    @Flag(help: "Print the JSON Schema of such a file.")
    var schema = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if experiment == nil, !(settings.isEmpty && arms.isEmpty && seed == nil) {
            throw ValidationError("--set, --arm and --seed change an experiment's settings: name the experiment")
        }
        if schema, !(settings.isEmpty && arms.isEmpty && seed == nil) {
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
            let operation = try ConfigOperation(
                experiment.map { name in
                    var request = Experiment.Request(experiment: name)
                    (request.settings, request.arms, request.seed) = (settings, arms, seed)
                    return request
                })
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
    @Option(help: ArgumentHelp("Page to write as well.", valueName: "file"))
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
