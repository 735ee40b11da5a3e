import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an experiment: zoo, alignment, generator, new networks, verdict, report.",
        usage: "weightspace run <experiment> [<options>]",
        discussion: """
            EXPERIMENT is a folder under Experiments/, a folder with a config.yaml, or a YAML file. \
            Exit status 3: finished, but the result is bad (diverged, collapsed, or networks that \
            do not work).

              weightspace run quickstart
              weightspace run my-run.yaml
              weightspace run my-run.yaml --seed 1 --set generator.hidden=64
              weightspace run my-run.yaml --seed 2 --tensorboard

            --set takes any key that `weightspace config my-run.yaml` prints, its value written as in \
            the file: 64, 0.5, text, [64, 32], {kind: raw}.
            """)

    @Argument(help: "The experiment.")
    var experiment: String
    @OptionGroup var changes: SettingsOptions
    @Option(help: ArgumentHelp("Run folder; default runs/<experiment>/seed-<n>.", valueName: "dir"))
    var out: String?
    @Flag(help: "Go on with an unfinished run.")
    var resume = false
    @Flag(help: "Write event files for TensorBoard into the run's folder as it goes.")
    var tensorboard = false
    @Flag(help: "Take over the folder from a process on another host that has ended.")
    var takeOver = false
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            var request = changes.request(experiment)
            request.out = out.map { URL(fileURLWithPath: $0) }
            request.resume = resume
            request.tensorboard = tensorboard
            request.command = (["weightspace"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
            request.takesOver = takeOver
            request.data = common.data
            if let study = try ShiftStudy(request, reporter: common.reporter) { return try print(study.execute()) }
            var experiment = try Experiment(request, reporter: common.reporter)
            experiment.ranks = common.ranks()
            let outcome = try experiment.run()
            let report = outcome.folder.appendingPathComponent("report.html").path
            let doubts = outcome.doubts.map { "doubt: \($0)\n" }.joined()
            let finished =
                outcome.wasFinished ? "\(outcome.folder.path): finished before, so nothing was left to do\n" : ""
            try common.print(
                TerminalSummary.render(outcome.summary, verdicts: outcome.verdicts)
                    + (outcome.diagnosis.map { DiagnosisText.render($0) } ?? "") + doubts + finished
                    + "report: \(report)\n",
                json: Tree(parsing: Data(outcome.summary.jsonText().utf8), path: "summary"))
            return outcome.status
        }
    }

    private func print(_ outcome: ShiftStudy.Outcome) throws -> ExitStatus {
        let path = outcome.folder.path
        let finished = outcome.wasFinished ? "\(path): finished before, so nothing was left to do\n" : ""
        try common.print(
            outcome.report.text() + finished + "report: \(path)/report.html\n", json: Tree(encoding: outcome.report))
        return .done
    }
}

