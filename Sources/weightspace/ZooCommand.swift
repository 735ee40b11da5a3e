import ArgumentParser
import Basics
import Foundation
import ModelZoo

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Train, read, write and look at populations of networks.",
        subcommands: [
            Train.self, Import.self, Export.self, Inspect.self, Verify.self, Split.self, Principal.self, Random.self,
        ])

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
                try common.print(inspection.description + "\n", json: Tree(encoding: inspection))
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
