import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Tune a run's generator to a reward, and judge what it then draws.",
        usage: "weightspace tune <run> --out <dir> [<options>]",
        discussion: """
            The generator learns to draw networks in proportion to exp(strength x reward). The reward is \
            measured in standard deviations over the untuned generator's networks. Every strength is tried, \
            beside the best of n, gradient steps and guidance, and validation rows choose one. The tuned \
            folder is a run folder: generate, evaluate and report take it. Exit status 3 means what it does \
            for run.

            Rewards: negative-loss, accuracy (smoothed), agreement and disagreement (with a reference \
            model), on the zoo's training rows or on --dataset, which takes what evaluate takes.

              weightspace tune runs/my-run/seed-0 --strength 1,3 --out tuned
              weightspace tune runs/my-run/seed-0 --dataset mine.csv --out fitting
            """)

    @Argument(help: ArgumentHelp("The run folder; it is not changed.", valueName: "run"))
    var folder: String
    @Option(help: ArgumentHelp("The reward; default negative-loss.", valueName: "kind"))
    var reward: String?
    @Option(
        help: ArgumentHelp(
            "Labelled data of the reward, a name, a file or a description as JSON; default: the zoo's training rows.",
            valueName: "data"))
    var dataset: String?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Strengths to try; default 1,3,10.", valueName: "s,..."),
        transform: Strengths.init)
    var strength: Strengths?
    @Option(help: ArgumentHelp("Folder of the tuned run.", valueName: "dir"))
    var out: String
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key; may be repeated.", valueName: "key.path=value"))
    var settings: [String] = []
    @Flag(help: "Go on with an unfinished tuning.")
    var resume = false
    @Flag(help: "Take over the folder from a process on another host that has ended.")
    var takeOver = false
    @OptionGroup var common: CommonOptions

    /// Numbers with commas between them.
    struct Strengths {
        let values: [Double]

        init(_ text: String) throws {
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            values = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
            guard values.count == parts.count, values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
                throw ValidationError(
                    "expected numbers of at least 0 with commas between them, found \(text)")
            }
        }
    }

    func run() throws {
        try common.perform {
            var operation = TuneOperation(run: URL(fileURLWithPath: folder), out: URL(fileURLWithPath: out))
            (operation.reward, operation.dataset) = (reward, dataset)
            operation.strengths = strength?.values ?? []
            (operation.settings, operation.resume, operation.data) = (settings, resume, common.data)
            operation.takesOver = takeOver
            let outcome = try operation.execute(common.reporter)
            let experiment = outcome.experiment
            let finished = experiment.wasFinished ? "\(out): finished before, so nothing was left to do\n" : ""
            try common.print(
                TuningText.render(outcome.table) + "\n"
                    + TerminalSummary.render(experiment.summary, verdicts: experiment.verdicts) + finished
                    + "report: \(out)/report.html\n",
                json: [
                    "tuning": try Tree(encoding: outcome.table),
                    "summary": try Tree(parsing: Data(experiment.summary.jsonText().utf8), path: "summary"),
                ])
            return experiment.status
        }
    }
}
