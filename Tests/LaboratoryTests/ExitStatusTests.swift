import Foundation
import Networks
import Testing

@testable import Basics
@testable import Laboratory

@Suite("Exit statuses")
struct ExitStatusTests {
    @Test("Statuses are the design's numbers")
    func numbers() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 3, 4, 64, 65, 66, 70, 74, 75])
    }

    @Test(
        "Failures have the status of their kind",
        arguments: [
            (DataError.Kind.malformed, Int32(65)), (.missing, 66), (.inputOutput, 74), (.configuration, 64),
            (.busy, 75),
        ])
    func kinds(_ kind: DataError.Kind, _ status: Int32) {
        #expect(ExitStatus(DataError(kind, path: "", expected: "", found: "")).rawValue == status)
    }

    @Test("Other errors have theirs, unknown ones are our own mistake")
    func errors() {
        struct Unknown: Error {}
        #expect(ExitStatus(ConfigError([])) == .usage && ExitStatus(ClosedPipe()) == .done)
        #expect(ExitStatus(POSIXError(.ENOSPC)) == .inputOutput && ExitStatus(Unknown()) == .internalError)
        #expect(ExitStatus(CancellationError()) == .tryAgain)
    }

    #if compiler(>=6.2)
        @Test("A signal sets the flag that long loops check; the process ends in good order")
        func interruption() async {
            await #expect(processExitsWith: .exitCode(75)) {
                Interruption.install()
                Interruption.install()
                try Interruption.check("nothing yet")
                kill(getpid(), SIGTERM)
                for _ in 0..<500 where !Interruption.isRequested { try await Task.sleep(for: .milliseconds(10)) }
                do {
                    try Interruption.check("training")
                } catch let error as DataError {
                    exit(error.path == "training" ? ExitStatus(error).rawValue : 1)
                }
            }
        }

        @Test("A second signal ends the process at once")
        func impatience() async {
            await #expect(processExitsWith: .exitCode(75)) {
                Interruption.install()
                kill(getpid(), SIGINT)
                for _ in 0..<500 where !Interruption.isRequested { try await Task.sleep(for: .milliseconds(10)) }
                kill(getpid(), SIGINT)
                try await Task.sleep(for: .seconds(5))
            }
        }

        @Test("A closed pipe is a quiet end, not a signal")
        func closedPipe() async {
            await #expect(processExitsWith: .exitCode(0)) {
                Interruption.install()
                var ends: [Int32] = [0, 0]
                guard pipe(&ends) == 0 else { exit(1) }
                close(ends[0])
                do {
                    try StandardOutput(descriptor: ends[1]).write("lost\n")
                } catch {
                    exit(error is ClosedPipe ? ExitStatus(error).rawValue : 2)
                }
                exit(3)
            }
        }
    #endif
}
