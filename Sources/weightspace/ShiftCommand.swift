import ArgumentParser
import Basics
import Foundation
import Laboratory
import ShiftDetection

struct ShiftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shift", abstract: "Find out whether new data is different, and whether it harms a model.",
        discussion: """
            First `shift fit`, once: it learns from rows that the model was not trained on. Then \
            `shift test`, for each new batch without labels.
            """,
        subcommands: [Fit.self, Test.self, Power.self, Watch.self, TwoSample.self])
}

/// A list written with commas.
struct Words: ExpressibleByArgument {
    let all: [String]

    init?(argument: String) {
        all = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if all.isEmpty || all.contains("") { return nil }
    }

    static func numbers(_ text: String) throws -> [Int] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == parts.count, numbers.allSatisfy({ (5...100_000).contains($0) }) else {
            throw ValidationError("expected numbers of rows from 5 to 100000, as 10,20,50, found \(text)")
        }
        return numbers
    }
}

extension PerformanceMetric: ExpressibleByArgument {}
extension Imputation: ExpressibleByArgument {}

extension ShiftCommand {
    struct Fit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Learn from reference rows what new batches will be compared with.",
            usage: "weightspace shift fit --reference <file> --out <dir> [<options>]",
            discussion: """
                Give the model in one of three ways. Any model at all: name the columns in which its predicted \
                probabilities stand, in every file. Or --model, networks in a file. Or none: a small ensemble is \
                trained on --train. Columns are \
                matched by name; missing are empty cells, ?, NA, NaN and the codes of --missing.

                  weightspace shift fit --reference reference.csv --label outcome \\
                      --predictions proba_no,proba_yes --ignore id --out detector
                  weightspace shift fit --reference reference.csv --train train.csv \\
                      --label outcome --impute median --ignore id --out trained
                """)

        @Option(help: ArgumentHelp("Rows that the model was not trained on.", valueName: "file"))
        var reference: String
        @Option(help: ArgumentHelp("Rows that it was trained on.", valueName: "file"))
        var train: String?
        @Option(help: ArgumentHelp("Column of the class.", valueName: "column"))
        var label: String?
        @Option(help: ArgumentHelp("Columns of the model's probabilities.", valueName: "columns"))
        var predictions: Words?
        @Option(help: ArgumentHelp("The model's file: a zoo file, safetensors, or a run folder.", valueName: "path"))
        var model: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("Its row there; else the mean of all.", valueName: "i"))
        var row: Int?
        @Option(help: ArgumentHelp("Its architecture, where the file does not say.", valueName: "json"))
        var architecture: String?
        @Option(help: ArgumentHelp("Classes in the order of columns or outputs.", valueName: "names"))
        var classes: Words?
        @Option(name: .customLong("ignore"), help: ArgumentHelp("Columns to leave out.", valueName: "columns"))
        var ignored: [Words] = []
        @Option(help: ArgumentHelp("Codes for missing values, as chol=0.", valueName: "column=code"))
        var missing: [String] = []
        @Option(help: ArgumentHelp("What stands for missing values: mean or median.", valueName: "what"))
        var impute: Imputation?
        @Option(
            help: ArgumentHelp("Sizes of batches to come.", valueName: "rows"), transform: { try Words.numbers($0) })
        var sizes = [10, 20, 50]
        @Option(parsing: .unconditional, help: ArgumentHelp("Level of different.", valueName: "share"))
        var alpha = 0.05
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Least harm that counts, as a share.", valueName: "share"))
        var margin = 0.05
        @Option(help: ArgumentHelp("The method that decides on different: energy, ks, mmd, ...", valueName: "name"))
        var method = "energy"
        @Option(help: ArgumentHelp("What harm is measured by.", valueName: "name"))
        var metric: PerformanceMetric = .balancedAccuracy
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Samples of each size that say what is found; 0: none.", valueName: "n"))
        var cases = 40
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Key of all randomness.", valueName: "n"),
            transform: Numbers.seed)
        var seed = 0
        @Option(help: ArgumentHelp("Folder to write.", valueName: "dir"))
        var out: String
        @Flag(help: "Train a method that learns from samples on subsets at every test: minutes.")
        var exact = false
        @Flag(help: "Go on with an unfinished fit.")
        var resume = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            try Numbers.check("--alpha", alpha, from: 0.0001, below: 1)
            try Numbers.check("--margin", margin, from: 0, below: 1)
            try Numbers.check("--cases", cases, in: 0...100_000)
        }

        func run() throws {
            try common.perform {
                var work = ShiftFitOperation(reference: reference, out: URL(fileURLWithPath: out))
                (work.training, work.predictions, work.classes) = (train, predictions?.all ?? [], classes?.all ?? [])
                (work.missing, work.replaces, work.cases) = (missing, output.force, cases)
                (work.resume, work.ranks) = (resume, common.ranks())
                work.settings.method = try ShiftFitOperation.method(method, exact: exact)
                (work.model, work.row, work.architecture) = (model, row, architecture)
                work.settings.label = label
                work.settings.ignored = ignored.flatMap(\.all)
                (work.settings.impute, work.settings.sizes, work.settings.alpha) = (impute, sizes, alpha)
                (work.settings.margin, work.settings.metric, work.settings.seed) = (margin, metric, UInt64(seed))
                let outcome = try work.execute(common.reporter)
                try common.print(ShiftText.fitted(outcome, out: out), json: ShiftJSON.shown(of: outcome))
                return .done
            }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge a new batch: harmful, different, or no evidence of a shift.",
            usage: "weightspace shift test <detector> --sample <file> [<options>]",
            discussion: """
                  weightspace shift test detector --sample new.csv
                  weightspace shift test detector --sample new.csv --report new.html --force
                """)

        @Argument(help: "A folder that `shift fit` made.")
        var detector: String
        @Option(help: ArgumentHelp("The new rows; labels are not needed.", valueName: "file"))
        var sample: String
        @Option(help: ArgumentHelp("Page to write.", valueName: "file"))
        var report: String?
        @Flag(help: "Exit status 4 for different and harmful.")
        var failOnShift = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                var work = ShiftTestOperation(detector: URL(fileURLWithPath: detector), sample: sample)
                (work.report, work.replaces) = (report.map { URL(fileURLWithPath: $0) }, output.force)
                let found = try work.execute(common.reporter)
                try common.print(ShiftText.tested(found), json: ShiftJSON.shown(of: found))
                return failOnShift && found.isShift ? .shiftFound : .done
            }
        }
    }
}
