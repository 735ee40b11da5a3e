import Foundation
import Synchronization
import Testing

@testable import Basics

@Suite("Interruptions")
struct InterruptionTests {
    @Test("A part of a part counts from its place in the whole, and none is silent")
    func parts() throws {
        let heard = Mutex<[[Int]]>([])
        let whole = WorkProgress { done, total in heard.withLock { $0.append([done, total ?? -1]) } }
        let part = whole.part(from: 100, of: 1000)
        let inner = part.part(from: 20, of: 50)
        for done in [0, 3] { try inner.report(done, of: 5) }
        try part.report(50, of: nil)
        try whole.report(7, of: nil)
        #expect(heard.withLock { $0 } == [[120, 1000], [123, 1000], [150, 1000], [7, -1]])
        try WorkProgress.none.part(from: 1, of: 2).report(.max - 1, of: nil)
    }

    @Test("A work whose total is not known shows nothing")
    func unknownTotal() throws {
        final class Shown: ProgressReporter {
            let updates = Mutex<[String]>([])
            func update(
                _ what: String, done: Int,
                total: Int
            ) { updates.withLock { $0.append("\(what) \(done)/\(total)") } }
            func note(_ text: String, isDetail: Bool) {}
        }
        let shown = Shown()
        let progress = shown.progress("sampling")
        try progress.report(1, of: nil)
        try progress.report(2, of: 4)
        try progress.part(from: 3, of: 4).report(1, of: nil)
        #expect(shown.updates.withLock { $0 } == ["sampling 2/4", "sampling 4/4"])
    }

    @Test("Requests are counted; the error names the work and says how it goes on; a reset forgets them")
    func requests() async {
        await #expect(processExitsWith: .success) {
            guard !Interruption.isRequested else { exit(1) }
            try Interruption.check("nothing")
            guard Interruption.request() == 1, Interruption.request() == 2, Interruption.isRequested else { exit(2) }
            do {
                try Interruption.check("the run")
                exit(3)
            } catch let error as DataError {
                let text = "the run: interrupted (the same command with --resume goes on)"
                guard error.kind == .busy, error.description == text else { exit(4) }
            }
            Interruption.reset()
            try Interruption.check("the run")
            exit(Interruption.isRequested ? 5 : 0)
        }
    }

    @Test("The first signal is a request, even where it was blocked; a closed pipe ends nothing")
    func signals() async {
        await #expect(processExitsWith: .success) {
            var blocked = sigset_t()
            sigemptyset(&blocked)
            sigaddset(&blocked, SIGTERM)
            pthread_sigmask(SIG_BLOCK, &blocked, nil)
            Interruption.install()
            raise(SIGPIPE)
            guard !Interruption.isRequested else { exit(1) }
            raise(SIGTERM)
            exit(Interruption.isRequested ? 0 : 2)
        }
    }

    @Test("A terminal that is closed asks as well, unless that is ignored; a file limit kills nobody")
    func hangUp() async {
        await #expect(processExitsWith: .success) {
            Interruption.install()
            raise(SIGXFSZ)
            guard !Interruption.isRequested else { exit(1) }
            raise(SIGHUP)
            exit(Interruption.isRequested ? 0 : 2)
        }
        await #expect(processExitsWith: .success) {
            signal(SIGHUP, SIG_IGN)
            Interruption.install()
            raise(SIGHUP)
            exit(Interruption.isRequested ? 1 : 0)
        }
    }

    @Test("The second signal ends the process at once, and so does the first where nothing would be half done")
    func atOnce() async {
        await #expect(processExitsWith: .exitCode(75)) {
            Interruption.install()
            raise(SIGINT)
            raise(SIGTERM)
            exit(0)
        }
        await #expect(processExitsWith: .exitCode(75)) {
            Interruption.install()
            Interruption.endAtOnce()
            raise(SIGINT)
            exit(0)
        }
        await #expect(processExitsWith: .exitCode(75)) {
            Interruption.request()
            Interruption.endAtOnce()
        }
    }
}
