import ArgumentParser
import Basics
import Foundation
import Reports

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List the data sets.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the data sets that are present, and where they are looked for.",
            discussion: "  weightspace data list")

        @OptionGroup var common: CommonOptions

        func run() throws { try Self.run(common) }

        /// Prints the listing, also as `list data`.
        static func run(_ common: CommonOptions) throws {
            try common.perform {
                let catalog = try common.catalog()
                let listing = catalog.listing()
                var table = TextTable(["data set", "state", "folder", "licence", "what"])
                for entry in listing {
                    table.append([
                        entry.name, entry.state.rawValue, entry.folder ?? "-", entry.licence, entry.summary,
                    ])
                }
                let hints = listing.compactMap { entry in entry.hint.map { "\(entry.name): \($0)\n" } }.joined()
                let places = "looked in: " + catalog.folders.joined(separator: ", ") + "\n"
                try common.print(
                    table.text + places + hints,
                    json: [
                        "datasets": .list(try listing.map { try Tree(encoding: $0) }),
                        "folders": .list(catalog.folders.map { .string($0) }),
                    ])
                return .done
            }
        }
    }
}
