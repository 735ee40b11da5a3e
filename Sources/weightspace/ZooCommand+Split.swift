import ArgumentParser
import Basics
import Foundation
import Laboratory
import ModelZoo

extension ZooCommand {
    struct Split: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw which networks are for training, validation and holding out.",
            discussion: """
                Networks with the same value in --by stay together; without it the column run is used where there is \
                one. The same seed gives the same split.
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @Option(help: ArgumentHelp("Share for validation.", valueName: "share"))
        var validation = 0.1
        @Option(help: ArgumentHelp("Share of fresh networks, which nothing learns from.", valueName: "share"))
        var test = 0.2
        @Option(help: ArgumentHelp("Key of the draw.", valueName: "n"))
        var seed: UInt64 = 0
        @Option(help: ArgumentHelp("Column whose equal values stay together.", valueName: "column"))
        var by: String?
        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard validation >= 0, test >= 0, validation + test <= 1 else {
                throw ValidationError("--validation and --test: expected shares that are at most 1 together")
            }
        }

        func run() throws {
            try common.perform {
                let outcome = try SplitOperation(
                    path: zoo, assignment: SplitAssignment(validation: validation, test: test, seed: seed), column: by,
                    out: URL(fileURLWithPath: out)
                ).execute(common.reporter)
                let parts = ZooSplit.allCases.map { "\($0) \(outcome.splits["\($0)"] ?? 0)" }.joined(separator: ", ")
                let runs = outcome.by.map { " in \(outcome.groups) groups by \($0)" } ?? ""
                try common.print("\(out): \(parts)\(runs)\n", json: try Tree(encoding: outcome))
                return .done
            }
        }
    }
}
