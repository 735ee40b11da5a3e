import ArgumentParser
import Basics
import Foundation
import Laboratory
import ShiftDetection

struct ShiftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shift", abstract: "Find out whether new data is different, and whether it harms a model.",
        discussion: """
            Run `shift fit` once: it learns from rows that the model was not trained on. Then run \
            `shift test` on each new batch; it needs no labels.
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
            throw ValidationError("expected numbers of rows from 5 to 100000, such as 10,20,50, found \(text)")
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
                There are three ways to give the model. Any model at all: name the columns that hold its predicted \
                probabilities, which every file must have. A network in a file: --model. No model: a small ensemble \
                is trained on --train. Columns are matched by name. Empty cells, ?, NA, NaN and the codes of \
                --missing count as missing.

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
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Row of the network to use; default: the mean of all.", valueName: "i"))
        var row: Int?
        @Option(help: ArgumentHelp("Its architecture, if the file does not say.", valueName: "json"))
        var architecture: String?
        @Option(help: ArgumentHelp("Classes in the order of columns or outputs.", valueName: "names"))
        var classes: Words?
        @Option(name: .customLong("ignore"), help: ArgumentHelp("Columns to leave out.", valueName: "columns"))
        var ignored: [Words] = []
        @Option(help: ArgumentHelp("Codes for missing values, such as chol=0.", valueName: "column=code"))
        var missing: [String] = []
        @Option(help: ArgumentHelp("What replaces missing values: mean or median.", valueName: "what"))
        var impute: Imputation?
        @Option(
            help: ArgumentHelp("Sizes of the batches you expect.", valueName: "rows"),
            transform: { try Words.numbers($0) })
        var sizes = [10, 20, 50]
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Significance level of the test for a difference.", valueName: "share"))
        var alpha = 0.05
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Smallest fall that counts as harm, as a fraction.", valueName: "share"))
        var margin = 0.05
        @Option(help: ArgumentHelp("The method that decides on different: energy, ks, mmd, ...", valueName: "name"))
        var method = "energy"
        @Option(help: ArgumentHelp("The measure of harm.", valueName: "name"))
        var metric: PerformanceMetric = .balancedAccuracy
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Samples of each size for the table of what is found; 0 leaves it out.", valueName: "n"))
        var cases = 40
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seed of everything drawn at random.", valueName: "n"),
            transform: Numbers.seed)
        var seed = 0
        @Option(help: ArgumentHelp("Folder to write.", valueName: "dir"))
        var out: String
        @Flag(help: "Retrain a method that learns from samples on subsets at every test; takes minutes.")
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
        @Flag(help: "Exit with status 4 on different or harmful.")
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