/// What may be changed of an experiment's file on the command line.
struct SettingsOptions: ParsableArguments {
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key; may be repeated.", valueName: "key.path=value"))
    var settings: [String] = []
    @Option(name: .customLong("arm"), help: ArgumentHelp("Only this arm; may be repeated.", valueName: "name"))
    var arms: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of everything drawn at random (the key `seed`).", valueName: "n"),
        transform: Numbers.seed)
    var seed: Int?

    /// Whether nothing is changed.
    var isEmpty: Bool { settings.isEmpty && arms.isEmpty && seed == nil }

    /// The experiment with these changes.
    func request(_ experiment: String) -> Experiment.Request {
        var request = Experiment.Request(experiment: experiment)
        (request.settings, request.arms, request.seed) = (settings, arms, seed)
        return request
    }
}

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Draw new networks from a finished run into a zoo file.",
        usage: "weightspace generate <run> --count <n> --out <file> [<options>]",
        discussion: """
            Network i is the same for every --count. Where a run has conditions, --support FILE with \
            --label COLUMN asks for networks that classify like the examples in a file (a table, IDX \
            images, .npz), and --condition accuracy=0.95 asks for a number; --guidance 1.5 asks more strongly, and \
            --select 4 draws four times as many networks and keeps those that have it on validation rows.

              weightspace generate runs/my-run/seed-0 --count 10 --out new.h5
            """)

    @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
    var folder: String
    @Option(parsing: .unconditional, help: ArgumentHelp("How many networks.", valueName: "n"))
    var count: Int
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Seed of the noise.", valueName: "n"), transform: Numbers.seed)
    var seed = 0
    @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
    var out: String
    @Option(
        help: ArgumentHelp(
            "Finish the networks on the zoo's training rows before they are written: statistics, logits, last-layer or train.",
            valueName: "kind"))
    var finish: String?
    @Option(help: ArgumentHelp("Labelled examples of the task that the networks are for.", valueName: "file"))
    var support: String?
    @Option(
        help: ArgumentHelp("The examples' column of classes; found automatically if not given.", valueName: "column"))
    var label: String?
    @Option(
        name: .customLong("condition"), parsing: .singleValue,
        help: ArgumentHelp("Ask for a number, or label=...; may be repeated.", valueName: "name=value"))
    var conditions: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Strength of the guidance: 0 ignores what is asked, 1 adds nothing; default: the run's.", valueName: "g"))
    var guidance: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Draw so many times as many networks, and keep those nearest to the accuracy asked for, by validation rows.",
            valueName: "n"))
    var select: Int?
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            var operation = try GenerateOperation(
                run: URL(fileURLWithPath: folder), count: count, seed: UInt64(seed), out: URL(fileURLWithPath: out),
                catalog: try common.catalog())
            operation.replaces = output.force
            operation.finish = finish
            operation.ranks = common.ranks()
            (operation.asked.support, operation.asked.label) = (support.map { URL(fileURLWithPath: $0) }, label)
            (operation.asked.values, operation.asked.guidance, operation.asked.select) = (conditions, guidance, select)
            let outcome = try operation.execute(common.reporter)
            let lost = outcome.notFinite
            let note = lost == 0 ? "" : ", \(lost) left out: not finite"
            let finished = outcome.finish.map { ", finished (\($0))" } ?? ""
            var json: Tree.Map = [
                "count": .integer(count - lost), "not_finite": .integer(lost), "out": .string(out),
            ]
            if let finish = outcome.finish { json["finish"] = .string(finish) }
            if let classes = outcome.classes { json["classes"] = .list(classes.map { .string($0) }) }
            let outputs = outcome.classes.map { ", outputs are \($0.joined(separator: ", "))" } ?? ""
            try common.print(
                "\(out): \(Numbers.networks(count - lost))\(note)\(finished)\(outputs)\n", json: .map(json))
            return lost == count ? .badResult : .done
        }
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Redraw the report of a finished run, or draw a picture of a zoo file.",
        usage: "weightspace report <run-or-zoo> [--out <file> | --tensorboard <dir>]",
        discussion: """
            --tensorboard writes event files instead of a page: curves of training, histograms of \
            weights and codes, accuracies, and the verdict. `tensorboard --logdir DIR` shows them.

              weightspace report runs/my-run/seed-0
              weightspace report runs/my-run/seed-0 --tensorboard events
              weightspace report ModelZoos/digits-mlp.h5 --out digits.html
            """)

    @Argument(help: ArgumentHelp("The folder of a run or of an experiment, or a zoo file.", valueName: "run-or-zoo"))
    var source: String
    @Option(help: ArgumentHelp("Page to write; default: in the run's folder, or beside the zoo.", valueName: "file"))
    var out: String?
    @Option(help: ArgumentHelp("Folder for event files of a run, or of an experiment's runs.", valueName: "dir"))
    var tensorboard: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if tensorboard != nil, out != nil || output.force {
            throw ValidationError("--tensorboard writes no page: leave out --out and --force")
        }
    }

    func run() throws {
        try common.perform {
            if let tensorboard {
                let runs = try EventsOperation.execute(
                    URL(fileURLWithPath: source), to: URL(fileURLWithPath: tensorboard))
                try common.print(
                    "\(tensorboard): events of \(runs) \(runs == 1 ? "run" : "runs")\n",
                    json: ["runs": .integer(runs), "tensorboard": .string(tensorboard)])
                return .done
            }
            let report = try ReportOperation.execute(
                URL(fileURLWithPath: source), out: out.map { URL(fileURLWithPath: $0) }, replaces: output.force)
            try common.print("\(report.path)\n", json: ["report": .string(report.path)])
            return .done
        }
    }
}
