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

    /// Writes the line, unless it is a detail and details are not shown.
    public func note(_ text: String, isDetail: Bool) {
        guard showsDetails || !isDetail else { return }
        state.withLock { _ in output.write(text.printableLines + "\n") }
    }
}

/// One line with a bar, drawn over itself at most ten times a second; the last state of each work stays.
public final class TerminalProgress: ProgressReporter {
    private struct State {
        var meter: ProgressMeter?
        var lastDrawn = -Double.infinity
        var isLineOpen = false
    }

    private let state = Mutex(State())
    private let showsDetails: Bool
    private let output: ProgressOutput

    /// Draws on standard error.
    public convenience init(showsDetails: Bool = false) {
        self.init(showsDetails: showsDetails, output: .standardError)
    }

    init(showsDetails: Bool, output: ProgressOutput) {
        self.showsDetails = showsDetails
        self.output = output
    }

    /// Draws the bar where a tenth of a second has passed or the work has ended.
    public func update(_ what: String, done: Int, total: Int) {
        state.withLock { state in
            let now = output.now()
            if state.meter?.what == what, var meter = state.meter {
                if meter.isAtEnd, done >= total { return }
                meter.update(done: done, total: total, now: now)
                state.meter = meter
            } else {
                if state.isLineOpen { output.write("\n") }
                state.meter = ProgressMeter(what, done: done, total: total, now: now)
                state.lastDrawn = -.infinity
            }
            guard let meter = state.meter, meter.isAtEnd || now - state.lastDrawn >= 0.1 else { return }
            state.lastDrawn = now
            state.isLineOpen = !meter.isAtEnd
            output.write("\r\u{1B}[2K" + Self.line(meter, width: output.width()) + (meter.isAtEnd ? "\n" : ""))
        }
    }

    /// Shows the line above the bar.
    public func note(_ text: String, isDetail: Bool) {
        guard showsDetails || !isDetail else { return }
        state.withLock { state in
            output.write((state.isLineOpen ? "\r\u{1B}[2K" : "") + text.printableLines + "\n")
            if state.isLineOpen, let meter = state.meter { output.write(Self.line(meter, width: output.width())) }
        }
    }

    /// `train flow  [######------]  50 of 100, 10/s, 5 s left`, no longer than the terminal is wide.
    static func line(_ meter: ProgressMeter, width: Int) -> String {
        let bar = min(30, width - meter.what.count - meter.summary.count - 7)
        guard bar >= 5 else { return String("\(meter.what)  \(meter.summary)".prefix(max(1, width - 1))) }
        let filled = Int(meter.fraction * Double(bar))
        let picture = String(repeating: "#", count: filled) + String(repeating: "-", count: bar - filled)
        return "\(meter.what)  [\(picture)]  \(meter.summary)"
    }
}

/// Where progress goes and what time it is; tests put in their own.
struct ProgressOutput: Sendable {
    let write: @Sendable (String) -> Void
    /// Seconds on a clock that never goes back.
    let now: @Sendable () -> Double
    /// The columns of the terminal.
    let width: @Sendable () -> Int

    /// Standard error; what cannot be written there is lost on purpose.
    static let standardError = ProgressOutput(
        write: { text in try? POSIXFile.write(Array(text.utf8), to: STDERR_FILENO, path: "standard error") },
        now: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
        width: {
            var size = winsize()
            guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
            return Int(size.ws_col)
        })
}
