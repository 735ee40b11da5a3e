import Foundation
import Networks
import Testing

@testable import ModelZoo

/// The walker beside the test bundle, or the one the environment names.
private let walker: String? = {
    if let named = ProcessInfo.processInfo.environment[HDF5Probe.walkerVariable] { return named }
    let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("weightspace").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

@Suite("HDF5 walk in a child process")
struct HDF5ProbeTests {
    @Test("sound files are walked, missing ones are not")
    func sound() throws {
        #expect(try HDF5Probe.walk(zooFixture("full.h5")) == (walker != nil))
        #expect(try HDF5Probe.walk("/nowhere/z.h5") == false)
    }

    @Test("a child that dies, hangs, fails or says nothing is told apart")
    func reasons() throws {
        try withFolder { (folder: String) throws in
            func run(_ script: String) throws -> (output: String, reason: Subprocess.Reason) {
                let path = "\(folder)/\(UUID().uuidString)"
                try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
                return try Subprocess.run(path, environment: ["X": "1"], seconds: 1)
            }
            #expect(try run("echo $X").reason == .exited(0))
            #expect(try run("echo $X").output == "1\n")
            #expect(try run("exit 65").reason == .exited(65))
            #expect(try run("kill -SEGV $$").reason == .killed(SIGSEGV))
            #expect(try run("exec sleep 20").reason == .timedOut(1))
            #expect(dataError { _ = try Subprocess.run("\(folder)/none", environment: [:], seconds: 1) } != nil)
        }
    }

    /// Every change of one byte or of length must end in an answer or a `DataError`: in this process nothing dies,
    /// because the child was first. Positions are spread evenly over the file.
    @Test("200 damaged files end in an answer or an error", .enabled(if: walker != nil, "no weightspace was built"))
    func damaged() throws {
        let whole = try bytes(zooFixture("full.h5"))
        var (refused, read) = (0, 0)
        try withFolder { (folder: String) throws in
            for trial in 0..<200 {
                var data = whole
                let place = trial * 7919 % whole.count
                if trial % 4 == 0 {
                    data = data.prefix(place)
                } else {
                    data[place] = trial % 4 == 1 ? 0xff : data[place] ^ UInt8(1 << (trial % 8))
                }
                let path = "\(folder)/\(trial).h5"
                try data.write(to: URL(fileURLWithPath: path))
                do {
                    _ = try ZooReader(path: path).readAll()
                    read += 1
                } catch let error as DataError {
                    #expect([.malformed, .inputOutput].contains(error.kind), "\(error)")
                    refused += 1
                }
            }
        }
        #expect(refused > 50 && read > 10, "\(refused) refused, \(read) read")
    }
}
