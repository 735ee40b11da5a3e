import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Judge the networks of a zoo file on data and, with --zoo, for novelty.")

    @Argument(help: "A zoo file or an ensemble.")
    var file: String
    @Option(help: ArgumentHelp("Data set; default: the file's own.", valueName: "name"))
    var dataset: String?
    @Option(help: ArgumentHelp("The zoo the networks were made from.", valueName: "file"))
    var zoo: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            Interruption.endAtOnce()
            let outcome = try EvaluateOperation(
                path: file, dataset: dataset, zoo: zoo, catalog: common.catalog()
            ).execute()
            let doubt = outcome.doubt.map { "doubt: \($0)\n" } ?? ""
            try common.print(
                TerminalSummary.table(outcome.rows) + doubt,
                json: [
                    "rows": .list(try outcome.rows.map { try Tree(encoding: $0) }),
                    "doubt": outcome.doubt.map { .string($0) } ?? .null,
                ])
            return .done
        }
    }
}
