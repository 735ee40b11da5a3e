import ArgumentParser
import Foundation
import Laboratory
import Networks

extension Initialization: ExpressibleByArgument {}

extension ZooCommand {
    struct Random: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write networks as they are initialised, without training.",
            discussion: "A population that knows nothing: a floor to compare with, and a large file to try things on.")

        @Option(help: ArgumentHelp("Architecture in JSON, or a file that holds it.", valueName: "json"))
        var architecture: String
        @Option(help: ArgumentHelp("How many networks.", valueName: "n"))
        var count: Int
        @Option(help: ArgumentHelp("Seed of the first; each has its own.", valueName: "n"))
        var seed = 0
        @Option(help: ArgumentHelp("How weights are drawn.", valueName: "name"))
        var initialization: Initialization = .pytorch
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if count < 1 || count > 10_000_000 {
                throw ValidationError("--count: expected 1 to 10000000, found \(count)")
            }
            if seed < 0 || seed > 1 << 40 { throw ValidationError("--seed: expected 0 to 2^40, found \(seed)") }
        }

        func run() throws {
            try common.perform {
                try RandomZooOperation(
                    architecture: try RandomZooOperation.architecture(architecture), initialization: initialization,
                    count: count, firstSeed: seed, out: URL(fileURLWithPath: out)
                ).execute(common.reporter)
                try common.print("\(out): \(count) networks\n", json: ["count": .integer(count), "out": .string(out)])
                return .done
            }
        }
    }
}
