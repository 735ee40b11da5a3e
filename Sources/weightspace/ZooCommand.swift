import ArgumentParser
import Foundation
import Laboratory
import ModelZoo
import Networks

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Train and look at populations of networks.",
        subcommands: [Train.self, Inspect.self, Verify.self, Split.self, Principal.self, Random.self])

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Train a zoo by a recipe.")

        @Argument(help: "The recipe, a YAML file.")
        var recipe: String
        @Option(name: .customLong("set"), help: ArgumentHelp("Set a key of the recipe.", valueName: "key=value"))
        var settings: [String] = []
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                _ = try TrainOperation(
                    recipe: recipe, settings: settings, out: URL(fileURLWithPath: out), catalog: common.catalog()
                ).execute(common.reporter)
                let inspection = try ZooReader(path: out).inspect()
                try common.print(inspection.description + "\n", json: JSONValue(encoding: inspection))
                return .done
            }
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a zoo file holds, and verify its checksums.")

        @Argument(help: "A zoo file.")
        var zoo: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                let inspection = try ZooReader(path: zoo).inspect()
                try common.print(inspection.description + "\n", json: JSONValue(encoding: inspection))
                if !inspection.isSound {
                    throw DataError(
                        .malformed, path: zoo, expected: "networks as their checksums say, all numbers finite",
                        found: "\(inspection.damaged.count) damaged and \(inspection.nonFinite.count) that are not finite",
                        hint: "the networks are named above")
                }
                return .done
            }
        }
    }
}
