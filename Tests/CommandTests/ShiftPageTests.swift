import Foundation
import Testing

/// What SHIFT.md tells people to type does what it says, as it stands.
@Suite("The page about new data")
struct ShiftPageTests {
    /// The page's blocks of commands, in order.
    private func commands() throws -> [String] {
        let text = try String(contentsOf: Command.checkout.appendingPathComponent("SHIFT.md"), encoding: .utf8)
        let parts = text.components(separatedBy: "```")
        return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("bash\n") }
            .map { String($0.dropFirst("bash\n".count)) }
    }

    @Test("Every command of the page runs, in order, and says harmful where the page says so")
    func run() throws {
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            at: scratch.file("Datasets"), withDestinationURL: Command.checkout.appendingPathComponent("Datasets"))
        let blocks = try commands()
        #expect(blocks.count >= 6)
        // Fewer samples behind the measurements than on the page, whose command takes a minute in a debug build.
        let script = blocks.joined(separator: "\n").replacing("shift fit ", with: "shift fit --cases 4 ")
            .replacing("--cases 40", with: "--cases 4")
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
        let (output, errors) = (try scratch.text("out").replacing("\n", with: " "), try scratch.text("err"))
        #expect(process.terminationStatus == 0, "\(errors)\n\(output)")
        for said in [
            "detector: a detector", "Harmful", "p = 0.001", "perceptrons trained here", "the rows are no longer",
        ] {
            #expect(output.contains(said), "\(said)\n\(output)")
        }
        #expect(try scratch.text("new.html").contains("against its null"))
    }
}
