import Foundation
import Testing

/// What SHIFT.md tells people to type does what it says, as it stands.
@Suite("The page about new data")
struct ShiftPageTests {
    /// The blocks of a language on a page, in order.
    private func blocks(_ language: String, of page: String = "SHIFT.md") throws -> [String] {
        let file = Command.checkout.appendingPathComponent("Documentation/\(page)")
        let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
        return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("\(language)\n") }
            .map { String($0.dropFirst("\(language)\n".count)) }
    }

    /// A Python with scikit-learn and pandas, which WEIGHTSPACE_SKLEARN names; the package needs none.
    private static let sklearn = ProcessInfo.processInfo.environment["WEIGHTSPACE_SKLEARN"]

    /// Runs a script in a folder; what it printed, and its status.
    private func shell(_ script: String, in scratch: Scratch) throws -> (status: Int32, output: String, errors: String)
    {
        try scratch.put("page.sh", "set -euo pipefail\n" + script)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "bash page.sh > out 2> err"]
        process.currentDirectoryURL = scratch.url
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] =
            try Command.built().deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "/bin")
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try scratch.text("out").replacing("\n", with: " "), try scratch.text("err"))
    }

    @Test(
        "From an empty folder, with scikit-learn: the model's probabilities, a detector, harmful",
        .enabled(if: sklearn != nil))
    func walkWithPython() throws {
        let scratch = try Scratch()
        let (python, bash) = (try blocks("python", of: "SHIFT-SCIKIT.md"), try blocks("bash", of: "SHIFT-SCIKIT.md"))
        #expect(python.count == 1 && bash.count == 1)
        try scratch.put("walk.py", python[0])
        let ran = try shell(
            "'\(Self.sklearn ?? "")' walk.py\n" + bash[0].replacing("shift fit ", with: "shift fit --cases 4 "),
            in: scratch)
        #expect(ran.status == 0 && ran.output.contains("armful: these 50 rows are drawn differently"), "\(ran)")
        #expect(scratch.exists("tumours.csv") && scratch.exists("clinic.csv"))
    }

    @Test("Every command of the page runs, in order, and says harmful where the page says so")
    func run() throws {
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            at: scratch.file("Datasets"), withDestinationURL: Command.checkout.appendingPathComponent("Datasets"))
        let blocks = try blocks("bash")
        #expect(blocks.count >= 6)
        // Fewer samples behind the measurements than on the page, whose command takes a minute in a debug build.
        let script = blocks.joined(separator: "\n").replacing("shift fit ", with: "shift fit --cases 4 ")
            .replacing("--cases 40", with: "--cases 4")
        let (status, output, errors) = try shell(script, in: scratch)
        #expect(status == 0, "\(errors)\n\(output)")
        for said in [
            "detector: a detector", "Harmful", "p = 0.001", "perceptrons trained here", "the rows are no longer",
        ] {
            #expect(output.contains(said), "\(said)\n\(output)")
        }
        #expect(try scratch.text("new.html").contains("against its null"))
    }
}
