import ArgumentParser
import Foundation
import Laboratory

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Draw the report of a finished run again and say where it is.")

    @Argument(help: ArgumentHelp("The folder of a run, or of an experiment with arms.", valueName: "run"))
    var folder: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let report = try ReportOperation.execute(URL(fileURLWithPath: folder))
            try common.print("\(report.path)\n", json: ["report": .string(report.path)])
            return .done
        }
    }
}
