import Basics
import Foundation
import ModelZoo
import Ranks
import Tensors

/// What `weightspace doctor` finds: versions, libraries, kernels and folders, and whether small computations come out
/// right on this machine.
public struct DoctorOperation: Sendable {
    /// How something is.
    public enum State: String, Sendable, Codable {
        /// As it should be.
        case fine
        /// It works, but slowly or not with everything.
        case doubtful
        /// It does not work.
        case wrong
    }

    /// One thing that was looked at.
    public struct Finding: Sendable, Encodable {
        /// What was looked at.
        public let what: String
        /// What was found.
        public let found: String
        /// How it is.
        public var state = State.fine
        /// What to do about it; nil where nothing is to be done.
        public var advice: String?
    }

    /// Everything that was looked at, in order.
    public let findings: [Finding]
    /// Seconds that the self-tests took.
    public let seconds: Double

    /// Looks at the machine and the build, and runs the self-tests. `data` is the folder of data sets that was asked for;
    /// where there are several ranks, what passes between them is timed.
    public static func execute(data: String? = nil, ranks: Ranks = .one) -> DoctorOperation {
        execute(data: data, tests: SelfTest.all, ranks: ranks)
    }

    static func execute(data: String?, tests: [SelfTest], ranks: Ranks = .one) -> DoctorOperation {
        let began = StageClock.now()
        let tested = tests.map(result)
        let seconds = StageClock.now() - began
        return DoctorOperation(
            findings: build + machine + folders(data) + RankFindings.all(ranks) + tested, seconds: seconds)
    }

    /// Whether nothing is wrong; what is doubtful is not.
    public var isSound: Bool { !findings.contains { $0.state == .wrong } }

    private static func result(of test: SelfTest) -> Finding {
        do {
            guard let problem = try test.problem() else { return Finding(what: test.name, found: "right") }
            return Finding(what: test.name, found: problem, state: .wrong, advice: test.advice)
        } catch {
            return Finding(what: test.name, found: "\(error)", state: .wrong, advice: test.advice)
        }
    }

    private static var build: [Finding] {
        let isDebug = RunEnvironment.build == "debug"
        return [
            Finding(what: "weightspace", found: WeightSpaceVersion.current),
            Finding(
                what: "build", found: RunEnvironment.build, state: isDebug ? .doubtful : .fine,
                advice: isDebug ? "everything is many times slower than it could be: swift build -c release" : nil),
            Finding(what: "SHA-256 of the program", found: RunEnvironment.executableDigest ?? "unknown"),
            Finding(what: "compiled with", found: "Swift \(RunEnvironment.swiftVersion)"),
            Finding(what: "HDF5", found: HDF5Library.version),
        ]
    }

    private static var machine: [Finding] {
        let environment = RunEnvironment(
            version: WeightSpaceVersion.current, kernelSet: Threads.kernelSet, threads: Threads.count)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let isSlow = environment.kernelSet == "baseline" && RunEnvironment.architecture == "x86_64"
        return [
            Finding(what: "operating system", found: ProcessInfo.processInfo.operatingSystemVersionString),
            Finding(
                what: "processor", found: "\(environment.processor), \(RunEnvironment.architecture), \(cores) cores"),
            Finding(what: "memory", found: "\(ProcessInfo.processInfo.physicalMemory >> 20) MiB"),
            Finding(
                what: "kernel set", found: environment.kernelSet, state: isSlow ? .doubtful : .fine,
                advice: isSlow
                    ? "the plainest one, several times slower than others: does WEIGHTSPACE_KERNELS ask for it?" : nil),
            Finding(
                what: "OpenBLAS",
                found: "kernels for \(OpenBLAS.core), one thread; the program's own pool runs the rest"),
            Finding(what: "threads", found: "\(environment.threads)"),
        ]
    }

    private static func folders(_ data: String?) -> [Finding] {
        let experiments = ExperimentListing.ofProcess()
        let names = experiments.experiments.map(\.name).joined(separator: ", ")
        return [
            sets(data),
            Finding(
                what: "experiments", found: names.isEmpty ? "none" : names, state: names.isEmpty ? .doubtful : .fine,
                advice: names.isEmpty
                    ? "`weightspace run` still takes a YAML file; names are found in a checkout" : nil),
            temporary,
        ]
    }

    /// The data sets that can be read.
    private static func sets(_ data: String?) -> Finding {
        let what = "data sets"
        do {
            let catalog = try DatasetCatalog.ofProcess(explicit: data)
            let there = catalog.listing().filter { $0.folder != nil }.map(\.name)
            guard !there.isEmpty else {
                return Finding(
                    what: what, found: "none", state: .doubtful,
                    advice: "Scripts/fetch-data fetches them; --data or WEIGHTSPACE_DATA names a folder that has them")
            }
            return Finding(what: what, found: there.joined(separator: ", "))
        } catch {
            return Finding(
                what: what, found: "\(error)", state: .wrong, advice: "name a folder that is there, or leave out --data"
            )
        }
    }

    private static var temporary: Finding {
        let path = FileManager.default.temporaryDirectory.path
        let isWritable = access(path, W_OK | X_OK) == 0
        return Finding(
            what: "temporary folder", found: path + (isWritable ? "" : ", not writable"),
            state: isWritable ? .fine : .wrong, advice: isWritable ? nil : "set TMPDIR to a folder that can be written")
    }

    /// A line for each thing that was looked at, then what to do. Lines are not folded: they are there to be sent on.
    public var text: String {
        let width = findings.map(\.what.count).max() ?? 0
        let lines = findings.map { finding in
            let state = finding.state == .fine ? "" : " (\(finding.state.rawValue))"
            return finding.what.padding(toLength: width + 2, withPad: " ", startingAt: 0) + finding.found + state + "\n"
        }.joined()
        let advice = findings.compactMap { finding in
            finding.advice.map { "\(finding.state.rawValue): \(finding.what): \($0)\n" }
        }.joined()
        let count = findings.count { $0.state == .wrong }
        let end = isSound ? "nothing is wrong" : count == 1 ? "one thing is wrong" : "\(count) things are wrong"
        return lines + advice + "\(end); the self-tests took \(NumberText.seconds(seconds))\n"
    }

    /// The same for programs.
    public func tree() throws -> Tree {
        [
            "findings": .list(try findings.map { try Tree(encoding: $0) }),
            "self_test_seconds": .number(seconds), "sound": .bool(isSound),
            "version": .string(WeightSpaceVersion.current),
        ]
    }
}
