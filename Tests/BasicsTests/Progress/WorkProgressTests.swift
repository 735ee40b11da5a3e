import Foundation
import Synchronization
import Testing
@testable import Basics

@Suite("Progress of a work")
struct WorkProgressTests {
    @Test("Reports arrive in order, a part's from its place in the whole, and an error stops the work")
    func parts() throws {
        struct Stop: Error {}
        let heard = Mutex<[String]>([])
        let progress = WorkProgress { done, total in
            heard.withLock { $0.append("\(done)/\(total.map { "\($0)" } ?? "?")") }
            if done == 7 { throw Stop() }
        }
        try progress.report(1, of: 10)
        try progress.report(2, of: nil)
        let part = progress.part(from: 5, of: 10)
        try part.report(1, of: 2)
        #expect(throws: Stop.self) { try part.report(2, of: 2) }
        #expect(heard.withLock { $0 } == ["1/10", "2/?", "6/10", "7/10"])
        try WorkProgress.none.report(1, of: 1)
    }

    @Test("A reporter's progress stops the work when a person asks for that, with a hint how it goes on")
    func interrupted() async {
        await #expect(processExitsWith: .success) {
            let progress = SilentProgress().progress("training (main)", interrupted: "training", hint: "begin again")
            try progress.report(1, of: 2)
            Interruption.request()
            do {
                try progress.report(2, of: nil)
                exit(1)
            } catch let error as DataError {
                let isRight = error.kind == .busy && error.path == "training" && error.hint == "begin again"
                exit(isRight ? 0 : 2)
            }
        }
    }
}
