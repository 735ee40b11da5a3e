import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

private let walker = WalkerProcess.path

@Suite("HDF5 walk in a child process")
struct HDF5ProbeTests {
    @Test("sound files are walked, missing ones are not")
    func sound() throws {
        #expect(try HDF5Probe.walk(zooFixture("full.h5")) == (walker != nil))
        #expect(try HDF5Probe.walk("/nowhere/z.h5") == false)
    }

    @Test("a child that dies, hangs, fails or says nothing is told apart")
    func reasons() throws {
        func run(_ script: String, seconds: Int = 60) throws -> (output: String, reason: Subprocess.Reason) {
            try Subprocess.run("/bin/sh", arguments: ["-c", script], environment: ["X": "1"], seconds: seconds)
        }
        #expect(try run("echo $X").reason == .exited(0))
        #expect(try run("echo $X").output == "1\n")
        #expect(try run("exit 65").reason == .exited(65))
        #expect(try run("kill -SEGV $$").reason == .killed(SIGSEGV))
        #expect(try run("exec sleep 20", seconds: 1).reason == .timedOut(1))
        #expect(dataError { _ = try Subprocess.run("/nowhere/none", environment: [:], seconds: 1) } != nil)
    }

    @Test("the child's end decides what is thrown")
    func verdicts() throws {
        func walk(_ script: String, seconds: Int = 60) throws -> DataError? {
            let end = try Subprocess.run("/bin/sh", arguments: ["-c", script], environment: [:], seconds: seconds)
            return dataError { try HDF5Probe.judge(end.output, end.reason, walker: "/bin/w", path: "/some/z.h5") }
        }
        let hello = "echo weightspace-walk 1"
        let sound = try walk("\(hello); echo walked")
        #expect(sound == nil, "\(String(describing: sound))")
        let crash = try #require(try walk("\(hello); kill -SEGV $$"))
        #expect(crash.kind == .malformed && crash.path == "/some/z.h5" && crash.found.contains("signal 11"))
        // A limit of time says nothing either; a child that gets on has more of it.
        for late in [try walk("\(hello); kill -ALRM $$"), try walk("\(hello); exec sleep 20", seconds: 1)] {
            #expect(late?.kind == .inputOutput && late?.found.hasPrefix("could not be checked") == true)
        }
        let busy = try Subprocess.run(
            "/bin/sh", arguments: ["-c", "\(hello); printf '\\006\\006\\006\\006'; sleep 2; echo walked"],
            environment: [:],
            seconds: 1, extending: 6)
        #expect(dataError { try HDF5Probe.judge(busy.output, busy.reason, walker: "/bin/w", path: "/z.h5") } == nil)
        #expect(try walk("\(hello); exec sleep 20", seconds: 1)?.found.contains("within 1 s") == true)
        #expect(try walk("\(hello); echo no good; exit 65")?.found == "is not a sound HDF5 file: no good")
        #expect(try walk("\(hello); echo locked; exit 74")?.kind == .inputOutput)
        // Signals from outside say nothing about the file.
        for name in ["INT", "TERM", "HUP"] {
            #expect(try walk("\(hello); kill -\(name) $$")?.kind == .busy)
            #expect(try walk("kill -\(name) $$")?.found == "interrupted")
        }
        let killed = try #require(try walk("\(hello); kill -KILL $$"))
        #expect(killed.kind == .inputOutput && killed.found.contains("was killed"))
        // Ends well but did not finish, or is no walker at all.
        #expect(try walk(hello)?.kind == .malformed)
        #expect(try walk("exit 0")?.kind == .inputOutput)
        #expect(try walk("echo something else")?.path == "/bin/w")
    }

    @Test("a walk visits nested groups, and refuses absurd nesting")
    func nesting() throws {
        try withFolder { (folder: String) throws in
            for (depth, isSound) in [(10, true), (70, false)] {
                let path = "\(folder)/\(depth).h5"
                let file = try HDF5File.create(path)
                var name = ""
                for level in 0..<depth {
                    name += "/g\(level)"
                    try file.createGroup(name)
                }
                try file.write([1, 2] as [Float], shape: [2], as: "\(name)/x")
                try file.close()
                let back = try HDF5File.open(path)
                var objects = 0
                let error = dataError { try HDF5Walk.walk(back, group: "/", depth: 0, objects: &objects) }
                #expect((error == nil) == isSound)
                if isSound { #expect(objects == depth + 1) }
            }
        }
    }

    @Test("many members and attributes are listed in one pass, in order")
    func many() throws {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/many.h5")
            for index in 0..<1200 { try file.createGroup("/g\(index)") }
            for index in 0..<40 { try file.write(integer: index, attribute: "a\(index)") }
            try file.close()
            let back = try HDF5File.open("\(folder)/many.h5")
            #expect(try back.children(of: "/") == (0..<1200).map { "g\($0)" }.sorted())
            #expect(try back.attributeNames(of: "/") == (0..<40).map { "a\($0)" }.sorted())
            #expect(try back.children(of: "/g7") == [])
        }
    }

    @Test("a walk takes foreign and damaged objects in its stride")
    func tolerant() throws {
        for name in ["bad-type.h5", "bad-virtual.h5", "bad-filter.h5", "bad-link.h5", "bad-empty.h5", "bad-text.h5"] {
            let file = try HDF5File.open(zooFixture(name))
            var objects = 0
            try HDF5Walk.walk(file, group: "/", depth: 0, objects: &objects)
            #expect(objects >= 1)
        }
    }

    @Test("time grows with the file; a changed file has another identity")
    func identity() throws {
        #expect(HDF5Probe.seconds(2 << 20) == 60 && HDF5Probe.seconds(3_000_000_000) == 120)
        try withFolder { (folder: String) throws in
            let path = "\(folder)/a"
            #expect(FileIdentity(path) == nil)
            try Data("one".utf8).write(to: URL(fileURLWithPath: path))
            let first = try #require(FileIdentity(path))
            #expect(first == FileIdentity(path) && first.size == 3)
            usleep(20_000)
            try Data("two".utf8).write(to: URL(fileURLWithPath: path))
            #expect(first != FileIdentity(path))
        }
    }

    /// The length of a variable-length attribute is believed by libhdf5, which allocates and clears it.
    @Test("an attribute of absurd length is refused", .enabled(if: walker != nil, "no weightspace was built"))
    func absurdLength() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            try ZooWriter.write(fullZoo(), to: path)
            var data = try bytes(path)
            let name = try #require(data.range(of: Data("format\0".utf8)))
            let length = Data([UInt8(ZooHeader.format.utf8.count), 0, 0, 0])
            let place = try #require(data.range(of: length, in: name.upperBound..<name.upperBound + 64))
            data.replaceSubrange(place, with: [0xff, 0xff, 0xff, 0xff])
            try data.write(to: URL(fileURLWithPath: path))
            let error = dataError { _ = try ZooReader(path: path) }
            #expect(error?.kind == .malformed && error?.found.contains("memory") == true)
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
