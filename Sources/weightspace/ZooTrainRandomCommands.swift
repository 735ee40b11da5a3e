import ArgumentParser
import Basics
import Foundation
import Laboratory
import ModelZoo
import Networks

extension ZooCommand {
    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train a zoo from a recipe.",
            usage: "weightspace zoo train <recipe> --out <path> [<options>]",
            discussion: """
                A recipe whose grid varies architecture or data makes a folder of zoo files with an \
                index.json. With --shards one zoo is written as a folder of zoo files, each as soon as it is \
                trained; every command takes the folder where it takes a zoo. An interrupted training keeps its \
                progress beside the zoo, and --resume goes on, to the same bytes. Exit status 3: every network \
                diverged.

                  weightspace zoo train ModelZoos/iris-mlp.yaml --out iris.h5
                """)

        @Argument(help: "The recipe, a YAML file.")
        var recipe: String
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("Set a key of the recipe; may be repeated.", valueName: "key=value"))
        var settings: [String] = []
        @Option(help: ArgumentHelp("Zoo file or folder to write.", valueName: "path"))
        var out: String
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Write a folder of this many zoo files, which together are one zoo.", valueName: "n"))
        var shards: Int?
        @Flag(help: "Go on with an unfinished training.")
        var resume = false
        @Flag(help: "Take over the folder from a process on another host that has ended.")
        var takeOver = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                var work = TrainOperation(
                    recipe: recipe, settings: settings, out: URL(fileURLWithPath: out), resume: resume,
                    catalog: try common.catalog())
                (work.replaces, work.shards, work.takesOver) = (output.force, shards, takeOver)
                work.ranks = common.ranks()
                let outcome = try work.execute(common.reporter)
                if let note = outcome.note { common.reporter.note(note) }
                let inspections = try outcome.zoos.map { try ZooReader(path: $0.path).inspect() }
                try common.print(
                    inspections.map { $0.description + "\n" }.joined(separator: "\n"), json: json(inspections))
                return outcome.status
            }
        }

        /// Of one zoo what `zoo inspect` says; of a folder a list of that.
        private func json(_ inspections: [ZooInspection]) throws -> Tree {
            if inspections.count == 1 { return try Tree(encoding: inspections[0]) }
            return .map(["zoos": .list(try inspections.map { try Tree(encoding: $0) })])
        }
    }
}

extension Initialization: ExpressibleByArgument {}

extension ZooCommand {
    struct Random: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write freshly initialised networks, without training.",
            usage: "weightspace zoo random --architecture <json> --count <n> --out <file> [<options>]",
            discussion: """
                Networks that have learnt nothing: a floor to compare with, or a large file to try things on.

                  weightspace zoo random --count 10 --out random.h5 \\
                      --architecture '{"kind":"mlp","widths":[64,16,10]}'
                """)

        @Option(help: ArgumentHelp("Architecture in JSON, or a file that holds it.", valueName: "json"))
        var architecture: String
        @Option(parsing: .unconditional, help: ArgumentHelp("How many networks.", valueName: "n"))
        var count: Int
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seed of the first; each has its own.", valueName: "n"),
            transform: Numbers.seed)
        var seed = 0
        @Option(help: ArgumentHelp("How weights are drawn.", valueName: "name"))
        var initialization: Initialization = .pytorch
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            try Numbers.check("--count", count, in: 1...10_000_000)
        }

        func run() throws {
            try common.perform {
                var work = RandomZooOperation(
                    architecture: try RandomZooOperation.architecture(architecture), initialization: initialization,
                    count: count, firstSeed: seed, out: URL(fileURLWithPath: out))
                work.replaces = output.force
                try work.execute(common.reporter)
                try common.print(
                    "\(out): \(Numbers.networks(count))\n", json: ["count": .integer(count), "out": .string(out)])
                return .done
            }
        }
    }
}
