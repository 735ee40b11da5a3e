import Foundation
import ModelZoo
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// How many cycles are asked for; none where nobody does.
private let cycles = Int(ProcessInfo.processInfo.environment["WEIGHTSPACE_SOAK"] ?? "") ?? 0

/// Generating and judging again and again in one process; `Scripts/soak --library` asks for it.
@Suite("Soak", .enabled(if: cycles > 0))
struct SoakTests {
    /// Resident memory of this process in bytes.
    private func resident() throws -> Int {
        let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(words.count > 1 ? Int(words[1]) : nil) * 4096
    }

    private func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test("Memory is flat, no file stays open, and every cycle gives the same bytes")
    func flat() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let drawn = small.scratch.file("drawn.h5")
        func cycle() throws -> Data {
            var operation = try GenerateOperation(
                run: small.scratch.file("run"), count: 20, seed: 7, out: drawn, catalog: Small.catalog)
            operation.replaces = true
            _ = try operation.execute(SilentProgress())
            _ = try EvaluateOperation(
                path: drawn.path, dataset: nil, zoo: small.scratch.file("zoo.h5").path, catalog: Small.catalog
            ).execute()
            return try Data(contentsOf: drawn)
        }
        let first = try cycle()
        // Pools and caches fill in the first cycles.
        for _ in 0..<max(20, cycles / 10) { #expect(try cycle() == first) }
        let (memory, files) = try (resident(), openFiles())
        for _ in 0..<cycles { #expect(try cycle() == first) }
        let later = try resident()
        print("soak: \(cycles) cycles, \(memory >> 20) MiB before, \(later >> 20) MiB after")
        #expect(Double(later) < 1.05 * Double(memory) + 4e6, "\(memory >> 20) MiB have become \(later >> 20)")
        #expect(try openFiles() <= files)
    }
}
