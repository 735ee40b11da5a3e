import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an experiment: zoo, alignment, generator, new networks, verdict, report.",
        discussion: """
            EXPERIMENT is a folder under Experiments/, a folder with a config.yaml, or a YAML file.
            Exit status 3: finished, but the result is bad (diverged, collapsed, or networks that do not work).
            """)

    @Argument(help: "The experiment.")
    var experiment: String
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key; may be repeated.", valueName: "key.path=value"))
    var settings: [String] = []
    @Option(name: .customLong("arm"), help: ArgumentHelp("Run only this arm; may be repeated.", valueName: "name"))
    var arms: [String] = []
    @Option(help: ArgumentHelp("Key of all randomness (the key `seed`).", valueName: "n"))
    var seed: Int?
    @Option(help: ArgumentHelp("Run folder; default runs/<experiment>/seed-<n>.", valueName: "dir"))
    var out: String?
    @Flag(help: "Go on with an unfinished run.")
    var resume = false
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            var request = Experiment.Request(experiment: experiment)
            request.settings = settings
            request.arms = arms
            request.seed = seed
            request.out = out.map { URL(fileURLWithPath: $0) }
            request.resume = resume
            request.data = common.data
            let outcome = try Experiment(request, reporter: common.reporter).run()
            let report = outcome.folder.appendingPathComponent("report.html").path
            try common.print(
                TerminalSummary.render(outcome.summary) + "report: \(report)\n",
                json: Tree(parsing: Data(outcome.summary.jsonText().utf8), path: "summary"))
            return outcome.status
        }
    }
}
