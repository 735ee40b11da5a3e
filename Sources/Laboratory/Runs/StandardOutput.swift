import Basics
import Foundation

/// Writes results to standard output (or any file descriptor).
public struct StandardOutput: Sendable {
    private let descriptor: Int32

    /// Writes to a file descriptor, 1 by default.
    public init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// Writes the text; throws ``ClosedPipe`` when the reader has gone (with SIGPIPE ignored, see
    /// ``Interruption/install()``), `DataError` (inputOutput) otherwise.
    public func write(_ text: String) throws {
        try POSIXFile.write(Array(text.utf8), to: descriptor, path: "standard output")
    }
}
