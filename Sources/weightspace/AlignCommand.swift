import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

struct AlignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "align", abstract: "Align a zoo's networks: bring them into one symmetry frame.",
        usage: "weightspace align <zoo> --out <file> [<options>]",
        discussion: """
            Hidden units are permuted to match the reference; every network computes the same function.

              weightspace align ModelZoos/digits-mlp.h5 --out aligned.h5
            """)

    @Argument(help: "A zoo file.")
    var zoo: String
    @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
    var out: String
    @Option(parsing: .unconditional, help: ArgumentHelp("Row of the reference network.", valueName: "i"))
    var reference = 0
    @Option(help: ArgumentHelp("How units are matched.", valueName: "name"))
    var method: Method = .weightMatching
    @Option(parsing: .unconditional, help: ArgumentHelp("Maximum number of sweeps for one network.", valueName: "n"))
    var sweeps = 100
    @OptionGroup var output: OutputOptions
    @OptionGroup var common: CommonOptions

    enum Method: String, ExpressibleByArgument, CaseIterable {
        case weightMatching = "weight-matching"
    }

    /// Four significant digits.
    private static func short(_ value: Double) -> String { String(format: "%.4g", value) }

    func validate() throws {
        try Numbers.check("--sweeps", sweeps, in: 1...10_000)
    }

    func run() throws {
        try common.perform {
            var work = AlignOperation(
                path: zoo, reference: reference, sweeps: sweeps, out: URL(fileURLWithPath: out))
            work.replaces = output.force
            work.ranks = common.ranks()
            let facts = try work.execute(common.reporter)
            var table = TextTable(["fact", "value"])
            table.append(["networks aligned", "\(facts.networks)"])
            table.append(["reference", "\(facts.reference)"])
            table.append(["most sweeps", "\(facts.sweeps)"])
            table.append(["stopped at the cap", "\(facts.unfinished)"])
            table.append(["distance to the reference before", Self.short(facts.distanceBefore)])
            table.append(["distance to the reference after", Self.short(facts.distanceAfter)])
            table.append(["largest logit difference", Self.short(facts.largestLogitDifference ?? .nan)])
            table.append(["largest logit", Self.short(facts.largestLogit ?? .nan)])
            try common.print(table.text, json: Tree(encoding: facts))
            return .done
        }
    }
}
