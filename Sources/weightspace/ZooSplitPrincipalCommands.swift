import ArgumentParser
import Basics
import Foundation
import Laboratory
import ModelZoo
import Reports

extension ZooCommand {
    struct Split: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Assign networks to training, validation and fresh.",
            usage: "weightspace zoo split <zoo> --out <file> [<options>]",
            discussion: """
                Networks with the same value in the column --by stay together; by default that is the column run, \
                if there is one. The same seed gives the same split.

                  weightspace zoo split ModelZoos/digits-mlp.h5 --test 0.3 --out split.h5
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @Option(parsing: .unconditional, help: ArgumentHelp("Share for validation.", valueName: "share"))
        var validation = 0.1
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Share of fresh networks, which nothing learns from.", valueName: "share"))
        var test = 0.2
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seed of the draw.", valueName: "n"), transform: Numbers.seed)
        var seed = 0
        @Option(help: ArgumentHelp("Column whose equal values stay together.", valueName: "column"))
        var by: String?
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard validation >= 0, test >= 0, validation + test <= 1 else {
                throw ValidationError(
                    "--validation and --test: expected shares of at least 0, together at most 1, "
                        + "found \(validation) and \(test)")
            }
        }

        func run() throws {
            try common.perform {
                var work = SplitOperation(
                    path: zoo, assignment: SplitAssignment(validation: validation, test: test, seed: UInt64(seed)),
                    column: by,
                    out: URL(fileURLWithPath: out))
                work.replaces = output.force
                let outcome = try work.execute(common.reporter)
                let parts = ZooSplit.allCases.map { "\($0) \(outcome.splits["\($0)"] ?? 0)" }.joined(separator: ", ")
                let runs =
                    (outcome.by.map { " in \(outcome.groups) groups by \($0)" } ?? "")
                    + (outcome.copies == 0 ? "" : ", \(outcome.copies) of them equal to another, in its split")
                try common.print("\(out): \(parts)\(runs)\n", json: try Tree(encoding: outcome))
                return .done
            }
        }
    }
}

extension ZooCommand {
    struct Principal: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pca", abstract: "Show how much of a zoo's variance its principal components carry.",
            usage: "weightspace zoo pca <zoo> [<options>]",
            discussion: """
                Components are fitted to the training networks, a few at a time: the zoo may be larger than memory.

                  weightspace zoo pca ModelZoos/digits-mlp.h5 --components 5
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(parsing: .unconditional, help: ArgumentHelp("Maximum number of components.", valueName: "k"))
        var components = 99
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("MiB of networks to hold at once; results do not depend on it.", valueName: "mib"))
        var memory = 256
        @OptionGroup var common: CommonOptions

        func validate() throws {
            try Numbers.check("--components", components, in: 1...1_000_000)
            try Numbers.check("--memory", memory, in: 1...1 << 20)
        }

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                let found = try PrincipalOperation(
                    path: zoo, components: components, maximumBytes: memory << 20
                ).execute(common.reporter)
                var table = TextTable(["components", "variance carried %"])
                for count in [1, 2, 5, 10, 20, 50, 100, 200, 500] where count < found.components {
                    table.append(["\(count)", Self.percent(found.captured(count))])
                }
                table.append(["\(found.components)", Self.percent(found.capturedVariance)])
                let held =
                    found.freshLost.map {
                        "\(found.fresh) fresh networks lose \(Self.percent($0)) % of their squared distance "
                            + "from the mean\n"
                    } ?? "no fresh networks (weightspace zoo split \(zoo) --out FILE draws some)\n"
                try common.print(
                    table.text + "fitted to \(found.networks) training networks; \(held)",
                    json: try Tree(encoding: found))
                return .done
            }
        }

        private static func percent(_ share: Double) -> String { String(format: "%.2f", share * 100) }
    }
}
