import ArgumentParser
import Basics
import Formats
import Foundation
import Laboratory
import ModelZoo
import Ranks
import Tensors

/// The command: parse, hand to Laboratory, print.
@main
struct WeightSpaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weightspace",
        abstract: "Learn from trained networks, draw new ones, and judge them honestly.",
        version: WeightSpaceVersion.current,
        subcommands: [
            RunCommand.self, GenerateCommand.self, TuneCommand.self, EvaluateCommand.self, AlignCommand.self,
            ZooCommand.self, ShiftCommand.self, DataCommand.self, ListCommand.self, ArchitecturesCommand.self,
            ConfigCommand.self, CompareCommand.self, ReportCommand.self, DoctorCommand.self,
        ])

    static func main() {
        HDF5Probe.serveForeignIfAsked()
        Interruption.install()
        joinJob()
        let words = Array(CommandLine.arguments.dropFirst())
        if let problem = CommandNames.problem(words) { end("\(problem)\n", with: .usage) }
        do {
            var command = try parseAsRoot(words)
            try command.run()
        } catch {
            end(error)
        }
    }

    /// Joins the other processes of the job, where there are any. Rank 0 comes back and does the command; the others serve it
    /// and end with it.
    private static func joinJob() {
        do {
            try Job.join(likeness: RankTable.likeness)
        } catch {
            if Job.isFirst { end("\(error)\n", with: ExitStatus(error)) }
            Foundation.exit(ExitStatus(error).rawValue)
        }
        atexit { Job.leave() }
        guard Job.communicator.rank > 0 else { return }
        do {
            let server = RankServer(Job.communicator, RankTable.works) { threads in
                if let threads = threads ?? Job.threads { Threads.count = threads }
            }
            try server.run()
        } catch {
            Job.abort("\(error)", status: ExitStatus(error).rawValue)
        }
        Foundation.exit(0)
    }

    /// Ends with what the parser, or a command, threw: help on standard output, what is wrong on standard error after
    /// the prefix that every message has.
    private static func end(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        guard !code.isSuccess, !(error is ExitCode) else { exit(withError: error) }
        end(ParserMessage.text(fullMessage(for: error)) + "\n", with: .usage)
    }

    private static func end(_ message: String, with status: ExitStatus) -> Never {
        FileHandle.standardError.write(Data("weightspace: \(message)".printableLines.utf8))
        Foundation.exit(status.rawValue)
    }
}

/// The option of every command that writes a file.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Replace what is there already.")
    var force = false
}

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print one JSON object on standard output instead of a table.")
    var json = false
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Number of threads; results never depend on it.", valueName: "n"))
    var threads: Int?
    @Option(help: ArgumentHelp("Folder with data sets.", valueName: "dir"))
    var data: String?
    @Flag(help: "No progress on standard error.")
    var quiet = false
    @Flag(help: "More detail on standard error.")
    var verbose = false

    func validate() throws {
        if let threads { try Numbers.check("--threads", threads, in: 1...1024) }
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other: give one of them") }
    }

    var reporter: any ProgressReporter {
        (quiet ? Verbosity.quiet : verbose ? .verbose : .normal).reporter
    }

    /// The processes of this job; says how many they are, and how many threads each has.
    func ranks() -> Ranks {
        if let summary = Job.summary { reporter.note("\(summary), \(Threads.count) threads each") }
        return Ranks(Job.communicator, threads: threads)
    }

    func catalog() throws -> DatasetCatalog { try .ofProcess(explicit: data) }

    /// Does a command's work, turning every failure into one message on standard error and the exit status.
    func perform(_ work: () throws -> ExitStatus) throws {
        let status: ExitStatus
        do {
            if let problem = Threads.kernelProblem {
                throw DataError(
                    .configuration, path: "WEIGHTSPACE_KERNELS", expected: "a kernel set of this processor",
                    found: problem, hint: "unset it")
            }
            if let threads = threads ?? Job.threads { Threads.count = threads }
            status = try work()
        } catch {
            status = ExitStatus(error)
            if status != .done {
                FileHandle.standardError.write(Data("weightspace: \(Self.message(error))\n".printableLines.utf8))
            }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// What a person reads of a failure: ours in our words, the system's in ours too.
    private static func message(_ error: any Error) -> String {
        switch error {
        case is DataError, is ConfigError: return "\(error)"
        default:
            let place = (error as NSError).userInfo[NSFilePathErrorKey] as? String
            if let problem = SystemProblem(error) {
                return DataError(.inputOutput, path: place ?? "", problem: problem.reason, hint: problem.hint)
                    .description
            }
            return "an internal error, please report it: \(error)"
        }
    }

    /// Prints a result: JSON, or text for people.
    func print(_ text: String, json value: @autoclosure () throws -> Tree) throws {
        try StandardOutput().write(json ? try value().text() + "\n" : text.printableLines)
    }
}
