import ArgumentParser
import Basics
import Formats
import Foundation
import Laboratory
import ModelZoo
import Tensors

/// The command: parse, hand to Laboratory, print.
@main
struct WeightSpaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weightspace",
        abstract: "Generative modelling of neural-network weights: zoos, flows, honest verdicts.",
        version: WeightSpaceVersion.current,
        subcommands: [
            RunCommand.self, GenerateCommand.self, EvaluateCommand.self, AlignCommand.self, ZooCommand.self,
            DataCommand.self, ListCommand.self, ArchitecturesCommand.self, ReportCommand.self,
        ])

    static func main() {
        HDF5Probe.serveForeignIfAsked()
        Interruption.install()
        main(nil)
    }
}

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print one JSON object on standard output instead of a table.")
    var json = false
    @Option(help: ArgumentHelp("Threads to use; results never depend on it.", valueName: "n"))
    var threads: Int?
    @Option(help: ArgumentHelp("Folder with data sets.", valueName: "dir"))
    var data: String?
    @Flag(help: "No progress on standard error.")
    var quiet = false
    @Flag(help: "Details on standard error.")
    var verbose = false

    func validate() throws {
        if let threads, threads < 1 || threads > 1024 {
            throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
        }
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    }

    var reporter: any ProgressReporter {
        (quiet ? Verbosity.quiet : verbose ? .verbose : .normal).reporter
    }

    func catalog() throws -> DatasetCatalog { try .ofProcess(explicit: data) }

    /// Does a command's work, turning every failure into one message on standard error and the exit status.
    func perform(_ work: () throws -> ExitStatus) throws {
        let status: ExitStatus
        do {
            if let problem = Threads.kernelProblem {
                throw DataError(
                    .configuration, path: "WEIGHTSPACE_KERNELS", expected: "a kernel set of this processor",
                    found: problem)
            }
            if let threads { Threads.count = threads }
            status = try work()
        } catch {
            status = ExitStatus(error)
            if status != .done {
                FileHandle.standardError.write(Data("weightspace: \(error)\n".utf8))
            }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// Prints a result: JSON, or text for people.
    func print(_ text: String, json value: @autoclosure () throws -> Tree) throws {
        try StandardOutput().write(json ? try value().text() + "\n" : text)
    }
}
