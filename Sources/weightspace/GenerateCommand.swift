import ArgumentParser
import Foundation
import Laboratory

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Draw new networks from a finished run into a zoo file.",
        discussion: "Network i is the same for every --count.")

    @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
    var folder: String
    @Option(help: ArgumentHelp("How many networks.", valueName: "n"))
    var count: Int
    @Option(help: ArgumentHelp("Key of the noise.", valueName: "n"))
    var seed: UInt64 = 0
    @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
    var out: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let operation = try GenerateOperation(
                run: URL(fileURLWithPath: folder), count: count, seed: seed, out: URL(fileURLWithPath: out),
                catalog: try common.catalog())
            let lost = try operation.execute(common.reporter)
            let note = lost == 0 ? "" : ", \(lost) left out: not finite"
            try common.print(
                "\(out): \(count - lost) networks\(note)\n",
                json: ["count": .integer(count - lost), "not_finite": .integer(lost), "out": .string(out)])
            return lost == count ? .badResult : .done
        }
    }
}
