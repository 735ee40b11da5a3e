import Foundation

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
