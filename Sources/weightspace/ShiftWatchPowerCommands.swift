import ArgumentParser
import Basics
import Foundation
import Laboratory
import ShiftDetection

extension ShiftCommand {
    struct Power: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure how large a shift a detector finds, by the number of rows.",
            usage: "weightspace shift power <detector> [--rows <sizes>] [<options>]",
            discussion: """
                Draws samples from --against, or else from the reference, with a growing preference for rows that the \
                model gets wrong or is unsure of, and judges each sample.

                  weightspace shift power detector --rows 10,20,50
                  weightspace shift power detector --rows 20 --against new.csv
                """)

        @Argument(help: "A folder that `shift fit` made.")
        var detector: String
        @Option(help: ArgumentHelp("Sizes of samples.", valueName: "sizes"), transform: { try Words.numbers($0) })
        var rows = [10, 20, 50, 100]
        @Option(help: ArgumentHelp("Draw rows of this file.", valueName: "file"))
        var against: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("Samples of each size and kind.", valueName: "n"))
        var cases = 100
        @OptionGroup var common: CommonOptions

        func validate() throws { try Numbers.check("--cases", cases, in: 1...100_000) }

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                var work = ShiftPowerOperation(detector: URL(fileURLWithPath: detector), sizes: rows)
                (work.other, work.cases) = (against, cases)
                let found = try work.execute(common.reporter)
                try common.print(ShiftText.power(found), json: ShiftJSON.shown(of: found))
                return .done
            }
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Watch batches that keep coming, with one rate of false alarms for all of them.",
            usage: "weightspace shift watch <detector> --stream <dir> [<options>]",
            discussion: """
                Takes the files of the folder that it has not seen yet, in the order of their names, and says what \
                they show together with all earlier ones. With - it reads standard input: a header, then rows, with \
                an empty line after each batch. As long as nothing changes, the probability of ever raising an alarm \
                is at most alpha, however often you ask. What was seen is kept in the detector's folder.

                  weightspace shift watch detector --stream batches
                """)

        @Argument(help: "A folder that `shift fit` made.")
        var detector: String
        @Option(help: ArgumentHelp("Folder with one CSV file per batch, or - for standard input.", valueName: "dir"))
        var stream: String
        @Option(help: ArgumentHelp("File that remembers what was seen.", valueName: "file"))
        var state: String?
        @Flag(help: "Exit with status 4 once an alarm is raised.")
        var failOnShift = false
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                let found = try ShiftWatchOperation(
                    detector: URL(fileURLWithPath: detector),
                    stream: stream == "-" ? nil : URL(fileURLWithPath: stream),
                    state: state.map { URL(fileURLWithPath: $0) }
                ).execute { batch in
                    if !common.json { try StandardOutput().write(ShiftText.batch(batch).printableLines) }
                }
                try common.print(ShiftText.watched(found), json: ShiftJSON.shown(of: found))
                return failOnShift && found.alarm != nil ? .shiftFound : .done
            }
        }
    }

    struct TwoSample: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "two-sample", abstract: "Compare two tables, without any model.",
            usage: "weightspace shift two-sample <first> <second> [--method <name>] [<options>]",
            discussion: """
                Numbers are scaled as in the first table. Methods: ks, chi-square, mmd, energy, c2st.

                  weightspace shift two-sample reference.csv new.csv \\
                      --method energy --ignore id --impute median
                """)

        @Argument(help: "A CSV file.")
        var first: String
        @Argument(help: "Another one, with the same columns.")
        var second: String
        @Option(help: ArgumentHelp("How they are compared.", valueName: "name"))
        var method = "energy"
        @Option(name: .customLong("ignore"), help: ArgumentHelp("Columns to leave out.", valueName: "columns"))
        var ignored: [Words] = []
        @Option(help: ArgumentHelp("Codes for missing values, such as chol=0.", valueName: "column=code"))
        var missing: [String] = []
        @Option(help: ArgumentHelp("What replaces missing values: mean or median.", valueName: "what"))
        var impute: Imputation?
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Random subsets that the second is compared with.", valueName: "n"))
        var permutations = 999
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seed of everything drawn at random.", valueName: "n"),
            transform: Numbers.seed)
        var seed = 0
        @OptionGroup var common: CommonOptions

        func validate() throws { try Numbers.check("--permutations", permutations, in: 19...1_000_000) }

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                var work = ShiftTwoSampleOperation(first: first, second: second, method: method)
                (work.ignored, work.missing, work.impute) = (ignored.flatMap(\.all), missing, impute)
                (work.permutations, work.seed) = (permutations, UInt64(seed))
                let found = try work.execute(common.reporter)
                try common.print(ShiftText.compared(found), json: ShiftJSON.shown(of: found))
                return .done
            }
        }
    }
}
