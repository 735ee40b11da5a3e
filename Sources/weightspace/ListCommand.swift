import ArgumentParser
import Basics
import Laboratory
import Networks
import Reports

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the architectures, data sets and experiments.",
        subcommands: [Architectures.self, DataSets.self, Experiments.self])

    struct Architectures: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The kinds of architecture; `weightspace architectures` says more.")

        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                var table = TextTable(["kind", "what"])
                for kind in Architecture.standard.all { table.append([kind.name, kind.documentation]) }
                try common.print(
                    table.text,
                    json: ["architectures": .list(Architecture.kinds.map { .string($0) })])
                return .done
            }
        }
    }

    struct DataSets: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "data", abstract: "The data sets that are known, whether they are there, and where.")

        @OptionGroup var common: CommonOptions

        func run() throws { try DataCommand.List.run(common) }
    }

    struct Experiments: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The experiments that `weightspace run NAME` knows, and where they are.")

        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                let listing = ExperimentListing.ofProcess()
                var table = TextTable(["experiment", "question"])
                for entry in listing.experiments { table.append([entry.name, entry.question]) }
                let places = "looked in: " + listing.folders.joined(separator: ", ") + "\n"
                try common.print(
                    (listing.experiments.isEmpty ? "" : table.text) + places, json: Tree(encoding: listing))
                return .done
            }
        }
    }
}
