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
              weightspace run quickstart --seed 1 --set generator.hidden=64
            """)

    @Argument(help: "The experiment.")
    var experiment: String
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key; may be repeated.", valueName: "key.path=value"))
    var settings: [String] = []
    @Option(name: .customLong("arm"), help: ArgumentHelp("Run only this arm; may be repeated.", valueName: "name"))
    var arms: [String] = []
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Key of all randomness (the key `seed`).", valueName: "n"),
        transform: Numbers.seed)
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
            if let study = try ShiftStudy(request, reporter: common.reporter) { return try print(study.execute()) }
            let outcome = try Experiment(request, reporter: common.reporter).run()
            let report = outcome.folder.appendingPathComponent("report.html").path
            let doubts = outcome.doubts.map { "doubt: \($0)\n" }.joined()
            let finished =
                outcome.wasFinished ? "\(outcome.folder.path): finished before, so nothing was left to do\n" : ""
            try common.print(
                TerminalSummary.render(outcome.summary, verdicts: outcome.verdicts) + doubts + finished
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

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Draw new networks from a finished run into a zoo file.",
        usage: "weightspace generate <run> --count <n> --out <file> [<options>]",
        discussion: """
            Network i is the same for every --count.

              weightspace generate runs/quickstart/seed-0 --count 10 --out new.h5
            """)

    @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
    var folder: String
    @Option(parsing: .unconditional, help: ArgumentHelp("How many networks.", valueName: "n"))
    var count: Int
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Key of the noise.", valueName: "n"), transform: Numbers.seed)
    var seed = 0
    @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
    var out: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            var operation = try GenerateOperation(
                run: URL(fileURLWithPath: folder), count: count, seed: UInt64(seed), out: URL(fileURLWithPath: out),
                catalog: try common.catalog())
            operation.replaces = output.force
            let lost = try operation.execute(common.reporter)
            let note = lost == 0 ? "" : ", \(lost) left out: not finite"
            try common.print(
                "\(out): \(Numbers.networks(count - lost))\(note)\n",
                json: ["count": .integer(count - lost), "not_finite": .integer(lost), "out": .string(out)])
            return lost == count ? .badResult : .done
        }
    }
}

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Judge the networks of a zoo file on data and, with --zoo, for novelty.",
        usage: "weightspace evaluate <file> [--zoo <file>] [<options>]",
        discussion: """
            Other data than the zoo's own is prepared as the zoo records it (scale and shift, missing values, \
            order of classes), and all rows of a file are judged on. A description changes that, such as \
            --dataset '{"name":"ward.csv","label":"outcome","missing":"mean"}'.

              weightspace evaluate ModelZoos/digits-mlp.h5
              weightspace evaluate new.h5 --zoo ModelZoos/digits-mlp.h5
            """)

    @Argument(help: "A zoo file or an ensemble.")
    var file: String
    @Option(
        help: ArgumentHelp(
            "Data to judge on, a name, a file or a description as JSON; default: the zoo's own.", valueName: "data"))
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
                TerminalSummary.table(outcome.rows) + outcome.data.description + doubt,
                json: [
                    "rows": .list(try outcome.rows.map { try Tree(encoding: $0) }),
                    "data": try Tree(encoding: outcome.data),
                    "doubt": outcome.doubt.map { .string($0) } ?? .null,
                ])
            return .done
        }
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Draw the report of a finished run again, or the picture of a zoo file.",
        usage: "weightspace report <run-or-zoo> [--out <file>]",
        discussion: """
              weightspace report runs/quickstart/seed-0
              weightspace report ModelZoos/digits-mlp.h5 --out digits.html
            """)

    @Argument(help: ArgumentHelp("The folder of a run or of an experiment, or a zoo file.", valueName: "run-or-zoo"))
    var source: String
    @Option(help: ArgumentHelp("Page to write; default: in the run's folder, or beside the zoo.", valueName: "file"))
    var out: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let report = try ReportOperation.execute(
                URL(fileURLWithPath: source), out: out.map { URL(fileURLWithPath: $0) }, replaces: output.force)
            try common.print("\(report.path)\n", json: ["report": .string(report.path)])
            return .done
        }
    }
}
