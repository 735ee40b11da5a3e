import Foundation
import Synchronization

/// A line every ten seconds, and one at the end of each work: for log files and pipes.
public final class PlainProgress: ProgressReporter {
    private struct State {
        var meters: [String: ProgressMeter] = [:]
        var lastWritten: [String: Double] = [:]
    }

    private let state = Mutex(State())
    private let showsDetails: Bool
    private let output: ProgressOutput
    private static let interval = 10.0

    /// Writes to standard error.
    public convenience init(showsDetails: Bool = false) {
        self.init(showsDetails: showsDetails, output: .standardError)
    }

    init(showsDetails: Bool, output: ProgressOutput) {
        self.showsDetails = showsDetails
        self.output = output
    }

    /// Writes a line where ten seconds have passed since the last one of this work, or it has ended.
    public func update(_ what: String, done: Int, total: Int) {
        state.withLock { state in
            let now = output.now()
            var meter = state.meters[what] ?? ProgressMeter(what, done: done, total: total, now: now)
            if meter.isAtEnd, done >= total, state.meters[what] != nil { return }
            if meter.isAtEnd, done < total { meter = ProgressMeter(what, done: done, total: total, now: now) }
            meter.update(done: done, total: total, now: now)
            state.meters[what] = meter
            let last = state.lastWritten[what] ?? now
            if state.lastWritten[what] == nil { state.lastWritten[what] = now }
            guard meter.isAtEnd || now - last >= Self.interval else { return }
            state.lastWritten[what] = now
            output.write("\(what): \(meter.summary)\n")
        }
    }

    /// Writes the line.
    public func note(_ text: String, isDetail: Bool) {
        guard showsDetails || !isDetail else { return }
        state.withLock { _ in output.write(text + "\n") }
    }
}
