import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge networks on data and, with --zoo, certify how new and how good they are.",
        usage: "weightspace evaluate <networks> [--zoo <file>] [<options>]",
        discussion: """
            NETWORKS is a zoo file. With --zoo it may also be any file or folder that `zoo import` reads \
            (safetensors, PyTorch checkpoints, ...). A run folder will do too, and brings its own zoo. \
            With a zoo the networks get the verdict of a run and a certificate: novelty and performance, \
            memorization, diversity, the gain of a vote.

            Data other than the zoo's own is prepared as the zoo records it (scale and shift, missing values, \
            order of classes), and all rows of a file are used. A description changes that, such as \
            --dataset '{"name":"ward.csv","label":"outcome","missing":"mean"}'.

              weightspace evaluate ModelZoos/digits-mlp.h5
              weightspace evaluate new.h5 --zoo ModelZoos/digits-mlp.h5
            """)

    @Argument(help: ArgumentHelp("A zoo file; with --zoo, networks of any format.", valueName: "networks"))
    var file: String
    @Option(
        help: ArgumentHelp(
            "Data to judge on, a name, a file or a description as JSON; default: the zoo's own.", valueName: "data"))
    var dataset: String?
    @Option(help: ArgumentHelp("The zoo the networks were made from.", valueName: "file"))
    var zoo: String?
    @Option(
        name: .customLong("bar"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Accuracy, 0 to 1, that networks must pass in the profile; default: a point below the zoo's mean. May be repeated.",
            valueName: "share"))
    var bars: [Double] = []
    @Option(
        help: ArgumentHelp(
            "Judge every population also after a finish: statistics, logits, last-layer or train.", valueName: "kind"))
    var finish: String?
    @Option(help: ArgumentHelp("HTML page to write.", valueName: "file"))
    var report: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        for bar in bars where !(bar >= 0 && bar < 1) {
            throw ValidationError("--bar: expected an accuracy from 0 to below 1, found \(bar)")
        }
    }

    func run() throws {
        try common.perform {
            Interruption.endAtOnce()
            let page = report.map { URL(fileURLWithPath: $0) }
            var operation = EvaluateOperation(path: file, dataset: dataset, zoo: zoo, catalog: try common.catalog())
            (operation.bars, operation.finish) = (bars, finish)
            operation.ranks = common.ranks()
            try operation.check(page: page, replacing: output.force)
            let outcome = try operation.execute(common.reporter)
            if let page { try outcome.write(page) }
            try common.print(text(outcome), json: json(outcome))
            return .done
        }
    }

    private func text(_ outcome: EvaluateOperation.Outcome) -> String {
        var text = TerminalSummary.table(outcome.rows)
        if let verdict = outcome.verdict {
            text += "\n" + TerminalSummary.sentence(verdict) + "\n"
            if let certificate = outcome.certificate { text += CertificateText.render(certificate) + "\n" }
            if let diagnosis = outcome.shownDiagnosis { text += DiagnosisText.render(diagnosis) + "\n" }
        }
        text += outcome.data.description + outcome.notes.map { "note: \($0)\n" }.joined()
        text += outcome.doubt.map { "doubt: \($0)\n" } ?? ""
        return text + (report.map { "report: \($0)\n" } ?? "")
    }

    private func json(_ outcome: EvaluateOperation.Outcome) throws -> Tree {
        var keys: Tree.Map = [
            "rows": .list(try outcome.rows.map { try Tree(encoding: $0) }),
            "data": try Tree(encoding: outcome.data),
            "doubt": outcome.doubt.map { .string($0) } ?? .null,
            "notes": .list(outcome.notes.map { .string($0) }),
        ]
        keys["verdict"] = try outcome.verdict.map { try Tree(encoding: $0) }
        keys["certificate"] = try outcome.certificate.map { try Tree(encoding: $0) }
        keys["diagnosis"] = try outcome.diagnosis.map { try Tree(encoding: $0) }
        return .map(keys)
    }
}
