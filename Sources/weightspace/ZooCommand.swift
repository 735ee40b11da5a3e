import ArgumentParser
import Basics
import Foundation
import Laboratory
import ModelZoo
import Reports

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Train, convert, check and inspect populations of networks.",
        subcommands: [
            Train.self, Import.self, Export.self, Inspect.self, Verify.self, Split.self, Principal.self, Random.self,
        ])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a zoo file holds, and verify its checksums.",
            usage: "weightspace zoo inspect <zoo> [<options>]",
            discussion: "  weightspace zoo inspect ModelZoos/digits-mlp.h5")

        @Argument(help: "A zoo file.")
        var zoo: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                let inspection = try ZooReader(path: zoo).inspect()
                try common.print(inspection.description + "\n", json: Tree(encoding: inspection))
                if !inspection.isSound {
                    throw DataError(
                        .malformed, path: zoo,
                        problem: "\(inspection.damaged.count) networks are damaged (not as their checksums say), "
                            + "\(inspection.nonFinite.count) have numbers that are not finite",
                        hint: "they are named above; `weightspace zoo verify --drop-bad` writes a copy without them")
                }
                return .done
            }
        }
    }
}

extension ZooCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every network of a zoo file, and its recorded accuracies.",
            usage: "weightspace zoo verify <zoo> [--drop-bad --out <file>] [<options>]",
            discussion: """
                Exit status 0: all are good, or the good ones were written with --drop-bad. 3: readable, but not all \
                are good. 65: not a sound zoo file, or its bytes have changed since they were written.

                  weightspace zoo verify ModelZoos/digits-mlp.h5
                  weightspace zoo verify ModelZoos/digits-mlp.h5 --drop-bad --out good.h5
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(
            help: ArgumentHelp(
                "Data to recompute accuracies on, a name, a file or a description; default: the zoo's own.",
                valueName: "data"))
        var dataset: String?
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp(
                "Largest |w| allowed in a slot, in multiples of the population's median.", valueName: "f"))
        var magnitude = ZooVerifier.Options().magnitudeFactor
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Largest |w| of any weight; default: no bound.", valueName: "b")
        )
        var bound: Double?
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Largest difference allowed in an accuracy, as a fraction.", valueName: "t"))
        var tolerance = ZooVerifier.Options().tolerance
        @Option(name: .customLong("run"), help: ArgumentHelp("Column that names a network's run.", valueName: "column"))
        var runColumn = ZooVerifier.Options().runColumn
        @Flag(help: "Write a copy without the bad networks to --out.")
        var dropBad = false
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String?
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if dropBad != (out != nil) {
                throw ValidationError("--drop-bad and --out belong together: give both, or none")
            }
            for (name, value) in [("--magnitude", magnitude), ("--bound", bound ?? 1), ("--tolerance", tolerance)]
            where !(value >= 0) || !value.isFinite || (value == 0 && name != "--tolerance") {
                throw ValidationError("\(name): expected a positive number, found \(value)")
            }
        }

        func run() throws {
            try common.perform {
                if out == nil { Interruption.endAtOnce() }
                var options = ZooVerifier.Options()
                (options.magnitudeFactor, options.bound) = (magnitude, bound)
                (options.tolerance, options.runColumn) = (tolerance, runColumn)
                let described = try dataset.map { try DatasetDescription(option: $0) }
                var work = VerifyOperation(
                    path: zoo,
                    verifier: ZooVerifier(options: options, catalog: try common.catalog(), described: described),
                    out: out.map { URL(fileURLWithPath: $0) })
                work.replaces = output.force
                let (found, copied) = try work.execute(common.reporter)
                var json = try Tree(encoding: found)
                json["good"] = .bool(found.isGood)
                json["copied"] = copied.map { .integer($0) } ?? .null
                try common.print(Self.text(found, copied, out), json: json)
                if let copied, copied > 0 { return .done }
                return found.isGood ? .done : found.isDamaged ? .badData : .badResult
            }
        }

        /// The findings that a table shows; `--json` has all.
        private static let mostFindings = 40

        private static func text(_ found: ZooVerification, _ copied: Int?, _ out: String?) -> String {
            var checks = TextTable(["check", "state", "networks", "what"])
            for check in found.checks {
                checks.append([
                    check.kind.rawValue, check.state.rawValue,
                    check.state == .skipped ? "-" : "\(check.networks.count)", check.detail,
                ])
            }
            var text = checks.text
            if !found.findings.isEmpty {
                var table = TextTable(["network", "check", "found"])
                for finding in found.findings.prefix(mostFindings) {
                    table.append(["\(finding.network)", finding.kind.rawValue, finding.detail])
                }
                text += "\n" + table.text
                if found.findings.count > mostFindings {
                    text += "... and \(found.findings.count - mostFindings) more (--json has all)\n"
                }
            }
            text += "\n\(found.count - found.bad.count) of \(found.count) networks are good\n"
            if let copied, let out {
                text +=
                    copied == 0 ? "\(out): not written, no network is good\n" : "\(out): \(Numbers.networks(copied))\n"
            }
            return text
        }
    }
}
