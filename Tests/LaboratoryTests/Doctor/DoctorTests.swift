import Foundation
import RankTestSupport
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Doctor", .serialized)
struct DoctorTests {
    @Test("Every self-test comes out right here, and quickly", arguments: SelfTest.all.map(\.name))
    func selfTests(_ name: String) throws {
        let test = try #require(SelfTest.all.first { $0.name == name })
        let began = StageClock.now()
        #expect(try test.problem() == nil)
        #expect(StageClock.now() - began < 10)
    }

    @Test("Threads are as many afterwards as before")
    func threads() throws {
        let count = Threads.count
        _ = try SelfTest.threads.problem()
        #expect(Threads.count == count)
    }

    @Test("It says what is in use, and that nothing is wrong")
    func sound() throws {
        let found = DoctorOperation.execute()
        #expect(found.isSound && found.text.contains("nothing is wrong"))
        for what in ["weightspace", "build", "HDF5", "OpenBLAS", "kernel set", "processor", "data sets"] {
            #expect(found.findings.contains { $0.what == what && !$0.found.isEmpty }, "\(what)")
        }
        #expect(found.findings.allSatisfy { ($0.state == .fine) == ($0.advice == nil) })
        let tree = try found.tree()
        #expect(tree["sound"] == .bool(true) && tree["version"]?.string == WeightSpaceVersion.current)
    }

    @Test("Over ranks it says how long handing out and sums take; alone, nothing of it")
    func ranks() throws {
        let world = try ThreadRanks.serve(3, RankTable.works) {
            DoctorOperation.execute(data: nil, tests: [], ranks: $0)
        }
        #expect(world.errors.isEmpty, "\(world.errors)")
        let found = try world.outcome.get().findings
        for what in ["ranks", "handing out an item", "a sum of 1 MiB", "a sum of 10 MiB"] {
            let finding = try #require(found.first { $0.what == what }, "\(what)")
            #expect(what == "ranks" || finding.found.contains(" ms "), "\(finding.found)")
            #expect(finding.state == .fine && !finding.found.contains("MPI_Allreduce"))
        }
        #expect(!DoctorOperation.execute(data: nil, tests: []).findings.contains { $0.what.contains("MiB") })
    }

    @Test("What fails, or throws, is wrong, with what to do; the others are still tried")
    func wrong() throws {
        let tests = [
            SelfTest(name: "two and two", advice: "count again") { "they are five" },
            SelfTest(name: "a file", advice: "make room") {
                throw DataError(.inputOutput, path: "/x", problem: "cannot be written")
            },
            SelfTest(name: "three", advice: "none") { nil },
        ]
        let found = DoctorOperation.execute(data: nil, tests: tests)
        #expect(!found.isSound && found.text.contains("2 things are wrong"))
        #expect(found.text.contains("wrong: two and two: count again") && found.text.contains("/x"))
        #expect(found.findings.last?.found == "right")
        #expect(try found.tree()["sound"] == .bool(false))
    }

    @Test("A folder of data that is not there is wrong, with advice")
    func data() {
        let found = DoctorOperation.execute(data: "/no/such/folder", tests: [])
        #expect(!found.isSound && found.text.contains("one thing is wrong") && found.text.contains("--data"))
    }

    @Test("The page about the library asks a package manager for this version")
    func version() throws {
        let root = fixturesFolder.deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "Documentation/LIBRARY.md"), encoding: .utf8)
        #expect(page.contains("from: \"\(WeightSpaceVersion.current)\""))
    }
}
