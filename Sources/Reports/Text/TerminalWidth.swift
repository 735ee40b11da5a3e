import Foundation

/// How wide lines on standard output may be.
enum TerminalWidth {
    /// Where nothing is known of the terminal.
    static let usual = 80
    /// Narrower ones are not believed: no table fits them.
    private static let least = 40

    /// What `COLUMNS` says, else the terminal's own width, else the usual one.
    static var columns: Int {
        columns(variable: ProcessInfo.processInfo.environment["COLUMNS"], terminal: ofOutput)
    }

    /// Which of both counts.
    static func columns(variable: String?, terminal: Int?) -> Int {
        max(least, variable.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? terminal ?? usual)
    }

    private static var ofOutput: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
