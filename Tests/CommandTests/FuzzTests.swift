import Foundation
import Testing

/// The short form of Scripts/fuzz: a few damaged files of every format through the real command.
@Suite("Damaged files")
struct FuzzTests {
    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "60 damaged files of each format end in the same networks or one clear message",
        .enabled(if: python != nil, "no python3"))
    func short() throws {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [
            Command.checkout.appendingPathComponent("Scripts/fuzz").path, "--count", "60", "--seed", "1",
            "--weightspace", try Command.built().path, "--keep", scratch.path("kept"),
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && output.contains("0 failures"), "\(output)")
        // Both ends occur, or the damage does nothing.
        #expect(output.contains("same networks") && output.contains("refused, status 65"), "\(output)")
    }
}
