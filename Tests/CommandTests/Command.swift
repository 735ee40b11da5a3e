import Foundation
import Testing

/// The built command, which SwiftPM puts beside the test bundle.
enum Command {
    /// How one ended and what it said.
    struct Outcome: CustomStringConvertible {
        /// The exit status; 128 and the signal's number where a signal ended it, as a shell says.
        let status: Int32
        let output: String
        let errors: String
        var description: String { "status \(status)\n\(errors)\(output)" }
        /// The output as a JSON object, or nil.
        var json: [String: Any]? {
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]
        }
    }

    /// The folder of the package, where the data sets of the checkout are found.
    static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let executable: URL? = {
        let words = CommandLine.arguments
        let bundle = words.firstIndex(of: "--test-bundle-path").flatMap { words.dropFirst($0 + 1).first }
        let candidates = ["/proc/self/exe", bundle, words.first].compactMap { $0 }
        return candidates.map { path in
            URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent()
                .appendingPathComponent("weightspace")
        }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// The built command; fails the test where there is none.
    static func built() throws -> URL { try #require(executable, "no built weightspace beside the tests") }

    /// A command that has been started; its output goes to files, which never block it.
    struct Running {
        let process: Process
        let scratch: Scratch

        /// Waits for the end.
        func outcome() throws -> Outcome {
            process.waitUntilExit()
            let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
            return Outcome(
                status: signal + process.terminationStatus, output: try scratch.text("out"),
                errors: try scratch.text("err"))
        }

        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits until a file is there and holds something; false where the command ends or ten seconds pass first.
        ///
        /// It keeps its thread: a task that sleeps would wait for other tests, and the command come to its end.
        func waits(for file: URL) -> Bool {
            for _ in 0..<5000 where process.isRunning {
                let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
                if let size, size > 0 { return true }
                usleep(2000)
            }
            return false
        }

        /// Waits until the command handles a signal in its own way, as Linux tells; false where it ends or ten seconds
        /// pass first.
        func waits(toHandle signal: Int32) -> Bool {
            for _ in 0..<5000 where process.isRunning {
                let status =
                    (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
                let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
                let mask = caught.flatMap { UInt64($0.dropFirst("SigCgt:".count).drop { $0.isWhitespace }, radix: 16) }
                if let mask, mask >> UInt64(signal - 1) & 1 == 1 { return true }
                usleep(2000)
            }
            return false
        }
    }

    /// Starts the command in a folder (the checkout if none is given); `output` replaces its standard output.
    static func start(_ words: [String], in folder: URL = checkout, output: FileHandle? = nil) throws -> Running {
        let process = Process()
        process.executableURL = try built()
        process.arguments = words
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("WEIGHTSPACE_") }
        process.standardInput = FileHandle.nullDevice
        let scratch = try Scratch()
        try scratch.put("out", "")
        try scratch.put("err", "")
        process.standardOutput = try output ?? FileHandle(forWritingTo: scratch.file("out"))
        process.standardError = try FileHandle(forWritingTo: scratch.file("err"))
        try process.run()
        return Running(process: process, scratch: scratch)
    }

    /// Runs the command to its end.
    static func run(_ words: [String], in folder: URL = checkout) throws -> Outcome {
        try start(words, in: folder).outcome()
    }
}

/// A folder that is removed with the value.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }
    func path(_ name: String) -> String { file(name).path }
    func put(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: file(name)) }
    func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: file(name)) }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func names(_ name: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
    }
}
