import ArgumentParser
import Foundation
import Laboratory

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Draw the report of a finished run again, or the picture of a zoo file.")

    @Argument(help: ArgumentHelp("The folder of a run or of an experiment, or a zoo file.", valueName: "run-or-zoo"))
    var source: String
    @Option(help: ArgumentHelp("Page to write; default: in the run's folder, or beside the zoo.", valueName: "file"))
    var out: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let report = try ReportOperation.execute(
                URL(fileURLWithPath: source), out: out.map { URL(fileURLWithPath: $0) })
            try common.print("\(report.path)\n", json: ["report": .string(report.path)])
            return .done
        }
    }
}
